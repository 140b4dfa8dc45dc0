"""Time off: when somebody is not to be given anything, and which of their shifts lie in it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TypedDict
from uuid import UUID

from domain.errors import InvalidInput
from domain.schedule.definition import Shift
from domain.schedule.settings import LONGEST_OVERRIDE, check_instant
from domain.schedule.shifts import in_order
from domain.span import Span

MOST_TIMES_OFF = 100


class TimeOffSettings(TypedDict, total=False):
    """What can be set of a time off; what is left out stays as it is."""

    starts_at: datetime
    ends_at: datetime


def check_time_off(starts_at: datetime, ends_at: datetime, at: datetime) -> tuple[datetime, datetime]:
    """The span in UTC, if it is one that can still matter.

    Raises: InvalidInput.
    """
    starts_at, ends_at = check_instant(starts_at, "start"), check_instant(ends_at, "end")
    if ends_at <= starts_at:
        raise InvalidInput("`end` must be after `start`.", ("end",))
    if ends_at <= at:
        raise InvalidInput("`end` must lie in the future.", ("end",))
    if ends_at - starts_at > LONGEST_OVERRIDE:
        raise InvalidInput(f"A time off lasts at most {LONGEST_OVERRIDE.days} days.", ("end",))
    return starts_at, ends_at


def shifts_in_time_off(found: Iterable[Shift], off: Mapping[UUID, Sequence[Span]]) -> list[Shift]:
    """The parts of the shifts in which whoever has them is off, in order; spans have both ends."""
    parts = [
        replace(shift, start=max(shift.start, span.since), end=min(shift.end, span.until))
        for shift in found
        for span in off.get(shift.developer_id, ())
        if span.since is not None and span.until is not None
    ]
    return in_order({part for part in parts if part.start < part.end})
