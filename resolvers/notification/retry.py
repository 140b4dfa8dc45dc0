"""Trying a notification again that was given up or held back."""

from uuid import UUID

from sqlmodel import col, select

from domain.access import Actor, Scope
from domain.errors import NotFound
from domain.messages import Job, wake
from domain.notification import NotificationStatus, refuse_retry
from models import Notification
from resolvers.audit import record_audit
from resolvers.resources import Resources
from resolvers.sight import in_sight


async def retry_notification(res: Resources, actor: Actor, *, notification_id: UUID) -> Notification:
    """Leave the notification due now, with all its tries before it.

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
        before = row.status
        refuse_retry(before)
        row.status, row.attempt_count, row.next_attempt_at = NotificationStatus.PENDING, 0, res.clock.now()
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
            before={"status": before},
            after={"status": row.status},
        )
        tx.send(wake(Job.SEND_NOTIFICATIONS))
    return row
