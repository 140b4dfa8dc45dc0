"""What was read a moment ago, and need not be read again: programs break in few places, and say the same of themselves.

A part is remembered by the bytes of its value, types and all (1, 1.0 and True are one to a dictionary), and only where
nothing had to be mended in it.
"""

import marshal
from collections.abc import Callable
from typing import Any, Generic, TypeVar

from domain.dialects.mending import Mending
from domain.scrub import SecretKeys

Part = TypeVar("Part")

_WITHOUT_REFERENCES = 2  # the format of marshal in which equal values are equal bytes


class Remembered(Generic[Part]):
    """A reader of parts that remembers. What it hands back others may have too: who has it must not change it.

    At most `most` parts, each read of at most `largest` bytes. `read` must depend on nothing but the value and the
    secrets, and read no free JSON, which has a budget.
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
        try:
            key = mending.secrets, marshal.dumps(value, _WITHOUT_REFERENCES)
        except ValueError:  # no JSON, or too deep
            return self._read(mending, value)
        known = self._known.get(key)
        if known:
            mending.size += known[1]
            return known[0]
        size, mended = mending.size, mending.mended
        part = self._read(mending, value)
        if mending.mended == mended and len(key[1]) <= self._largest:
            if len(self._known) >= self._most:
                self._known.clear()
            self._known[key] = part, mending.size - size
        return part
