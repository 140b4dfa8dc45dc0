"""A schedule, or somebody's own shifts, as the calendar at a secret address."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import col, select

from core.db import ReadSession
from core.icalendar import Entry, write_calendar
from domain.errors import NotFound
from domain.schedule.calendar import SECRET_PREFIX, shown_shifts, shown_span
from domain.schedule.definition import Definition, Shift
from domain.schedule.shifts import all_shifts, join
from models import Developer, Schedule
from models import Shift as ShiftRow
from resolvers.resources import Resources
from resolvers.schedule.calendar_url import digest_of
from resolvers.schedule.definition import read_definitions
from resolvers.schedule.people import names_in
from resolvers.schedule.present import has_any

REFRESH = timedelta(minutes=15)
_LONGEST_SECRET = 100


@dataclass(frozen=True, slots=True)
class _Known:
    """All that a calendar is made of. `developer_id`: only their shifts."""

    name: str
    schedules: Sequence[Schedule]
    definitions: dict[UUID, Definition]
    recorded: dict[UUID, list[Shift]]
    names: dict[UUID, dict[UUID, str]]
    developer_id: UUID | None = None


async def read_calendar(res: Resources, secret: str) -> bytes:
    """The calendar whose address has that secret: from a month ago, as recorded, to as far as shifts are looked for.

    It is the same, byte by byte, for a day and as long as nothing is changed.

    Raises: NotFound.
    """
    since, until = shown_span(res.clock.now())
    async with res.db.reading() as session:
        known = await _read(session, secret, since, until)
    return await asyncio.to_thread(_write, known, since, until, res.settings.base_url)


async def _read(session: ReadSession, secret: str, since: datetime, until: datetime) -> _Known:
    if not secret.startswith(SECRET_PREFIX) or len(secret) > _LONGEST_SECRET:
        raise NotFound("There is no such calendar.")
    digest = digest_of(secret)
    schedule = (await session.exec(select(Schedule).where(Schedule.calendar_digest == digest))).first()
    if schedule is not None:
        return await _known(session, f"On call: {schedule.name}", [schedule], since=since, until=until)
    developer = (await session.exec(select(Developer).where(Developer.calendar_digest == digest))).first()
    if developer is None:
        raise NotFound("There is no such calendar.")
    schedules = (await session.exec(select(Schedule).where(has_any([developer.id])).order_by(Schedule.name))).all()
    return await _known(
        session, f"On call: {developer.name}", schedules, since=since, until=until, developer_id=developer.id
    )


async def _known(
    session: ReadSession,
    name: str,
    schedules: Sequence[Schedule],
    *,
    since: datetime,
    until: datetime,
    developer_id: UUID | None = None,
) -> _Known:
    begin = min((schedule.recorded_until for schedule in schedules), default=since)
    definitions = await read_definitions(session, schedules, begin, until)
    recorded = await _recorded(session, [schedule.id for schedule in schedules], since)
    people = {developer_id} if developer_id else _people(definitions.values(), recorded.values())
    names = await names_in(session, [schedule.id for schedule in schedules], people)
    return _Known(name, schedules, definitions, recorded, names, developer_id)


async def _recorded(session: ReadSession, ids: Sequence[UUID], since: datetime) -> dict[UUID, list[Shift]]:
    """The recorded shifts of each schedule that end after `since`, whole."""
    query = select(ShiftRow).where(col(ShiftRow.schedule_id).in_(ids), col(ShiftRow.ends_at) > since)
    found: dict[UUID, list[Shift]] = {id: [] for id in ids}
    for row in (await session.exec(query)).all():
        found[row.schedule_id].append(Shift(row.developer_id, row.starts_at, row.ends_at, row.is_override))
    return found


def _people(definitions: Iterable[Definition], recorded: Iterable[Sequence[Shift]]) -> set[UUID]:
    """Everybody who may have a shift."""
    to_come = {id for definition in definitions for id in definition.people}
    return to_come | {shift.developer_id for found in recorded for shift in found}


def _write(known: _Known, since: datetime, until: datetime, url: str) -> bytes:
    """The calendar; where there is much in it this takes long, so it is not done on the loop."""
    entries = [
        Entry(str(shown.uid), shown.start, shown.end, shown.title, shown.description)
        for schedule in known.schedules
        for shown in shown_shifts(
            schedule.id, schedule.name, _shifts(known, schedule, until), known.names[schedule.id], since=since
        )
    ]
    return write_calendar(known.name, entries, stamp=since, refresh=REFRESH, url=url)


def _shifts(known: _Known, schedule: Schedule, until: datetime) -> list[Shift]:
    later = all_shifts(known.definitions[schedule.id], schedule.recorded_until, until)
    whole = join(known.recorded[schedule.id], later)
    return [one for one in whole if known.developer_id in (None, one.developer_id)]
