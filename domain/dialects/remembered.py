"""What was read a moment ago, and need not be read again: programs break in few places, and say the same of themselves.

A part is known again by a digest of its value, types and all (1, 1.0 and True are one to a dictionary): the value,
which may hold secrets, is not kept. What is kept is the part as it was read, bounded and scrubbed.
"""

import marshal
from collections.abc import Callable
from hashlib import sha256
from typing import Any, Generic, TypeVar

import orjson

from domain.dialects.mending import Mending
from domain.scrub import SecretKeys

Part = TypeVar("Part")

_WITHOUT_REFERENCES = 2  # the format of marshal in which equal values are equal bytes
_STRICT = orjson.OPT_PASSTHROUGH_SUBCLASS | orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_PASSTHROUGH_DATACLASS


def digest_of(value: Any, largest: int) -> bytes | None:
    """Hand back what no other value of JSON has; none for one of more bytes than `largest`, and for what is no JSON."""
    try:
        written = orjson.dumps(value, None, _STRICT)
        if b"null" in written:  # so it writes what is no number, too
            written = marshal.dumps(value, _WITHOUT_REFERENCES)
    except (TypeError, ValueError):  # no JSON, or too deep
        return None
    return sha256(written).digest() if len(written) <= largest else None


class Remembered(Generic[Part]):
    """A reader of parts that remembers. What it hands back others may have too: who has it must not change it.

    At most `most` parts, each read of at most `largest` bytes, and only those in which nothing had to be noted. `read`
    must depend on nothing but the value and the secrets, and read no free JSON, which has a budget.
    """

    def __init__(self, read: Callable[[Mending, Any], Part], *, most: int = 2048, largest: int = 4096) -> None:
        self._read = read
        self._most = most
        self._largest = largest
        self._known: dict[tuple[SecretKeys, bytes], tuple[Part, int]] = {}

    def __len__(self) -> int:
        """How many are remembered."""
        return len(self._known)

    def forget(self) -> None:
        """Remember nothing."""
        self._known.clear()

    def __call__(self, mending: Mending, value: Any) -> Part:
        """As `read`."""
        digest = digest_of(value, self._largest)
        if digest is None:
            return self._read(mending, value)
        known = self._known.get((mending.secrets, digest))
        if known:
            mending.size += known[1]
            return known[0]
        size, mended = mending.size, mending.mended
        part = self._read(mending, value)
        if mending.mended == mended:
            if len(self._known) >= self._most:
                self._known.clear()
            self._known[mending.secrets, digest] = part, mending.size - size
        return part
