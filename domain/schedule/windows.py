"""When is a rotation active? On some days of the week, between two times on the clock on the wall."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from domain.schedule.definition import Rotation
from domain.zone import instant_of, local_of

_DAY = timedelta(days=1)
# A window reaches into the next day, and a zone may have skipped a day.
_BEFORE = timedelta(days=3)


class Window(NamedTuple):
    """A span `[start, end)` in which the rotation is active."""

    start: datetime
    end: datetime


def is_active(rotation: Rotation, zone: ZoneInfo, at: datetime) -> bool:
    """Whether the rotation is active at that instant."""
    if rotation.is_always_active:
        return True
    today = local_of(at, zone).date()
    days = (today - timedelta(days=back) for back in range(_BEFORE.days + 1))
    found = (_window(rotation, zone, day) for day in days if _counts(rotation, day))
    return any(window.start <= at < window.end for window in found)


def windows(rotation: Rotation, zone: ZoneInfo, since: datetime, until: datetime) -> Iterator[Window]:
    """The windows that touch the span, in order and joined where they meet."""
    if rotation.is_always_active:
        yield Window(since, until)
        return
    day, last = local_of(since, zone).date() - _BEFORE, local_of(until, zone).date()
    held: Window | None = None
    while day <= last:
        window = _window(rotation, zone, day)
        if _counts(rotation, day) and since < window.end and window.start < min(window.end, until):
            if held and window.start > held.end:
                yield held
                held = None
            held = Window(held.start, max(held.end, window.end)) if held else window
        day += _DAY
    if held:
        yield held


def _counts(rotation: Rotation, day: date) -> bool:
    return not rotation.active_days or day.isoweekday() in rotation.active_days


def _window(rotation: Rotation, zone: ZoneInfo, day: date) -> Window:
    """The window that begins on that day; empty where clocks that go forward leave nothing of it."""
    begins, ends = rotation.active_from or time(), rotation.active_until or time()
    last = day if begins < ends else day + _DAY
    return Window(instant_of(datetime.combine(day, begins), zone), instant_of(datetime.combine(last, ends), zone))
