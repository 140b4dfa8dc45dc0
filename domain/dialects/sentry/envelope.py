"""What is in an envelope? Read while it arrives: only the items that are wanted are kept in memory.

The grammar is Sentry's (develop.sentry.dev/sdk/foundations/envelopes): a line of JSON for the envelope, then for each
item a line of JSON and its payload, as long as `length` says or else to the end of the line.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any

from domain.errors import InvalidInput

MOST_ITEMS = 1000
_LONGEST_HEADER = 64 * 1024


@dataclass(frozen=True, slots=True)
class Item:
    """One part of an envelope, its payload still bytes."""

    type: str
    payload: bytes


@dataclass(slots=True)
class Envelope:
    """What was wanted of an envelope, and the types of those items that were wanted and too large."""

    header: dict[str, Any] = field(default_factory=dict)
    items: list[Item] = field(default_factory=list)
    too_large: list[str] = field(default_factory=list)


class _At(Enum):
    HEADER = auto()
    ITEM = auto()
    PAYLOAD = auto()
    LINE = auto()  # a payload that ends with its line
    PAST = auto()  # behind a payload, before the end of its line


class EnvelopeReader:
    """An envelope read so far; `wanted` has the types of items to keep, and how many bytes each may have."""

    def __init__(self, wanted: Mapping[str, int]) -> None:
        self.envelope = Envelope()
        self._wanted = wanted
        self._at = _At.HEADER
        self._unread = bytearray()
        self._type = ""
        self._payload: bytearray | None = None
        self._remaining = 0
        self._seen = 0
        self._is_broken = False

    @property
    def has_header(self) -> bool:
        """Whether the header has been read."""
        return self._at is not _At.HEADER

    def feed(self, data: bytes) -> None:
        """Take in what came next; what is broken behind a wanted item is left, so that it takes none of those with it.

        Raises: InvalidInput where it is no envelope.
        """
        if self._is_broken:
            return
        self._unread += data
        with self._salvage():
            while self._unread and self._step():
                pass

    def finish(self) -> Envelope:
        """Hand back the envelope, now that nothing more comes.

        Raises: InvalidInput where it was cut off before a wanted item was whole, or is none.
        """
        if not self._is_broken:
            with self._salvage():
                self._end()
        return self.envelope

    def _end(self) -> None:
        if self._at in (_At.HEADER, _At.ITEM):
            self._take_line(bytes(self._unread))
        if self._at is _At.PAYLOAD and self._remaining:
            raise InvalidInput("The envelope ends in the middle of an item.", (self._type,))
        if self._at in (_At.LINE, _At.PAYLOAD):
            self._close()

    @contextmanager
    def _salvage(self) -> Iterator[None]:
        try:
            yield
        except InvalidInput:
            if not self.envelope.items:
                raise
            self._is_broken = True
            self._unread.clear()

    def _step(self) -> bool:
        """Read one thing on; False where more bytes are needed for that."""
        if self._at is _At.PAYLOAD:
            return self._read_payload()
        if self._at is _At.PAST:
            return self._read_past()
        end = self._unread.find(b"\n")
        if self._at is _At.LINE:
            return self._read_line(end)
        if end < 0:
            self._check_header(len(self._unread))
            return False
        self._check_header(end)
        line = bytes(self._unread[:end])
        del self._unread[: end + 1]
        self._take_line(line)
        return True

    def _check_header(self, length: int) -> None:
        if length > _LONGEST_HEADER:
            raise InvalidInput(f"A header of the envelope is longer than {_LONGEST_HEADER:,} bytes.", ("header",))

    def _take_line(self, line: bytes) -> None:
        if self._at is _At.HEADER:
            self.envelope.header = _object(line, "header")
            self._at = _At.ITEM
        elif line.strip():
            self._open(_object(line, "item header"))

    def _open(self, header: dict[str, Any]) -> None:
        self._seen += 1
        if self._seen > MOST_ITEMS:
            raise InvalidInput(f"An envelope has at most {MOST_ITEMS:,} items.", ("items",))
        self._type = str(header.get("type"))
        self._payload = bytearray() if self._type in self._wanted else None
        length = header.get("length")
        if type(length) is int and length >= 0:
            self._at, self._remaining = _At.PAYLOAD, length
        else:
            self._at = _At.LINE

    def _read_payload(self) -> bool:
        self._take(min(self._remaining, len(self._unread)))
        if not self._remaining:
            self._close()
            self._at = _At.PAST
        return True

    def _read_line(self, end: int) -> bool:
        self._remaining = len(self._unread) if end < 0 else end
        self._take(self._remaining)
        if end >= 0:
            del self._unread[:1]
            self._close()
        return end >= 0

    def _read_past(self) -> bool:
        if self._unread == b"\r":
            return False
        if self._unread.startswith(b"\r\n"):  # the grammar has none, but proxies and people do
            del self._unread[:1]
        if self._unread[:1] != b"\n":
            if self.envelope.items and self._type in self._wanted:
                self.envelope.items.pop()  # it is the one that was cut at the wrong place
            raise InvalidInput("An item is not as long as its header says.", (self._type,))
        del self._unread[:1]
        self._at = _At.ITEM
        return True

    def _take(self, count: int) -> None:
        self._remaining -= count
        if self._payload is not None:
            self._payload += self._unread[:count]
            if len(self._payload) > self._wanted[self._type]:
                self.envelope.too_large.append(self._type)
                self._payload = None
        del self._unread[:count]

    def _close(self) -> None:
        if self._payload is not None:
            self.envelope.items.append(Item(self._type, bytes(self._payload)))
        self._payload, self._at = None, _At.ITEM


def _object(line: bytes, part: str) -> dict[str, Any]:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        raise InvalidInput(f"The {part} of the envelope is no JSON object.", (part,))
    return value
