"""Making rotations, changing what is set of them, and deleting them."""

from collections.abc import Sequence
from typing import Any, Unpack
from uuid import UUID

from sqlalchemy import func
from sqlmodel import col, delete, select

from core.db import Transaction
from core.ids import uuid7
from domain.access import Actor, Scope
from domain.errors import Conflict, NotFound
from domain.schedule.settings import MOST_ROTATIONS, RotationSettings, check_hours, check_rotation
from models import Rotation, RotationParticipant, Schedule
from resolvers.audit import record_audit, record_change
from resolvers.resources import Resources
from resolvers.schedule.definition import participants_of
from resolvers.schedule.sight import hold_schedule, require_lead, require_people, schedule_in_sight

_FIELDS = {"name", "kind", "length", "starts_at", "active_days", "active_from", "active_until"}


async def create_rotation(
    res: Resources, actor: Actor, *, schedule_id: UUID, **settings: Unpack[RotationSettings]
) -> Rotation:
    """Leave a new rotation in the schedule: name, kind, length, start and participants are given.

    Raises: PermissionDenied, NotFound (the schedule), InvalidInput, Conflict (too many).
    """
    actor.require(Scope.TRIAGE)
    checked = check_rotation(settings)
    check_hours(checked.get("active_from"), checked.get("active_until"))
    async with res.db.transaction() as tx:
        schedule = await hold_schedule(res, tx, actor, schedule_id)
        await require_lead(tx, actor, schedule.team_id)
        await require_people(tx, actor, checked["participant_ids"], "participantIds")
        others = select(func.count()).where(col(Rotation.schedule_id) == schedule_id)
        if (await tx.session.exec(others)).one() >= MOST_ROTATIONS:
            raise Conflict(f"A schedule has at most {MOST_ROTATIONS} rotations: delete one first.")
        rotation = Rotation(
            id=uuid7(res.clock.now()),
            schedule_id=schedule_id,
            name=checked["name"],
            kind=checked["kind"],
            length=checked.get("length", 1),
            starts_at=checked["starts_at"],
            active_days=checked.get("active_days", []),
            active_from=checked.get("active_from"),
            active_until=checked.get("active_until"),
        )
        tx.session.add(rotation)
        await tx.session.flush()
        _add_participants(tx, rotation.id, checked["participant_ids"])
        facts = _facts(rotation, checked["participant_ids"])
        record_audit(res, tx, actor, "createRotation", target_kind="Rotation", target_id=rotation.id, after=facts)
    return rotation


async def update_rotation(
    res: Resources, actor: Actor, *, rotation_id: UUID, **settings: Unpack[RotationSettings]
) -> Rotation:
    """Leave the rotation as the settings say, from now on; what is left out stays.

    Raises: PermissionDenied, NotFound, InvalidInput.
    """
    actor.require(Scope.TRIAGE)
    checked = check_rotation(settings)
    async with res.db.transaction() as tx:
        rotation, before_ids = await _hold(res, tx, actor, rotation_id)
        check_hours(
            checked.get("active_from", rotation.active_from), checked.get("active_until", rotation.active_until)
        )
        after_ids = checked.get("participant_ids", before_ids)
        await require_people(tx, actor, set(after_ids) - set(before_ids), "participantIds")
        before = _facts(rotation, before_ids)
        for field in _FIELDS & checked.keys():
            setattr(rotation, field, checked[field])  # type: ignore[literal-required]
        tx.session.add(rotation)
        if after_ids != before_ids:
            await tx.session.exec(
                delete(RotationParticipant).where(col(RotationParticipant.rotation_id) == rotation_id)
            )
            _add_participants(tx, rotation_id, after_ids)
        after = _facts(rotation, after_ids)
        record_change(
            res, tx, actor, "updateRotation", target_kind="Rotation", target_id=rotation_id, before=before, after=after
        )
    return rotation


async def delete_rotation(res: Resources, actor: Actor, *, rotation_id: UUID) -> Rotation:
    """Leave no such rotation; who was on call by it stays recorded.

    Raises: PermissionDenied, NotFound.
    """
    actor.require(Scope.TRIAGE)
    async with res.db.transaction() as tx:
        rotation, participants = await _hold(res, tx, actor, rotation_id)
        facts = _facts(rotation, participants)
        record_audit(res, tx, actor, "deleteRotation", target_kind="Rotation", target_id=rotation_id, before=facts)
        await tx.session.delete(rotation)
    return rotation


async def _hold(res: Resources, tx: Transaction, actor: Actor, rotation_id: UUID) -> tuple[Rotation, list[UUID]]:
    """The rotation and its participants, while its schedule is locked for somebody who may change it.

    Raises: PermissionDenied, NotFound.
    """
    where = select(Rotation.schedule_id).join(Schedule, col(Schedule.id) == col(Rotation.schedule_id))
    found = await tx.session.exec(where.where(col(Rotation.id) == rotation_id, schedule_in_sight(actor)))
    schedule_id = found.first()
    if schedule_id is None:
        raise NotFound("No such rotation.")
    schedule = await hold_schedule(res, tx, actor, schedule_id)
    await require_lead(tx, actor, schedule.team_id)
    rotation = (await tx.session.exec(select(Rotation).where(Rotation.id == rotation_id))).first()
    if rotation is None:
        raise NotFound("No such rotation.")
    return rotation, (await participants_of(tx.session, [rotation_id]))[rotation_id]


def _add_participants(tx: Transaction, rotation_id: UUID, ids: Sequence[UUID]) -> None:
    rows = [RotationParticipant(rotation_id=rotation_id, position=at, developer_id=id) for at, id in enumerate(ids)]
    tx.session.add_all(rows)


def _facts(rotation: Rotation, participants: Sequence[UUID]) -> dict[str, Any]:
    return {
        "scheduleId": str(rotation.schedule_id),
        "name": rotation.name,
        "kind": rotation.kind,
        "length": rotation.length,
        "startsAt": rotation.starts_at.isoformat(),
        "activeDays": rotation.active_days,
        "activeFrom": rotation.active_from,
        "activeUntil": rotation.active_until,
        "participantIds": [str(id) for id in participants],
    }
