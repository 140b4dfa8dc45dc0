"""Trying a notification again that was given up or held back, or a webhook once more."""

from uuid import UUID

from sqlmodel import col, select

from core.db import Transaction
from domain.access import Actor, Scope
from domain.contact import shown
from domain.errors import Conflict, NotFound
from domain.messages import Job, wake
from domain.notification import Channel, NotificationStatus, refuse_retry
from models import ContactMethod, Developer, Notification
from resolvers.audit import record_audit
from resolvers.contact.person import usable_methods
from resolvers.notification.sight import notification_in_sight
from resolvers.resources import Resources


async def retry_notification(res: Resources, actor: Actor, *, notification_id: UUID) -> Notification:
    """Leave the notification due now, with all its tries before it, to the recipient's present address.

    Raises: PermissionDenied, NotFound, Conflict.
    """
    actor.require(Scope.TRIAGE)
    query = select(Notification).where(Notification.id == notification_id, notification_in_sight(actor))
    async with res.db.transaction() as tx:
        row = (await tx.session.exec(query.with_for_update(key_share=True))).first()
        if row is None:
            raise NotFound("No such Notification.")
        before = _facts(row)
        refuse_retry(row.status, row.channel)
        row.status, row.attempt_count, row.next_attempt_at = NotificationStatus.PENDING, 0, res.clock.now()
        row.carrier_id = row.throttled_until = row.digest_at = row.sent_at = None
        await _readdress(tx, row)
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
            after=_facts(row),
        )
        tx.send(wake(Job.SEND_NOTIFICATIONS))
    return row


def _facts(row: Notification) -> dict[str, str]:
    return {"status": row.status, "destination": shown(row.channel, row.destination)}


async def _readdress(tx: Transaction, row: Notification) -> None:
    """Leave it to where the recipient is reached now: a wrong address is what a notification mostly dies of.

    Raises: Conflict where there is nowhere to send it.
    """
    methods = (
        await tx.session.exec(usable_methods(row.recipient_id).where(ContactMethod.channel == row.channel))
    ).all()
    own = await tx.session.exec(select(Developer.email).where(col(Developer.id) == row.recipient_id))
    same = next((method for method in methods if method.id == row.contact_method_id), None)
    if same is None and row.channel is Channel.EMAIL:
        row.contact_method_id, row.destination = None, own.first() or row.destination
    elif method := same or next(iter(methods), None):
        row.contact_method_id, row.destination = method.id, method.value
    if not row.destination:
        raise Conflict("The recipient has no verified contact method for this channel.")
