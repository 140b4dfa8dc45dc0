"""Ids that sort by the time they were made (UUID version 7, RFC 9562).

They are made as asyncpg's kind of UUID, which is hashed, compared and sent several times as fast, and is one otherwise.
"""

import os
import threading
from datetime import UTC, date, datetime, timedelta
from struct import Struct
from uuid import UUID

from asyncpg.pgproto import pgproto

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_LARGEST_COUNT = 0xFFF  # 12 bits


class _Counter:
    """Keeps ids of one process in order within a millisecond (RFC 9562, 6.2, method 1)."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._millis = 0
        self._count = 0

    def take(self, millis: int) -> int:
        """Return a 12-bit count that grows within one millisecond and starts low in a new one."""
        with self._lock:
            if millis == self._millis and self._count < _LARGEST_COUNT:
                self._count += 1
            else:
                self._millis, self._count = millis, int.from_bytes(os.urandom(1), "big")
            return self._count


_WORD, _WORDS = Struct(">Q"), 64


class _Random:
    """Bytes of the system's generator, fetched some hundred at a time."""

    def __init__(self) -> None:
        self._words: list[int] = []

    def forget(self) -> None:
        """Hold none that somebody else holds too."""
        self._words.clear()

    def take(self) -> int:
        """62 random bits."""
        while True:
            try:
                return self._words.pop()
            except IndexError:
                self._words = [word >> 2 for (word,) in _WORD.iter_unpack(os.urandom(_WORDS * _WORD.size))]


_counter, _random = _Counter(), _Random()
# A child process makes ids of its own.
os.register_at_fork(after_in_child=_random.forget)


def uuid7(at: datetime) -> UUID:
    """A new id whose first 48 bits are the milliseconds of `at`; ids of one process and instant keep their order."""
    millis = (at - _EPOCH) // _MILLISECOND
    whole = millis << 80 | 0x7 << 76 | _counter.take(millis) << 64 | 0b10 << 62 | _random.take()
    return pgproto.UUID(whole.to_bytes(16, "big"))


def lowest_uuid7(day: date) -> UUID:
    """The bound of a day's partition: no id made on that UTC day or later is lower, none made before is higher."""
    return lowest_uuid7_at(datetime(day.year, day.month, day.day, tzinfo=UTC))


def lowest_uuid7_at(at: datetime) -> UUID:
    """The bound of an instant: no id made in that millisecond or later is lower, none made before is higher."""
    return UUID(int=((at - _EPOCH) // _MILLISECOND) << 80)


def made_at(id: UUID) -> datetime:
    """When an id of version 7 was made, to the millisecond."""
    return _EPOCH + (id.int >> 80) * _MILLISECOND
