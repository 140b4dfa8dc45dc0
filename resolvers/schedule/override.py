"""Making overrides, changing what is set of them, and deleting them."""

from datetime import datetime
from typing import Any, Unpack
from uuid import UUID

from sqlalchemy import func
from sqlmodel import col, select

from core.db import Transaction
from core.ids import uuid7
from domain.access import Actor, Scope
from domain.errors import Conflict, NotFound
from domain.schedule.settings import MOST_OVERRIDES, OverrideSettings, check_change, check_override
from models import Schedule, ScheduleOverride
from resolvers.audit import record_audit, record_change
from resolvers.resources import Resources
from resolvers.schedule.sight import hold_schedule, require_people, require_place, schedule_in_sight


async def create_override(
    res: Resources, actor: Actor, *, schedule_id: UUID, **settings: Unpack[OverrideSettings]
) -> ScheduleOverride:
    """Leave a new override in the schedule: its span is given, and whom it adds, removes, or both.

    It counts from now on, also where it begins before.

    Raises: PermissionDenied, NotFound (the schedule), InvalidInput, Conflict (too many).
    """
    actor.require(Scope.TRIAGE)
    checked = check_override(settings)
    async with res.db.transaction() as tx:
        schedule = await hold_schedule(res, tx, actor, schedule_id)
        override = ScheduleOverride(
            id=uuid7(res.clock.now()),
            schedule_id=schedule_id,
            starts_at=checked["starts_at"],
            ends_at=checked["ends_at"],
            add_id=checked.get("add_id"),
            remove_id=checked.get("remove_id"),
            note=checked.get("note"),
        )
        await _check(res, tx, actor, schedule, override)
        await require_people(tx, actor, [override.add_id], "addId")
        await require_people(tx, actor, [override.remove_id], "removeId")
        await _check_room(tx, schedule_id, res.clock.now())
        tx.session.add(override)
        facts = _facts(override)
        record_audit(res, tx, actor, "createOverride", target_kind="Override", target_id=override.id, after=facts)
    return override


async def update_override(
    res: Resources, actor: Actor, *, override_id: UUID, **settings: Unpack[OverrideSettings]
) -> ScheduleOverride:
    """Leave the override as the settings say, from now on; what is left out stays.

    Raises: PermissionDenied, NotFound, InvalidInput.
    """
    actor.require(Scope.TRIAGE)
    checked = check_override(settings)
    async with res.db.transaction() as tx:
        schedule, override = await _hold(res, tx, actor, override_id)
        before = _facts(override)
        with tx.session.no_autoflush:
            for field, value in checked.items():
                setattr(override, field, value)
            await _check(res, tx, actor, schedule, override)
            await require_people(tx, actor, [checked.get("add_id")], "addId")
            await require_people(tx, actor, [checked.get("remove_id")], "removeId")
        tx.session.add(override)
        after = _facts(override)
        record_change(
            res, tx, actor, "updateOverride", target_kind="Override", target_id=override_id, before=before, after=after
        )
    return override


async def delete_override(res: Resources, actor: Actor, *, override_id: UUID) -> ScheduleOverride:
    """Leave no such override; who was on call by it until now stays recorded.

    Raises: PermissionDenied, NotFound.
    """
    actor.require(Scope.TRIAGE)
    async with res.db.transaction() as tx:
        _, override = await _hold(res, tx, actor, override_id)
        facts = _facts(override)
        record_audit(res, tx, actor, "deleteOverride", target_kind="Override", target_id=override_id, before=facts)
        await tx.session.delete(override)
    return override


async def _hold(res: Resources, tx: Transaction, actor: Actor, override_id: UUID) -> tuple[Schedule, ScheduleOverride]:
    """The override and its schedule, which is locked, for somebody who may change the override.

    Raises: PermissionDenied, NotFound.
    """
    where = select(ScheduleOverride.schedule_id).join(Schedule, col(Schedule.id) == col(ScheduleOverride.schedule_id))
    found = await tx.session.exec(where.where(col(ScheduleOverride.id) == override_id, schedule_in_sight(actor)))
    schedule_id = found.first()
    if schedule_id is None:
        raise NotFound("No such override.")
    schedule = await hold_schedule(res, tx, actor, schedule_id)
    override = (await tx.session.exec(select(ScheduleOverride).where(ScheduleOverride.id == override_id))).first()
    if override is None:
        raise NotFound("No such override.")
    await require_place(tx, actor, schedule.team_id, (override.add_id, override.remove_id))
    return schedule, override


async def _check(res: Resources, tx: Transaction, actor: Actor, schedule: Schedule, override: ScheduleOverride) -> None:
    """Return if the actor may leave the override so, and it can still change something.

    Raises: PermissionDenied, InvalidInput.
    """
    await require_place(tx, actor, schedule.team_id, (override.add_id, override.remove_id))
    check_change(override.starts_at, override.ends_at, override.add_id, override.remove_id, res.clock.now())


async def _check_room(tx: Transaction, schedule_id: UUID, at: datetime) -> None:
    """Return if the schedule has room for one more override that is not over.

    Raises: Conflict.
    """
    others = select(func.count()).where(
        col(ScheduleOverride.schedule_id) == schedule_id, col(ScheduleOverride.ends_at) > at
    )
    if (await tx.session.exec(others)).one() >= MOST_OVERRIDES:
        raise Conflict(f"A schedule has at most {MOST_OVERRIDES} overrides that are not over: delete one first.")


def _facts(override: ScheduleOverride) -> dict[str, Any]:
    return {
        "scheduleId": str(override.schedule_id),
        "start": override.starts_at.isoformat(),
        "end": override.ends_at.isoformat(),
        "addId": override.add_id and str(override.add_id),
        "removeId": override.remove_id and str(override.remove_id),
        "note": override.note,
    }
