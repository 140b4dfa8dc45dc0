"""The secret addresses at which calendar programs read a schedule, or somebody's own shifts: made, and taken away."""

from dataclasses import dataclass, field
from hashlib import sha256
from secrets import token_urlsafe
from typing import TypeAlias
from uuid import UUID

from sqlmodel import col, select

from core.db import Transaction
from domain.access import Actor, Scope
from domain.errors import InvalidInput
from domain.schedule.calendar import SECRET_PREFIX
from models import Developer, Schedule
from resolvers.audit import record_audit
from resolvers.resources import Resources
from resolvers.schedule.sight import hold_schedule, require_lead

_RANDOM_BYTES = 32
Shown: TypeAlias = Schedule | Developer


@dataclass(frozen=True, slots=True)
class CalendarUrl:
    """What a calendar shows, and its address, which is kept nowhere; none where it has none any more."""

    schedule: Schedule | None
    url: str | None = field(repr=False)


def digest_of(secret: str) -> bytes:
    """What is stored of the secret in a calendar's address."""
    return sha256(secret.encode()).digest()


async def create_calendar_url(res: Resources, actor: Actor, *, schedule_id: UUID | None) -> CalendarUrl:
    """Leave the schedule, or without one the actor's own shifts, at a new secret address; an old one is of no use.

    Raises: PermissionDenied, NotFound (the schedule), InvalidInput (the actor acts for nobody).
    """
    actor.require(Scope.TRIAGE)
    secret = SECRET_PREFIX + token_urlsafe(_RANDOM_BYTES)
    async with res.db.transaction() as tx:
        shown = await _hold(res, tx, actor, schedule_id)
        _set(res, tx, actor, shown, digest_of(secret))
    return CalendarUrl(_schedule(shown), f"{res.settings.base_url}/calendar/{secret}.ics")


async def delete_calendar_url(res: Resources, actor: Actor, *, schedule_id: UUID | None) -> CalendarUrl:
    """Leave the schedule, or without one the actor's own shifts, at no address; doing it again changes nothing.

    Raises: PermissionDenied, NotFound (the schedule), InvalidInput (the actor acts for nobody).
    """
    actor.require(Scope.TRIAGE)
    async with res.db.transaction() as tx:
        shown = await _hold(res, tx, actor, schedule_id)
        if shown.calendar_digest is not None:
            _set(res, tx, actor, shown, None)
    return CalendarUrl(_schedule(shown), None)


async def _hold(res: Resources, tx: Transaction, actor: Actor, schedule_id: UUID | None) -> Shown:
    """What the address is of, locked, for somebody who may say so.

    Raises: PermissionDenied, NotFound, InvalidInput.
    """
    if schedule_id is not None:
        schedule = await hold_schedule(res, tx, actor, schedule_id)
        await require_lead(tx, actor, schedule.team_id)
        return schedule
    query = select(Developer).where(col(Developer.id) == actor.developer_id).with_for_update(key_share=True)
    developer = (await tx.session.exec(query)).first()
    if developer is None:
        raise InvalidInput("Say of which schedule.", ("scheduleId",))
    return developer


def _set(res: Resources, tx: Transaction, actor: Actor, shown: Shown, digest: bytes | None) -> None:
    shown.calendar_digest = digest
    tx.session.add(shown)
    record_audit(
        res,
        tx,
        actor,
        "deleteCalendarUrl" if digest is None else "createCalendarUrl",
        target_kind=type(shown).__name__,
        target_id=shown.id,
        after={"hasCalendarUrl": digest is not None},
    )


def _schedule(shown: Shown) -> Schedule | None:
    return shown if isinstance(shown, Schedule) else None
