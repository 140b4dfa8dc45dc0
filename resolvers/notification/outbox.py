"""Writing notifications: each is a row of the transaction that causes it, and leaves when that has committed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select

from core.db import Transaction
from core.ids import uuid7
from domain.access import system
from domain.issue import ActivityKind
from domain.messages import Job, wake
from domain.notification import Channel, NotificationKind, NotificationStatus, one_line, subject
from models import Alert, Developer, Issue, Notification
from resolvers.notification.content import snapshot
from resolvers.resources import Resources
from resolvers.timeline import record_activity

_LONGEST_NOTE = 300
NO_SERVER = "Held back: no mail server is set (TOCSIN_SMTP_URL)."


@dataclass(frozen=True, slots=True)
class _Occasion:
    """One message to be: about what, to whom, why, and the key that lets it be written once."""

    kind: NotificationKind
    issue: Issue
    alert: Alert | None
    event_id: UUID | None
    recipient: Developer
    reason: str
    key: str


async def notify(
    res: Resources,
    tx: Transaction,
    *,
    kind: NotificationKind,
    issue: Issue,
    alert: Alert | None,
    recipient: Developer,
    reason: str,
    dedup: str,
    event_id: UUID | None = None,
) -> Notification:
    """Leave a mail to the recipient in the outbox, and that they were told on the timeline, once per `dedup`.

    The caller holds the issue's lock. `reason` is a sentence that tells the recipient why they got this; the stack is
    that of the event, or of the latest. Without a mail server the notification is SUPPRESSED, and the timeline says
    that nobody was told. Channels to come add a row each, here.
    """
    key = f"{dedup}:{recipient.id}:{Channel.EMAIL}"
    occasion = _Occasion(kind, issue, alert, event_id, recipient, reason, key)
    row = await _add_row(res, tx, occasion)
    if row is None:
        return await _written_before(tx, key)
    _record(res, tx, row, occasion)
    if row.status is NotificationStatus.PENDING:
        tx.send(wake(Job.SEND_NOTIFICATIONS))
    return row


async def _add_row(res: Resources, tx: Transaction, occasion: _Occasion) -> Notification | None:
    """The new row, or none where one with that key is there."""
    values = {**_facts(occasion, res.clock.now()), **state(res)}
    values["content"] = await snapshot(
        res, tx, kind=occasion.kind, issue=occasion.issue, reason=occasion.reason, event_id=occasion.event_id
    )
    values["content"]["recipient"] = occasion.recipient.name
    added = insert(Notification).values(values).on_conflict_do_nothing(index_elements=["idempotency_key"])
    return (await tx.session.exec(added.returning(Notification))).scalars().first()


def _facts(occasion: _Occasion, at: datetime) -> dict[str, Any]:
    issue = occasion.issue
    return {
        "id": uuid7(at),
        "project_id": issue.project_id,
        "kind": occasion.kind,
        "channel": Channel.EMAIL,
        "recipient_id": occasion.recipient.id,
        "destination": occasion.recipient.email,
        "subject": subject(issue.severity, issue.short_id, issue.title),
        "reason": occasion.reason,
        "issue_id": issue.id,
        "alert_id": occasion.alert.id if occasion.alert else None,
        "idempotency_key": occasion.key,
        "created_at": at,
    }


def state(res: Resources) -> dict[str, Any]:
    """What a new notification stands at: due now, or held back where there is no mail server."""
    if res.settings.smtp_url is None:
        return {"status": NotificationStatus.SUPPRESSED, "reason": NO_SERVER, "attempt_count": 0}
    return {"status": NotificationStatus.PENDING, "attempt_count": 0, "next_attempt_at": res.clock.now()}


async def _written_before(tx: Transaction, key: str) -> Notification:
    query = select(Notification).where(col(Notification.idempotency_key) == key)
    return (await tx.session.exec(query)).one()


def record_undelivered(res: Resources, tx: Transaction, row: Notification, issue: Issue, *, why: str | None) -> None:
    """Leave it on the timeline that this notification will not reach its recipient; the caller holds the issue."""
    name = row.content["recipient"]
    note = one_line(f"{row.channel} to {name} was given up: {why or 'no answer'}", _LONGEST_NOTE)
    record_activity(res, tx, system(), issue, ActivityKind.NOBODY_NOTIFIED, note=note, details=_details(row))


def _record(res: Resources, tx: Transaction, row: Notification, occasion: _Occasion) -> None:
    is_leaving = row.status is NotificationStatus.PENDING
    kind = ActivityKind.NOTIFIED if is_leaving else ActivityKind.NOBODY_NOTIFIED
    record_activity(res, tx, system(), occasion.issue, kind, note=row.reason, details=_details(row))


def _details(row: Notification) -> dict[str, Any]:
    return {
        "notificationId": str(row.id),
        "developerId": str(row.recipient_id),
        "developer": row.content["recipient"],
        "channel": row.channel,
    }
