"""Who is on call in a span or at an instant: recorded as far as it has passed, else from the definition."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias
from uuid import UUID

from sqlmodel import and_, col, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.access import Actor, Scope
from domain.schedule.definition import HORIZON, Shift
from domain.schedule.settings import check_instant, check_question
from domain.schedule.shifts import holding, join, shifts
from domain.time_off import shifts_in_time_off
from models import Developer, DeveloperService, Duty, Schedule, ScheduleOverride
from models import Shift as ShiftRow
from resolvers.developer.duty import holds_at
from resolvers.developer.sight import developer_in_sight
from resolvers.developer.time_off import read_times_off
from resolvers.resources import Resources
from resolvers.schedule.definition import read_definitions
from resolvers.schedule.present import counts_for
from resolvers.schedule.sight import schedule_in_sight

# A schedule and an instant, none: now.
Moment: TypeAlias = tuple[UUID, datetime | None]


@dataclass(frozen=True, slots=True)
class Asked:
    """A schedule, and the span `[since, until)` that is asked for."""

    schedule_id: UUID
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Held:
    """A shift that holds at the instant that was asked for; without an end where none is in sight."""

    developer_id: UUID
    start: datetime
    end: datetime | None
    is_override: bool


def ask_span(schedule_id: UUID, since: datetime, until: datetime) -> Asked:
    """The question for that span.

    Raises: InvalidInput where it is empty or too long.
    """
    return Asked(schedule_id, *check_question(since, until))


async def shifts_by_asked(res: Resources, actor: Actor, asked: Sequence[Asked]) -> list[list[Shift]]:
    """The shifts in each span of a schedule in sight, cut at its ends, by start.

    Raises: InvalidInput (too many turns).
    """
    actor.require(Scope.READ)
    found: dict[Asked, list[Shift]] = {}
    async with res.db.reading() as session:
        schedules = await _schedules(session, actor, {one.schedule_id for one in asked})
        for since, until in {(one.since, one.until) for one in asked}:
            found |= await _read(session, schedules, since, until)
    return [found.get(one, []) for one in asked]


async def shifts_in_time_off_by_asked(res: Resources, actor: Actor, asked: Sequence[Asked]) -> list[list[Shift]]:
    """The parts of the shifts in each span of a schedule in sight in which whoever has them is off, by start.

    Raises: InvalidInput (too many turns).
    """
    found = await shifts_by_asked(res, actor, asked)
    people = {shift.developer_id for shifts in found for shift in shifts}
    since, until = min(one.since for one in asked), max(one.until for one in asked)
    async with res.db.reading() as session:
        off = await read_times_off(session, people, since, until)
    return [shifts_in_time_off(shifts, off) for shifts in found]


async def overrides_by_asked(res: Resources, actor: Actor, asked: Sequence[Asked]) -> list[list[ScheduleOverride]]:
    """The overrides that touch each span of a schedule in sight, by start."""
    actor.require(Scope.READ)
    since, until = min(one.since for one in asked), max(one.until for one in asked)
    query = (
        select(ScheduleOverride)
        .join(Schedule, col(Schedule.id) == col(ScheduleOverride.schedule_id))
        .where(
            col(Schedule.id).in_({one.schedule_id for one in asked}),
            col(ScheduleOverride.starts_at) < until,
            col(ScheduleOverride.ends_at) > since,
            schedule_in_sight(actor),
        )
        .order_by(col(ScheduleOverride.starts_at), col(ScheduleOverride.id))
    )
    found: defaultdict[UUID, list[ScheduleOverride]] = defaultdict(list)
    async with res.db.reading() as session:
        for row in (await session.exec(query)).all():
            found[row.schedule_id].append(row)
    return [
        [row for row in found[one.schedule_id] if row.starts_at < one.until and row.ends_at > one.since]
        for one in asked
    ]


async def list_on_call(res: Resources, actor: Actor, *, service: str | None, at: datetime | None) -> list[Held]:
    """Who is on call at that time, or now: by the schedules in sight that count for the service, and by hand.

    Those by hand are the developers in sight who know the service.

    Raises: PermissionDenied, InvalidInput.
    """
    actor.require(Scope.READ)
    at = res.clock.now() if at is None else check_instant(at, "at")
    query = select(Schedule).where(schedule_in_sight(actor))
    if service is not None:
        query = query.where(counts_for(service))
    async with res.db.reading() as session:
        by_schedule = await _holding(session, (await session.exec(query)).all(), at)
        held = [*(one for found in by_schedule.values() for one in found), *await _by_hand(session, actor, service, at)]
    return sorted(held, key=lambda one: (one.start, one.developer_id))


async def holding_by_moment(res: Resources, actor: Actor, moments: Sequence[Moment]) -> list[list[Held]]:
    """The shifts that hold in each schedule in sight at an instant, or now.

    Raises: InvalidInput (an instant that is far from our time).
    """
    actor.require(Scope.READ)
    now = res.clock.now()
    found: dict[Moment, list[Held]] = {}
    async with res.db.reading() as session:
        schedules = await _schedules(session, actor, {id for id, _ in moments})
        for at in {at for _, at in moments}:
            held = await _holding(session, schedules, now if at is None else check_instant(at, "at"))
            found |= {(id, at): shifts for id, shifts in held.items()}
    return [found.get(moment, []) for moment in moments]


async def _schedules(session: AsyncSession, actor: Actor, ids: Collection[UUID]) -> Sequence[Schedule]:
    query = select(Schedule).where(col(Schedule.id).in_(ids), schedule_in_sight(actor))
    return (await session.exec(query)).all()


async def _read(
    session: AsyncSession, schedules: Sequence[Schedule], since: datetime, until: datetime
) -> dict[Asked, list[Shift]]:
    """The shifts of each schedule in one span: what is recorded, and what follows from the definition, as one."""
    definitions = await read_definitions(session, schedules, since, until)
    recorded = await _recorded(session, schedules, since, until)
    found: dict[Asked, list[Shift]] = {}
    for schedule in schedules:
        from_now = max(schedule.recorded_until, since)
        later = shifts(definitions[schedule.id], from_now, until) if from_now < until else []
        found[Asked(schedule.id, since, until)] = join(recorded[schedule.id], later)
    return found


async def _recorded(
    session: AsyncSession, schedules: Sequence[Schedule], since: datetime, until: datetime
) -> defaultdict[UUID, list[Shift]]:
    """The recorded shifts of each schedule, cut at the ends of the span."""
    query = select(ShiftRow).where(
        col(ShiftRow.schedule_id).in_([schedule.id for schedule in schedules]),
        col(ShiftRow.starts_at) < until,
        col(ShiftRow.ends_at) > since,
    )
    found: defaultdict[UUID, list[Shift]] = defaultdict(list)
    for row in (await session.exec(query)).all():
        shift = Shift(row.developer_id, max(row.starts_at, since), min(row.ends_at, until), row.is_override)
        found[row.schedule_id].append(shift)
    return found


async def _holding(session: AsyncSession, schedules: Sequence[Schedule], at: datetime) -> dict[UUID, list[Held]]:
    """The shifts that hold in each schedule at that instant, whole: what is recorded and goes on is one with them."""
    if not schedules:
        return {}
    since = min(schedule.recorded_until for schedule in schedules)
    definitions = await read_definitions(session, schedules, since, max(at, since) + 2 * HORIZON)
    recorded = await _recorded_around(session, schedules, at)
    found: dict[UUID, list[Held]] = {}
    for schedule in schedules:
        known = max(at, schedule.recorded_until)
        whole = join(recorded[schedule.id], holding(definitions[schedule.id], known, schedule.recorded_until))
        found[schedule.id] = [_held(one, known + HORIZON) for one in whole if one.start <= at < one.end]
    return found


async def _recorded_around(
    session: AsyncSession, schedules: Sequence[Schedule], at: datetime
) -> defaultdict[UUID, list[Shift]]:
    """The recorded shifts of each schedule that hold at that instant, or may go on after what is recorded."""
    query = (
        select(ShiftRow)
        .join(Schedule, col(Schedule.id) == col(ShiftRow.schedule_id))
        .where(
            col(Schedule.id).in_([schedule.id for schedule in schedules]),
            or_(
                and_(col(ShiftRow.starts_at) <= at, col(ShiftRow.ends_at) > at),
                col(ShiftRow.ends_at) == col(Schedule.recorded_until),
            ),
        )
    )
    found: defaultdict[UUID, list[Shift]] = defaultdict(list)
    for row in (await session.exec(query)).all():
        found[row.schedule_id].append(Shift(row.developer_id, row.starts_at, row.ends_at, row.is_override))
    return found


def _held(shift: Shift, horizon: datetime) -> Held:
    return Held(shift.developer_id, shift.start, shift.end if shift.end < horizon else None, shift.is_override)


async def _by_hand(session: AsyncSession, actor: Actor, service: str | None, at: datetime) -> list[Held]:
    """The duties by hand that hold at that instant, of developers in sight who know the service."""
    query = (
        select(Duty)
        .join(Developer, col(Developer.id) == col(Duty.developer_id))
        .where(developer_in_sight(actor), holds_at(at))
    )
    if service is not None:
        knows = select(DeveloperService).where(
            col(DeveloperService.developer_id) == col(Developer.id), col(DeveloperService.service) == service
        )
        query = query.where(knows.exists())
    duties = (await session.exec(query)).all()
    return [Held(duty.developer_id, duty.starts_at, duty.ends_at, is_override=True) for duty in duties]
