"""When developers are off: set by themselves, and by ADMINs for everybody; seen by all who see them."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, Unpack
from uuid import UUID

from sqlalchemy import ColumnElement, func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from core.db import Transaction
from core.ids import uuid7
from domain.access import Actor, Scope
from domain.errors import Conflict, NotFound
from domain.span import Span
from domain.time_off import MOST_TIMES_OFF, TimeOffSettings, check_time_off
from models import Developer, TimeOff
from resolvers.asked import one_of
from resolvers.audit import record_audit, record_change
from resolvers.contact.charge import is_in_charge, lock_developer
from resolvers.developer.sight import developer_in_sight
from resolvers.resources import Resources


async def create_time_off(
    res: Resources, actor: Actor, *, starts_at: datetime, ends_at: datetime, developer_id: UUID | None = None
) -> TimeOff:
    """Leave the developer, or else the actor's own, off in that span: routing gives them nothing then.

    Raises: PermissionDenied, NotFound, InvalidInput, Conflict (too many).
    """
    actor.require(Scope.TRIAGE)
    at = res.clock.now()
    starts_at, ends_at = check_time_off(starts_at, ends_at, at)
    async with res.db.transaction() as tx:
        developer = await lock_developer(tx, actor, developer_id)
        others = select(func.count()).where(col(TimeOff.developer_id) == developer.id, col(TimeOff.ends_at) > at)
        if (await tx.session.exec(others)).one() >= MOST_TIMES_OFF:
            raise Conflict(f"A developer has at most {MOST_TIMES_OFF} times off that are not over: delete one first.")
        row = TimeOff(id=uuid7(at), developer_id=developer.id, starts_at=starts_at, ends_at=ends_at)
        tx.session.add(row)
        record_audit(res, tx, actor, "createTimeOff", target_kind="TimeOff", target_id=row.id, after=_facts(row))
    return row


async def update_time_off(
    res: Resources, actor: Actor, *, time_off_id: UUID, **settings: Unpack[TimeOffSettings]
) -> TimeOff:
    """Leave the time off as the settings say; what is left out stays.

    Raises: PermissionDenied, NotFound, InvalidInput.
    """
    actor.require(Scope.TRIAGE)
    async with res.db.transaction() as tx:
        row = await _hold(tx, actor, time_off_id)
        before = _facts(row)
        starts_at, ends_at = settings.get("starts_at", row.starts_at), settings.get("ends_at", row.ends_at)
        row.starts_at, row.ends_at = check_time_off(starts_at, ends_at, res.clock.now())
        tx.session.add(row)
        after = _facts(row)
        record_change(
            res, tx, actor, "updateTimeOff", target_kind="TimeOff", target_id=row.id, before=before, after=after
        )
    return row


async def delete_time_off(res: Resources, actor: Actor, *, time_off_id: UUID) -> TimeOff:
    """Leave no such time off.

    Raises: PermissionDenied, NotFound.
    """
    actor.require(Scope.TRIAGE)
    async with res.db.transaction() as tx:
        row = await _hold(tx, actor, time_off_id)
        record_audit(res, tx, actor, "deleteTimeOff", target_kind="TimeOff", target_id=row.id, before=_facts(row))
        await tx.session.delete(row)
    return row


async def times_off_by_id(res: Resources, actor: Actor, ids: Sequence[UUID]) -> list[TimeOff | None]:
    """The time off of each id, none where its developer is out of sight."""
    actor.require(Scope.READ)
    query = (
        select(TimeOff)
        .join(Developer, col(Developer.id) == col(TimeOff.developer_id))
        .where(one_of(TimeOff.id, ids), developer_in_sight(actor))
    )
    async with res.db.reading() as session:
        found = {row.id: row for row in (await session.exec(query)).all()}
    return [found.get(key) for key in ids]


async def times_off_by_developer_id(res: Resources, actor: Actor, ids: Sequence[UUID]) -> list[list[TimeOff]]:
    """When each developer in sight is off, from now on, by start."""
    actor.require(Scope.READ)
    query = (
        select(TimeOff)
        .join(Developer, col(Developer.id) == col(TimeOff.developer_id))
        .where(one_of(Developer.id, ids), developer_in_sight(actor), col(TimeOff.ends_at) > res.clock.now())
        .order_by(col(TimeOff.starts_at), col(TimeOff.id))
    )
    found: defaultdict[UUID, list[TimeOff]] = defaultdict(list)
    async with res.db.reading() as session:
        for row in (await session.exec(query)).all():
            found[row.developer_id].append(row)
    return [found[key] for key in ids]


async def read_times_off(
    session: AsyncSession, ids: Collection[UUID], since: datetime, until: datetime
) -> defaultdict[UUID, list[Span]]:
    """When each of these developers is off, of what touches the span."""
    query = select(TimeOff).where(
        col(TimeOff.developer_id).in_(ids), col(TimeOff.starts_at) < until, col(TimeOff.ends_at) > since
    )
    found: defaultdict[UUID, list[Span]] = defaultdict(list)
    for row in (await session.exec(query)).all():
        found[row.developer_id].append(Span(row.starts_at, row.ends_at))
    return found


def is_off(at: datetime) -> ColumnElement[bool]:
    """The condition that a developer is off at that instant."""
    query = select(TimeOff.id).where(
        col(TimeOff.developer_id) == col(Developer.id), col(TimeOff.starts_at) <= at, col(TimeOff.ends_at) > at
    )
    return query.correlate(Developer).exists()


async def _hold(tx: Transaction, actor: Actor, time_off_id: UUID) -> TimeOff:
    """The time off, locked, for somebody who may change it.

    Raises: NotFound.
    """
    query = select(TimeOff).where(TimeOff.id == time_off_id, is_in_charge(actor, TimeOff.developer_id))
    row = (await tx.session.exec(query.with_for_update())).first()
    if row is None:
        raise NotFound("No such time off.")
    return row


def _facts(row: TimeOff) -> dict[str, Any]:
    return {
        "developerId": str(row.developer_id),
        "start": row.starts_at.isoformat(),
        "end": row.ends_at.isoformat(),
    }
