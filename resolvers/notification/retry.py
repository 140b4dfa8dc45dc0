"""Trying a notification again that was given up or held back."""

from uuid import UUID

from sqlmodel import col, select

from core.db import Transaction
from domain.access import Actor, Scope
from domain.errors import NotFound
from domain.messages import Job, wake
from domain.notification import NotificationStatus, refuse_retry
from models import Developer, Notification
from resolvers.audit import record_audit
from resolvers.resources import Resources
from resolvers.sight import in_sight


async def retry_notification(res: Resources, actor: Actor, *, notification_id: UUID) -> Notification:
    """Leave the notification due now, with all its tries before it, to the recipient's present address.

    Raises: PermissionDenied, NotFound, Conflict.
    """
    actor.require(Scope.TRIAGE)
    query = select(Notification).where(
        Notification.id == notification_id, in_sight(actor, col(Notification.project_id))
    )
    async with res.db.transaction() as tx:
        row = (await tx.session.exec(query.with_for_update(key_share=True))).first()
        if row is None:
            raise NotFound("No such Notification.")
        before = {"status": row.status, "destination": row.destination}
        refuse_retry(row.status)
        row.status, row.attempt_count, row.next_attempt_at = NotificationStatus.PENDING, 0, res.clock.now()
        row.destination = await _address(tx, row)
        row.reason = row.content["reason"]
        tx.session.add(row)
        record_audit(
            res,
            tx,
            actor,
            "retryNotification",
            target_kind="Notification",
            target_id=row.id,
            project_id=row.project_id,
            before=before,
            after={"status": row.status, "destination": row.destination},
        )
        tx.send(wake(Job.SEND_NOTIFICATIONS))
    return row


async def _address(tx: Transaction, row: Notification) -> str:
    """Where the recipient is reached now: a wrong address is what a notification mostly dies of."""
    query = select(Developer.email).where(col(Developer.id) == row.recipient_id)
    return (await tx.session.exec(query)).first() or row.destination
