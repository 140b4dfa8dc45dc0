"""Reading calendars that are kept elsewhere, and leaving what they say in their schedules."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from sqlalchemy import insert
from sqlmodel import col, delete, select

from core.addresses import Allowed
from core.db import Transaction
from core.icalendar_events import CalendarUnreadable, read_events
from core.outbound import Outbound, OutboundFailed, OutboundRefused
from domain.access import system
from domain.errors import InvalidInput, NotFound
from domain.notification import one_line
from domain.schedule.definition import Imported
from domain.schedule.imported import AHEAD, MOST_BYTES, MOST_ENTRIES, Entry, Person, Reading, read_shifts
from models import Developer, ImportedCalendar, ImportedShift, Schedule
from resolvers.resources import Resources
from resolvers.schedule.sight import hold_schedule, may_take_part

_log = structlog.get_logger()
_FETCH_S = 10.0
_AT_ONCE = 10
_OK = 200
_LONGEST_FAILURE = 500
# What does not change is read again all the same: its shifts come nearer, and people come and go.
_READ_EVERY = timedelta(hours=1)


async def fetch_calendar(res: Resources, url: str) -> bytes:
    """What is at that address.

    Raises: InvalidInput, which says why there is no calendar to be had.
    """
    door = Outbound(Allowed.read(res.settings.outbound_allowed))
    headers = {"Accept": "text/calendar"}
    try:
        answer = await door.request("GET", url, timeout_s=_FETCH_S, headers=headers, most_bytes=MOST_BYTES)
    except (OutboundRefused, OutboundFailed) as failed:
        raise InvalidInput(f"The calendar at `url` was not read: {failed}", ("url",)) from failed
    if answer.status != _OK:
        raise InvalidInput(f"The calendar at `url` was not read: the answer was {answer.status}.", ("url",))
    if answer.is_cut:
        raise InvalidInput(f"The calendar at `url` has more than {MOST_BYTES:,} bytes.", ("url",))
    return answer.body


async def read_calendar_of(res: Resources, schedule: Schedule, content: bytes, path: str) -> Reading:
    """The shifts that a calendar has for the schedule, from now to as far as shifts are asked for.

    Raises: InvalidInput at `path`, which says why it cannot be read, and which bound it passes.
    """
    at = res.clock.now()
    try:
        events = await read_events(content, since=at, until=at + AHEAD, zone=schedule.timezone, most=MOST_ENTRIES)
    except CalendarUnreadable as error:
        why = one_line(str(error), _LONGEST_FAILURE)
        raise InvalidInput(f"The calendar of `{path}` {why}.", (path,)) from error
    entries = [Entry(one.start, one.end, one.title, one.attendees, one.organizers) for one in events]
    reading = read_shifts(entries, await _people(res, schedule.id))
    if len(reading.shifts) > MOST_ENTRIES:
        raise InvalidInput(f"The calendar of `{path}` has more than {MOST_ENTRIES:,} shifts.", (path,))
    return reading


async def leave_shifts(tx: Transaction, calendar: ImportedCalendar, reading: Reading, at: datetime) -> None:
    """Leave the calendar with these shifts; the caller holds its schedule, in which the past is recorded."""
    calendar.unmatched, calendar.shift_count, calendar.shifts_at = [*reading.unmatched], len(reading.shifts), at
    tx.session.add(calendar)
    await tx.session.flush()
    its = col(ImportedShift.calendar_id) == calendar.id
    rows = (await tx.session.exec(select(ImportedShift).where(its, col(ImportedShift.ends_at) > at))).all()
    known = {Imported(row.starts_at, row.ends_at, row.developer_id) for row in rows}
    if known == {shift for shift in reading.shifts if shift.end > at}:
        return
    await tx.session.exec(delete(ImportedShift).where(its))
    if reading.shifts:
        await tx.session.exec(insert(ImportedShift).values([_values(calendar.id, one) for one in reading.shifts]))


async def refresh_calendars(res: Resources) -> int:
    """Read some of the calendars for which it is time, and return how many.

    Each is claimed until its next time, so that no two workers read it at once. While one is away, or cannot be read,
    its last good copy stands, and what is wrong is noted.
    """
    claimed = await _claim(res)
    for calendar, schedule in claimed:
        await _refresh(res, calendar, schedule)
    return len(claimed)


async def _claim(res: Resources) -> Sequence[tuple[ImportedCalendar, Schedule]]:
    at = res.clock.now()
    query = (
        select(ImportedCalendar, Schedule)
        .join(Schedule, col(Schedule.id) == col(ImportedCalendar.schedule_id))
        .where(col(ImportedCalendar.next_read_at) <= at)
        .order_by(col(ImportedCalendar.next_read_at), col(ImportedCalendar.id))
        .limit(_AT_ONCE)
        .with_for_update(skip_locked=True, of=ImportedCalendar)
    )
    async with res.db.transaction() as tx:
        found = (await tx.session.exec(query)).all()
        for calendar, _ in found:
            calendar.next_read_at = next_reading(res, calendar.url, at)
            tx.session.add(calendar)
    return found


def next_reading(res: Resources, url: str | None, at: datetime) -> datetime:
    """When a calendar that was read now is read again."""
    return at + (timedelta(seconds=res.settings.calendar_refresh_s) if url else _READ_EVERY)


async def _refresh(res: Resources, calendar: ImportedCalendar, schedule: Schedule) -> None:
    content, failure, reading = calendar.content, None, None
    try:
        content = await fetch_calendar(res, calendar.url) if calendar.url else content
    except InvalidInput as error:
        failure = error.message
    if content != calendar.content or res.clock.now() - calendar.shifts_at >= _READ_EVERY:
        try:
            reading = await read_calendar_of(res, schedule, content, "url" if calendar.url else "text")
        except InvalidInput as error:
            failure, content = failure or error.message, calendar.content
    if failure is not None:
        _log.warning("calendar not read", calendar_id=str(calendar.id), reason=failure)
    try:
        await _record(res, calendar, content, reading, failure)
    except NotFound:
        return


async def _record(
    res: Resources, calendar: ImportedCalendar, content: bytes, reading: Reading | None, failure: str | None
) -> None:
    """Write down what came of it, unless the calendar was changed meanwhile.

    Raises: NotFound where the schedule has gone.
    """
    at = res.clock.now()
    query = select(ImportedCalendar).where(
        col(ImportedCalendar.id) == calendar.id,
        col(ImportedCalendar.url).is_not_distinct_from(calendar.url),
        col(ImportedCalendar.read_at) == calendar.read_at,
    )
    async with res.db.transaction() as tx:
        if reading is not None:
            await hold_schedule(res, tx, system(), calendar.schedule_id)
        row = (await tx.session.exec(query.with_for_update())).first()
        if row is None:
            return
        if failure is None:
            row.content, row.read_at, row.failure, row.failed_at = content, at, None, None
        else:
            row.failure, row.failed_at = failure, row.failed_at or at
        tx.session.add(row)
        if reading is not None:
            await leave_shifts(tx, row, reading, at)


async def _people(res: Resources, schedule_id: UUID) -> list[Person]:
    """Everybody whom the schedule's calendars may mean."""
    query = (
        select(Developer.id, Developer.name, Developer.email)
        .join(Schedule, may_take_part())
        .where(col(Schedule.id) == schedule_id)
    )
    async with res.db.reading() as session:
        return [Person(*row) for row in await session.rows(query)]


def _values(calendar_id: UUID, shift: Imported) -> dict[str, object]:
    return {
        "calendar_id": calendar_id,
        "starts_at": shift.start,
        "ends_at": shift.end,
        "developer_id": shift.developer_id,
    }
