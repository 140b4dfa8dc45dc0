"""Which schedules there are, and what is in them."""

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from sqlmodel import col, select

from domain.access import Actor, Scope
from models import Developer, Rotation, RotationParticipant, Schedule, ScheduleOverride
from resolvers.asked import one_of
from resolvers.developer.sight import developer_in_sight
from resolvers.resources import Resources
from resolvers.schedule.sight import schedule_in_sight


async def list_schedules(res: Resources, actor: Actor) -> list[Schedule]:
    """All schedules in the actor's sight, by name.

    Raises: PermissionDenied.
    """
    actor.require(Scope.READ)
    async with res.db.reading() as session:
        query = select(Schedule).where(schedule_in_sight(actor)).order_by(Schedule.name)
        return list((await session.exec(query)).all())


async def find_schedule(res: Resources, actor: Actor, *, schedule_id: UUID) -> Schedule | None:
    """The schedule of that id, or none in sight.

    Raises: PermissionDenied.
    """
    actor.require(Scope.READ)
    return (await schedules_by_id(res, actor, [schedule_id]))[0]


async def schedules_by_id(res: Resources, actor: Actor, ids: Sequence[UUID]) -> list[Schedule | None]:
    """The schedule of each id, none where out of sight."""
    actor.require(Scope.READ)
    async with res.db.reading() as session:
        query = select(Schedule).where(one_of(Schedule.id, ids), schedule_in_sight(actor))
        found = {schedule.id: schedule for schedule in (await session.exec(query)).all()}
    return [found.get(key) for key in ids]


async def rotations_by_id(res: Resources, actor: Actor, ids: Sequence[UUID]) -> list[Rotation | None]:
    """The rotation of each id, none where out of sight."""
    actor.require(Scope.READ)
    query = (
        select(Rotation)
        .join(Schedule, col(Schedule.id) == col(Rotation.schedule_id))
        .where(one_of(Rotation.id, ids), schedule_in_sight(actor))
    )
    async with res.db.reading() as session:
        found = {rotation.id: rotation for rotation in (await session.exec(query)).all()}
    return [found.get(key) for key in ids]


async def overrides_by_id(res: Resources, actor: Actor, ids: Sequence[UUID]) -> list[ScheduleOverride | None]:
    """The override of each id, none where out of sight."""
    actor.require(Scope.READ)
    query = (
        select(ScheduleOverride)
        .join(Schedule, col(Schedule.id) == col(ScheduleOverride.schedule_id))
        .where(one_of(ScheduleOverride.id, ids), schedule_in_sight(actor))
    )
    async with res.db.reading() as session:
        found = {override.id: override for override in (await session.exec(query)).all()}
    return [found.get(key) for key in ids]


async def rotations_by_schedule_id(res: Resources, actor: Actor, ids: Sequence[UUID]) -> list[list[Rotation]]:
    """The rotations of each schedule in sight, in the order in which they were made."""
    actor.require(Scope.READ)
    query = (
        select(Rotation)
        .join(Schedule, col(Schedule.id) == col(Rotation.schedule_id))
        .where(one_of(Schedule.id, ids), schedule_in_sight(actor))
        .order_by(col(Rotation.id))
    )
    found: defaultdict[UUID, list[Rotation]] = defaultdict(list)
    async with res.db.reading() as session:
        for rotation in (await session.exec(query)).all():
            found[rotation.schedule_id].append(rotation)
    return [found[key] for key in ids]


async def participants_by_rotation_id(res: Resources, actor: Actor, ids: Sequence[UUID]) -> list[list[Developer]]:
    """Who takes turns in each rotation, in their order, as far as they and its schedule are in sight."""
    actor.require(Scope.READ)
    query = (
        select(RotationParticipant.rotation_id, Developer)
        .join(Developer, col(Developer.id) == col(RotationParticipant.developer_id))
        .join(Rotation, col(Rotation.id) == col(RotationParticipant.rotation_id))
        .join(Schedule, col(Schedule.id) == col(Rotation.schedule_id))
        .where(one_of(Rotation.id, ids), schedule_in_sight(actor), developer_in_sight(actor))
        .order_by(col(RotationParticipant.rotation_id), col(RotationParticipant.position))
    )
    found: defaultdict[UUID, list[Developer]] = defaultdict(list)
    async with res.db.reading() as session:
        for rotation_id, developer in (await session.exec(query)).all():
            found[rotation_id].append(developer)
    return [found[key] for key in ids]
