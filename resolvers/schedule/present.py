"""Who is on call by a schedule at this instant: the one place that everybody asks."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Text, cast, func
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import col, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.schedule.definition import HORIZON
from domain.schedule.shifts import ends
from models import ImportedCalendar, ImportedShift, Rotation, RotationParticipant, Schedule, ScheduleOverride
from resolvers.asked import one_of
from resolvers.schedule.definition import read_definitions


@dataclass(frozen=True, slots=True)
class OnCall:
    """A developer who is on call by a schedule, until then without a break; none where no end is in sight.

    `services` are those that the schedule names; none: it is for all.
    """

    schedule_id: UUID
    developer_id: UUID
    until: datetime | None
    services: tuple[str, ...] = ()


async def on_call_now(
    session: AsyncSession,
    at: datetime,
    *,
    developer_ids: Collection[UUID] | None = None,
    schedule_ids: Collection[UUID] | None = None,
    services: Collection[str] | None = None,
) -> list[OnCall]:
    """Who is on call at that instant, by these schedules, and by those for any of the services. It is now."""
    query = select(Schedule).order_by(col(Schedule.name))
    if schedule_ids is not None:
        query = query.where(one_of(Schedule.id, schedule_ids))
    if services is not None:
        query = query.where(counts_for(*services))
    if developer_ids is not None:
        query = query.where(has_any(developer_ids))
    schedules = (await session.exec(query)).all()
    definitions = await read_definitions(session, schedules, at, at + HORIZON)
    return [
        OnCall(schedule.id, developer_id, until, tuple(schedule.services))
        for schedule in schedules
        for developer_id, until in ends(definitions[schedule.id], at).items()
        if developer_ids is None or developer_id in developer_ids
    ]


def counts_for(*services: str) -> ColumnElement[bool]:
    """The condition that a schedule is for one of the services: it names it, or none."""
    named = col(Schedule.services)
    return or_(func.cardinality(named) == 0, named.op("&&")(cast(list(services), ARRAY(Text))))


def has_any(developer_ids: Collection[UUID]) -> ColumnElement[bool]:
    """The condition that one of them has a place in the schedule."""
    takes_turns = (
        select(Rotation.id)
        .join(RotationParticipant, col(RotationParticipant.rotation_id) == col(Rotation.id))
        .where(col(Rotation.schedule_id) == col(Schedule.id), one_of(RotationParticipant.developer_id, developer_ids))
    )
    is_added = select(ScheduleOverride.id).where(
        col(ScheduleOverride.schedule_id) == col(Schedule.id), one_of(ScheduleOverride.add_id, developer_ids)
    )
    is_imported = (
        select(ImportedShift.developer_id)
        .join(ImportedCalendar, col(ImportedCalendar.id) == col(ImportedShift.calendar_id))
        .where(col(ImportedCalendar.schedule_id) == col(Schedule.id), one_of(ImportedShift.developer_id, developer_ids))
    )
    return or_(takes_turns.exists(), is_added.exists(), is_imported.exists())
