"""Who was on call is written down as it passes: what is changed of a schedule later changes nothing of it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TypeAlias
from uuid import UUID

from sqlmodel import col, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from core.ids import uuid7
from domain.schedule.definition import HORIZON, Shift
from domain.schedule.shifts import all_shifts, next_change
from models import Schedule
from models import Shift as ShiftRow
from resolvers.resources import Resources
from resolvers.schedule.definition import read_definitions

# Sooner would say no more: what is not recorded yet follows from the definition, and every change records first.
RECORD_EVERY = timedelta(minutes=1)
_MOST_AT_ONCE = 50
# A schedule, a developer, and whether by an override.
Going: TypeAlias = tuple[UUID, UUID, bool]


async def record_shifts(res: Resources) -> int:
    """Leave recorded who was on call until now, of schedules where that is due, and return how many those were.

    It is due where somebody has come or gone, where that is to be reckoned anew, and once a minute: those first that
    somebody waits to be told of. Several workers may do so at once: each takes those that no other has.
    """
    at = res.clock.now()
    # At the very instant of a hand-off there is nothing yet to be recorded of it.
    has_changed = or_(col(Schedule.next_change_at).is_(None), col(Schedule.next_change_at) < at)
    due = (
        select(Schedule)
        .where(col(Schedule.recorded_until) < at, or_(col(Schedule.recorded_until) <= at - RECORD_EVERY, has_changed))
        .order_by(has_changed.desc(), col(Schedule.recorded_until), col(Schedule.id))
        .limit(_MOST_AT_ONCE)
        .with_for_update(key_share=True, skip_locked=True)
    )
    async with res.db.transaction() as tx:
        found = (await tx.session.exec(due)).all()
        if found:
            await record_until(tx.session, found, at)
            await _look_ahead(tx.session, found, at)
    return len(found)


async def record_until(session: AsyncSession, schedules: Sequence[Schedule], at: datetime) -> None:
    """Leave recorded who was on call up to that instant, as the definitions stand; the caller holds the schedules.

    A shift that goes on stays one.
    """
    since = min(schedule.recorded_until for schedule in schedules)
    definitions = await read_definitions(session, schedules, since, at)
    open_rows = await shifts_going_on(session, [schedule.id for schedule in schedules])
    for schedule in schedules:
        if schedule.recorded_until < at:
            passed = all_shifts(definitions[schedule.id], schedule.recorded_until, at)
            session.add_all([_row(schedule, shift, open_rows) for shift in passed])
            schedule.recorded_until = at
            session.add(schedule)


async def _look_ahead(session: AsyncSession, schedules: Sequence[Schedule], at: datetime) -> None:
    """Leave it known when somebody comes or goes next, where that is past or was to be reckoned anew."""
    passed = [one for one in schedules if one.next_change_at is None or one.next_change_at < at]
    definitions = await read_definitions(session, passed, at, at + HORIZON)
    for schedule in passed:
        schedule.next_change_at = next_change(definitions[schedule.id], at)
        session.add(schedule)


async def shifts_going_on(session: AsyncSession, ids: Sequence[UUID]) -> dict[Going, ShiftRow]:
    """The recorded shifts that reach up to where the record of their schedule ends."""
    query = (
        select(ShiftRow)
        .join(Schedule, col(Schedule.id) == col(ShiftRow.schedule_id))
        .where(col(Schedule.id).in_(ids), col(ShiftRow.ends_at) == col(Schedule.recorded_until))
    )
    rows = (await session.exec(query)).all()
    return {(row.schedule_id, row.developer_id, row.is_override): row for row in rows}


def _row(schedule: Schedule, shift: Shift, open_rows: dict[Going, ShiftRow]) -> ShiftRow:
    """The row of a shift: that of the one which it continues, longer now, or a new one."""
    row = open_rows.get((schedule.id, shift.developer_id, shift.is_override))
    if row is not None and shift.start == schedule.recorded_until:
        row.ends_at = shift.end
        return row
    return ShiftRow(
        id=uuid7(shift.start),
        schedule_id=schedule.id,
        developer_id=shift.developer_id,
        starts_at=shift.start,
        ends_at=shift.end,
        is_override=shift.is_override,
    )
