"""Calendars from which a schedule takes shifts: set up, changed, deleted, and shown."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, Unpack
from uuid import UUID

from sqlalchemy import func
from sqlmodel import col, select

from core.db import Transaction
from core.ids import uuid7
from domain.access import Actor, Scope
from domain.errors import Conflict, InvalidInput, NotFound
from domain.schedule.imported import MOST_CALENDARS, CalendarSettings, Reading, check_calendar, shown_url
from models import ImportedCalendar, Schedule
from resolvers.asked import one_of
from resolvers.audit import record_audit
from resolvers.resources import Resources
from resolvers.schedule.importing import fetch_calendar, leave_shifts, next_reading, read_calendar_of
from resolvers.schedule.sight import hold_schedule, require_lead, schedule_in_sight


async def create_imported_calendar(
    res: Resources, actor: Actor, *, schedule_id: UUID, **settings: Unpack[CalendarSettings]
) -> ImportedCalendar:
    """Leave the schedule with the shifts of one more calendar: a name is given, and a URL or the calendar's text.

    Raises: PermissionDenied, NotFound (the schedule), InvalidInput (also where it cannot be read), Conflict (too many).
    """
    actor.require(Scope.TRIAGE)
    checked = check_calendar(settings)
    async with res.db.transaction() as tx:
        schedule = await _hold_with_room(res, tx, actor, schedule_id)
    content, reading = await _read(res, schedule, checked)
    async with res.db.transaction() as tx:
        await _hold_with_room(res, tx, actor, schedule_id)
        at = res.clock.now()
        calendar = ImportedCalendar(
            id=uuid7(at),
            schedule_id=schedule_id,
            name=checked["name"],
            url=checked.get("url"),
            content=content,
            read_at=at,
            shifts_at=at,
            next_read_at=next_reading(res, checked.get("url"), at),
            unmatched=[],
            shift_count=0,
            created_at=at,
        )
        await leave_shifts(tx, calendar, reading, at)
        _record(res, tx, actor, calendar, after=_facts(calendar))
    return calendar


async def update_imported_calendar(
    res: Resources, actor: Actor, *, calendar_id: UUID, **settings: Unpack[CalendarSettings]
) -> ImportedCalendar:
    """Leave the calendar as the settings say, and read once more, from now on; what is left out stays.

    Raises: PermissionDenied, NotFound, InvalidInput (also where it cannot be read: then all stays as it was).
    """
    actor.require(Scope.TRIAGE)
    checked = check_calendar(settings)
    async with res.db.transaction() as tx:
        schedule, known = await _hold(res, tx, actor, calendar_id)
        before = CalendarSettings(url=known.url, text=None if known.url else known.content.decode("utf-8-sig"))
    source = _source(checked) or before
    content, reading = await _read(res, schedule, source)
    async with res.db.transaction() as tx:
        _, calendar = await _hold(res, tx, actor, calendar_id)
        facts, at = _facts(calendar), res.clock.now()
        calendar.name, calendar.url = checked.get("name", calendar.name), source.get("url")
        calendar.content, calendar.read_at, calendar.failure, calendar.failed_at = content, at, None, None
        calendar.next_read_at = next_reading(res, calendar.url, at)
        await leave_shifts(tx, calendar, reading, at)
        _record(res, tx, actor, calendar, before=facts, after=_facts(calendar))
    return calendar


async def delete_imported_calendar(res: Resources, actor: Actor, *, calendar_id: UUID) -> ImportedCalendar:
    """Leave no such calendar, and none of its shifts to come; who was on call by it stays recorded.

    Raises: PermissionDenied, NotFound.
    """
    actor.require(Scope.TRIAGE)
    async with res.db.transaction() as tx:
        _, calendar = await _hold(res, tx, actor, calendar_id)
        _record(res, tx, actor, calendar, before=_facts(calendar))
        await tx.session.flush()
        await tx.session.delete(calendar)
    return calendar


async def imported_calendars_by_id(res: Resources, actor: Actor, ids: Sequence[UUID]) -> list[ImportedCalendar | None]:
    """The imported calendar of each id, none where out of sight."""
    actor.require(Scope.READ)
    query = (
        select(ImportedCalendar)
        .join(Schedule, col(Schedule.id) == col(ImportedCalendar.schedule_id))
        .where(one_of(ImportedCalendar.id, ids), schedule_in_sight(actor))
    )
    async with res.db.reading() as session:
        found = {calendar.id: calendar for calendar in (await session.exec(query)).all()}
    return [found.get(key) for key in ids]


async def imported_calendars_by_schedule_id(
    res: Resources, actor: Actor, ids: Sequence[UUID]
) -> list[list[ImportedCalendar]]:
    """The calendars from which each schedule in sight takes shifts, in the order in which they were set up."""
    actor.require(Scope.READ)
    query = (
        select(ImportedCalendar)
        .join(Schedule, col(Schedule.id) == col(ImportedCalendar.schedule_id))
        .where(one_of(Schedule.id, ids), schedule_in_sight(actor))
        .order_by(col(ImportedCalendar.id))
    )
    found: defaultdict[UUID, list[ImportedCalendar]] = defaultdict(list)
    async with res.db.reading() as session:
        for calendar in (await session.exec(query)).all():
            found[calendar.schedule_id].append(calendar)
    return [found[key] for key in ids]


async def _read(res: Resources, schedule: Schedule, source: CalendarSettings) -> tuple[bytes, Reading]:
    """What a calendar holds, and which shifts that are.

    Raises: InvalidInput.
    """
    url, text = source.get("url"), source.get("text")
    if url is None and text is None:
        raise InvalidInput("Give the calendar's `url`, or its `text`.", ("url",))
    content = await fetch_calendar(res, url) if url else (text or "").encode(errors="replace")
    return content, await read_calendar_of(res, schedule, content, "url" if url else "text")


async def _hold_with_room(res: Resources, tx: Transaction, actor: Actor, schedule_id: UUID) -> Schedule:
    """The schedule, locked, for somebody who may give it one more calendar.

    Raises: PermissionDenied, NotFound, Conflict.
    """
    schedule = await hold_schedule(res, tx, actor, schedule_id)
    await require_lead(tx, actor, schedule.team_id)
    others = select(func.count()).where(col(ImportedCalendar.schedule_id) == schedule_id)
    if (await tx.session.exec(others)).one() >= MOST_CALENDARS:
        raise Conflict(f"A schedule takes shifts from at most {MOST_CALENDARS} calendars: delete one first.")
    return schedule


async def _hold(res: Resources, tx: Transaction, actor: Actor, calendar_id: UUID) -> tuple[Schedule, ImportedCalendar]:
    """The calendar and its schedule, both locked, for somebody who may change them.

    Raises: PermissionDenied, NotFound.
    """
    where = select(ImportedCalendar.schedule_id).join(Schedule, col(Schedule.id) == col(ImportedCalendar.schedule_id))
    found = await tx.session.exec(where.where(col(ImportedCalendar.id) == calendar_id, schedule_in_sight(actor)))
    schedule_id = found.first()
    if schedule_id is None:
        raise NotFound("No such imported calendar.")
    schedule = await hold_schedule(res, tx, actor, schedule_id)
    await require_lead(tx, actor, schedule.team_id)
    query = select(ImportedCalendar).where(ImportedCalendar.id == calendar_id).with_for_update()
    calendar = (await tx.session.exec(query)).first()
    if calendar is None:
        raise NotFound("No such imported calendar.")
    return schedule, calendar


def _source(settings: CalendarSettings) -> CalendarSettings | None:
    """Where a calendar is to come from, if the settings say so."""
    source = CalendarSettings(url=settings.get("url"), text=settings.get("text"))
    return source if any(source.values()) else None


def _record(
    res: Resources,
    tx: Transaction,
    actor: Actor,
    calendar: ImportedCalendar,
    *,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    action = "update" if before and after else "create" if after else "delete"
    record_audit(
        res,
        tx,
        actor,
        f"{action}ImportedCalendar",
        target_kind="ImportedCalendar",
        target_id=calendar.id,
        before=before,
        after=after,
    )


def _facts(calendar: ImportedCalendar) -> dict[str, Any]:
    """What the audit keeps of it: the address may be a secret, and the text is long."""
    return {"scheduleId": str(calendar.schedule_id), "name": calendar.name, "url": shown_url(calendar.url)}
