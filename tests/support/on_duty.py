"""Who was on call by the record, and who is by the answer, in hours from the beginning: `ann 0-24`, `bob 2-3*`."""

from datetime import timedelta

from domain.access import system
from models import Developer, Schedule, Shift
from resolvers.resources import Resources
from resolvers.schedule.shifts import ask_span, shifts_by_asked
from tests.support.clock import START
from tests.support.rows import all_rows

HOUR = timedelta(hours=1)


async def recorded(res: Resources) -> list[str]:
    names = {person.id: person.name for person in await all_rows(res, Developer)}
    return [
        _told(names, row.developer_id, row.starts_at, row.ends_at, row.is_override)
        for row in await all_rows(res, Shift)
    ]


async def told(res: Resources, schedule: Schedule, since: int, until: int) -> list[str]:
    """The shifts of so many hours, as they are answered."""
    names = {person.id: person.name for person in await all_rows(res, Developer)}
    asked = ask_span(schedule.id, START + since * HOUR, START + until * HOUR)
    (found,) = await shifts_by_asked(res, system(), [asked])
    return [_told(names, one.developer_id, one.start, one.end, one.is_override) for one in found]


def _told(names, developer_id, start, end, is_override) -> str:
    return f"{names[developer_id]} {(start - START) / HOUR:g}-{(end - START) / HOUR:g}{'*' if is_override else ''}"
