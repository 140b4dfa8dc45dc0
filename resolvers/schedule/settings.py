"""Making schedules, changing what is set of them, and deleting them."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Unpack
from uuid import UUID

from sqlalchemy import func
from sqlmodel import select

from core.ids import uuid7
from domain.access import Actor, Scope
from domain.errors import Conflict
from domain.schedule.handoff import check_ahead
from domain.schedule.settings import MOST_SCHEDULES, ScheduleSettings, check_schedule
from models import Schedule
from resolvers.audit import record_audit, record_change
from resolvers.conflicts import flush_unique
from resolvers.resources import Resources
from resolvers.schedule.sight import hold_schedule, require_lead, require_team

_FIELDS = {"name", "timezone", "services", "team_id", "notify_handoff"}
_NAME_TAKEN = "Another schedule has this name."


async def create_schedule(
    res: Resources,
    actor: Actor,
    *,
    name: str,
    timezone: str = "UTC",
    services: Sequence[str] = (),
    team_id: UUID | None = None,
    notify_handoff: bool = True,
    notify_ahead: timedelta | None = None,
) -> Schedule:
    """Leave a new schedule, in which nobody is on call yet.

    Raises: PermissionDenied, NotFound (of `require`, not here), InvalidInput, Conflict (the name is taken, too many).
    """
    actor.require(Scope.TRIAGE)
    checked = check_schedule({"name": name, "timezone": timezone, "services": [*services], "team_id": team_id})
    ahead = check_ahead(notify_ahead)
    at = res.clock.now()
    async with res.db.transaction() as tx:
        await require_lead(tx, actor, team_id)
        await require_team(tx, actor, team_id)
        if (await tx.session.exec(select(func.count()).select_from(Schedule))).one() >= MOST_SCHEDULES:
            raise Conflict(f"There are at most {MOST_SCHEDULES} schedules: delete one first.")
        schedule = Schedule(
            id=uuid7(at),
            name=checked["name"],
            timezone=timezone,
            services=checked["services"],
            team_id=team_id,
            created_at=at,
            recorded_until=at,
            told_until=at,
            notify_handoff=notify_handoff,
            handoff_ahead_s=_seconds(ahead),
        )
        tx.session.add(schedule)
        await flush_unique(tx, schedule_name_key=_NAME_TAKEN)
        facts = _facts(schedule)
        record_audit(res, tx, actor, "createSchedule", target_kind="Schedule", target_id=schedule.id, after=facts)
    return schedule


async def update_schedule(
    res: Resources, actor: Actor, *, schedule_id: UUID, **settings: Unpack[ScheduleSettings]
) -> Schedule:
    """Leave the schedule as the settings say, from now on; what is left out stays.

    Raises: PermissionDenied, NotFound, InvalidInput, Conflict (the name is taken).
    """
    actor.require(Scope.TRIAGE)
    checked = check_schedule(settings)
    async with res.db.transaction() as tx:
        schedule = await hold_schedule(res, tx, actor, schedule_id)
        await require_lead(tx, actor, schedule.team_id)
        if "team_id" in checked:
            await require_lead(tx, actor, checked["team_id"])
            await require_team(tx, actor, checked["team_id"])
        before = _facts(schedule)
        if checked.get("notify_handoff") and not schedule.notify_handoff:
            schedule.told_until = schedule.recorded_until  # of what passed meanwhile nobody wants to hear
        if "notify_ahead" in checked:
            schedule.handoff_ahead_s = _seconds(check_ahead(checked["notify_ahead"]))
        for field in _FIELDS & checked.keys():
            setattr(schedule, field, checked[field])  # type: ignore[literal-required]
        tx.session.add(schedule)
        await flush_unique(tx, schedule_name_key=_NAME_TAKEN)
        after = _facts(schedule)
        record_change(
            res, tx, actor, "updateSchedule", target_kind="Schedule", target_id=schedule_id, before=before, after=after
        )
    return schedule


async def delete_schedule(res: Resources, actor: Actor, *, schedule_id: UUID) -> Schedule:
    """Leave no such schedule, none of its rotations and overrides, and no record of who was on call by it.

    Raises: PermissionDenied, NotFound.
    """
    actor.require(Scope.TRIAGE)
    async with res.db.transaction() as tx:
        schedule = await hold_schedule(res, tx, actor, schedule_id)
        await require_lead(tx, actor, schedule.team_id)
        facts = _facts(schedule)
        record_audit(res, tx, actor, "deleteSchedule", target_kind="Schedule", target_id=schedule_id, before=facts)
        await tx.session.flush()
        await tx.session.delete(schedule)
    return schedule


def _seconds(ahead: timedelta | None) -> int | None:
    return None if ahead is None else round(ahead.total_seconds())


def _facts(schedule: Schedule) -> dict[str, Any]:
    return {
        "name": schedule.name,
        "timezone": schedule.timezone,
        "services": schedule.services,
        "teamId": schedule.team_id and str(schedule.team_id),
        "notifyHandoff": schedule.notify_handoff,
        "notifyAheadSeconds": schedule.handoff_ahead_s,
    }
