"""A schedule as a calendar that others subscribe to: which span it shows, and what a shift is called in it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import islice
from uuid import UUID, uuid5

from domain.schedule.definition import HORIZON, Shift

SECRET_PREFIX = "tcc_"  # noqa: S105 - the beginning of each, no secret
SHOWN_PAST = timedelta(days=30)
MOST_SHOWN = 2_000


@dataclass(frozen=True, slots=True)
class ShownShift:
    """A shift as a calendar shows it. `uid` stays the same for as long as it begins when it does."""

    uid: UUID
    start: datetime
    end: datetime
    title: str
    description: str


def shown_span(at: datetime) -> tuple[datetime, datetime]:
    """The span that calendars show on that day: whole UTC days, so that by themselves they change once a day."""
    today = datetime.combine(at.date(), time(), at.tzinfo)
    return today - SHOWN_PAST, today + HORIZON


def shown_shifts(
    schedule_id: UUID, schedule: str, found: Iterable[Shift], names: dict[UUID, str], *, since: datetime
) -> Iterator[ShownShift]:
    """The first of the shifts that end after `since`, as a calendar shows them; who has no name here is somebody."""
    later = (shift for shift in found if shift.end > since)
    for shift in islice(later, MOST_SHOWN):
        name = names.get(shift.developer_id, "Somebody")
        by = "an override" if shift.is_override else "a rotation"
        uid = uuid5(schedule_id, f"{shift.developer_id} {shift.start.isoformat()}")
        yield ShownShift(uid, shift.start, shift.end, f"{name} on call: {schedule}", f"By {by} of {schedule}.")
