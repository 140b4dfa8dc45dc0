"""Who is on call, and putting somebody on call by hand."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlmodel import col, or_, select

from core.db import Transaction
from core.ids import uuid7
from domain.access import Actor, Scope
from domain.developer import DutySpan, change_duty
from domain.errors import NotFound
from models import Developer, Duty
from resolvers.audit import record_audit
from resolvers.developer.sight import developer_in_sight
from resolvers.resources import Resources


def holds_at(at: datetime) -> ColumnElement[bool]:
    """The condition that a span of duty holds at that instant."""
    return (col(Duty.starts_at) <= at) & or_(col(Duty.ends_at).is_(None), col(Duty.ends_at) > at)


async def set_on_call(
    res: Resources, actor: Actor, *, developer_id: UUID, on_call: bool, until: datetime | None = None
) -> Developer:
    """Leave the developer on call until then (without `until`, until somebody ends it), or not on call.

    Doing it again changes nothing. People do it for themselves; an ADMIN for everybody.

    Raises: PermissionDenied, NotFound, InvalidInput.
    """
    actor.require(Scope.TRIAGE if developer_id == actor.developer_id else Scope.ADMIN)
    async with res.db.transaction() as tx:
        developer = await _lock(tx, actor, developer_id)
        at = res.clock.now()
        row = (await tx.session.exec(select(Duty).where(Duty.developer_id == developer_id, holds_at(at)))).first()
        before = DutySpan(row.starts_at, row.ends_at) if row else None
        after, changed = change_duty(before, on_call=on_call, until=until, at=at)
        if changed:
            await _write(res, tx, developer_id, row, after)
            record_audit(
                res,
                tx,
                actor,
                "setOnCall",
                target_kind="Developer",
                target_id=developer_id,
                before=_facts(before),
                after=_facts(after if on_call else None),
            )
    return developer


async def _lock(tx: Transaction, actor: Actor, developer_id: UUID) -> Developer:
    """The developer, locked, so that two who set it at once do not leave two spans."""
    query = select(Developer).where(Developer.id == developer_id, developer_in_sight(actor))
    developer = (await tx.session.exec(query.with_for_update(key_share=True))).first()
    if developer is None:
        raise NotFound("No such developer.")
    return developer


async def _write(res: Resources, tx: Transaction, developer_id: UUID, row: Duty | None, span: DutySpan | None) -> None:
    if span is None:
        await tx.session.delete(row)
    elif row is None:
        new_id = uuid7(res.clock.now())
        tx.session.add(Duty(id=new_id, developer_id=developer_id, starts_at=span.starts_at, ends_at=span.ends_at))
    else:
        row.ends_at = span.ends_at
        tx.session.add(row)


def _facts(span: DutySpan | None) -> dict[str, object]:
    if span is None:
        return {"onCall": False}
    return {"onCall": True, "until": span.ends_at and span.ends_at.isoformat()}
