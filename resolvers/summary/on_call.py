"""Who is on call now, and who is next, in what somebody may see: as JSON that a mail is made of."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from domain.access import Actor
from domain.schedule.definition import Shift
from models import Developer, Duty, Schedule
from resolvers.developer.duty import holds_at
from resolvers.developer.loaders import developers_by_id
from resolvers.developer.sight import developer_in_sight
from resolvers.resources import Resources
from resolvers.schedule.listing import list_schedules
from resolvers.schedule.shifts import ask_span, shifts_by_asked

_AHEAD = timedelta(days=14)
_MOST = 10


async def read_on_call(res: Resources, actor: Actor) -> list[dict[str, Any]]:
    """For each schedule in sight who has it now and until when, and who next; and who is on call by hand."""
    now = res.clock.now()
    schedules = (await list_schedules(res, actor))[:_MOST]
    asked = [ask_span(schedule.id, now, now + _AHEAD) for schedule in schedules]
    shifts = await shifts_by_asked(res, actor, asked) if asked else []
    by_hand = await _by_hand(res, actor, now)
    names = await _names(res, actor, {shift.developer_id for found in shifts for shift in found})
    lines = [_line(schedule, found, names, now) for schedule, found in zip(schedules, shifts, strict=True)]
    if by_hand:
        lines.append({"schedule": None, "now": by_hand, "next": []})
    return lines


def _line(schedule: Schedule, shifts: list[Shift], names: dict[UUID, str], now: datetime) -> dict[str, Any]:
    later = [shift for shift in shifts if shift.start > now]
    first = min((shift.start for shift in later), default=None)
    return {
        "schedule": schedule.name,
        "now": [_who(shift, names, now) for shift in shifts if shift.start <= now],
        "next": [{"name": names[shift.developer_id], "at": shift.start} for shift in later if shift.start == first],
    }


def _who(shift: Shift, names: dict[UUID, str], now: datetime) -> dict[str, Any]:
    return {"name": names[shift.developer_id], "until": shift.end if shift.end < now + _AHEAD else None}


async def _by_hand(res: Resources, actor: Actor, now: datetime) -> list[dict[str, Any]]:
    query = (
        select(Developer.name, Duty.ends_at)
        .join(Developer, col(Developer.id) == col(Duty.developer_id))
        .where(holds_at(now), developer_in_sight(actor))
        .order_by(col(Developer.name), col(Duty.id))
        .limit(_MOST)
    )
    async with res.db.reading() as session:
        return [{"name": name, "until": until} for name, until in (await session.exec(query)).all()]


async def _names(res: Resources, actor: Actor, ids: set[UUID]) -> dict[UUID, str]:
    """The name of each; of who is out of sight, that somebody is there."""
    wanted = list(ids)
    found = await developers_by_id(res, actor, wanted)
    return {id: person.name if person else "somebody" for id, person in zip(wanted, found, strict=True)}
