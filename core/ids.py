"""Ids that sort by the time they were made (UUID version 7, RFC 9562)."""

import os
import threading
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

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


_counter = _Counter()


def uuid7(at: datetime) -> UUID:
    """A new id whose first 48 bits are the milliseconds of `at`; ids of one process and instant keep their order."""
    millis = (at - _EPOCH) // _MILLISECOND
    random = int.from_bytes(os.urandom(8), "big") & ((1 << 62) - 1)
    return UUID(int=millis << 80 | 0x7 << 76 | _counter.take(millis) << 64 | 0b10 << 62 | random)


def lowest_uuid7(day: date) -> UUID:
    """The bound of a day's partition: no id made on that UTC day or later is lower, none made before is higher."""
    start = datetime(day.year, day.month, day.day, tzinfo=UTC)
    return UUID(int=((start - _EPOCH) // _MILLISECOND) << 80)


def made_at(id: UUID) -> datetime:
    """When an id of version 7 was made, to the millisecond."""
    return _EPOCH + (id.int >> 80) * _MILLISECOND
