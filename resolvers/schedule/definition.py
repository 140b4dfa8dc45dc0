"""What the rows of schedules say, as the rules read it."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.schedule.definition import Definition, Imported, Override, Rotation
from models import ImportedCalendar, ImportedShift, RotationParticipant, Schedule, ScheduleOverride
from models import Rotation as RotationRow
from resolvers.asked import one_of


async def read_definitions(
    session: AsyncSession, schedules: Sequence[Schedule], since: datetime, until: datetime
) -> dict[UUID, Definition]:
    """The definition of each schedule, with what of overrides and calendars touches the span, by the schedule's id."""
    ids = [schedule.id for schedule in schedules]
    if not ids:
        return {}
    rotations = await _rotations(session, ids)
    overrides = await _overrides(session, ids, since, until)
    imported = await _imported(session, ids, since, until)
    return {
        schedule.id: Definition(
            ZoneInfo(schedule.timezone),
            tuple(rotations[schedule.id]),
            tuple(overrides[schedule.id]),
            tuple(imported[schedule.id]),
        )
        for schedule in schedules
    }


async def participants_of(session: AsyncSession, rotation_ids: Sequence[UUID]) -> dict[UUID, list[UUID]]:
    """Who takes turns in each rotation, in their order."""
    query = (
        select(RotationParticipant.rotation_id, RotationParticipant.developer_id)
        .where(one_of(RotationParticipant.rotation_id, rotation_ids))
        .order_by(col(RotationParticipant.rotation_id), col(RotationParticipant.position))
    )
    found: dict[UUID, list[UUID]] = {id: [] for id in rotation_ids}
    for rotation_id, developer_id in (await session.exec(query)).all():
        found[rotation_id].append(developer_id)
    return found


async def _rotations(session: AsyncSession, ids: Sequence[UUID]) -> defaultdict[UUID, list[Rotation]]:
    query = select(RotationRow).where(one_of(RotationRow.schedule_id, ids)).order_by(col(RotationRow.id))
    rows = (await session.exec(query)).all()
    participants = await participants_of(session, [row.id for row in rows])
    found: defaultdict[UUID, list[Rotation]] = defaultdict(list)
    for row in rows:
        found[row.schedule_id].append(_rotation(row, participants[row.id]))
    return found


async def _overrides(
    session: AsyncSession, ids: Sequence[UUID], since: datetime, until: datetime
) -> defaultdict[UUID, list[Override]]:
    """In the order in which they were made: that is how they apply."""
    query = (
        select(ScheduleOverride)
        .where(
            one_of(ScheduleOverride.schedule_id, ids),
            col(ScheduleOverride.starts_at) < until,
            col(ScheduleOverride.ends_at) > since,
        )
        .order_by(col(ScheduleOverride.id))
    )
    found: defaultdict[UUID, list[Override]] = defaultdict(list)
    for row in (await session.exec(query)).all():
        found[row.schedule_id].append(Override(row.starts_at, row.ends_at, row.add_id, row.remove_id))
    return found


async def _imported(
    session: AsyncSession, ids: Sequence[UUID], since: datetime, until: datetime
) -> defaultdict[UUID, list[Imported]]:
    query = (
        select(ImportedCalendar.schedule_id, ImportedShift)
        .join(ImportedShift, col(ImportedShift.calendar_id) == col(ImportedCalendar.id))
        .where(
            one_of(ImportedCalendar.schedule_id, ids),
            col(ImportedShift.starts_at) < until,
            col(ImportedShift.ends_at) > since,
        )
    )
    found: defaultdict[UUID, list[Imported]] = defaultdict(list)
    for schedule_id, row in (await session.exec(query)).all():
        found[schedule_id].append(Imported(row.starts_at, row.ends_at, row.developer_id))
    return found


def _rotation(row: RotationRow, participants: Sequence[UUID]) -> Rotation:
    return Rotation(
        kind=row.kind,
        length=row.length,
        starts_at=row.starts_at,
        participants=tuple(participants),
        active_days=frozenset(row.active_days),
        active_from=_clock_time(row.active_from),
        active_until=_clock_time(row.active_until),
    )


def _clock_time(text: str | None) -> time | None:
    return None if text is None else time.fromisoformat(text)
