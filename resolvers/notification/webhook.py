"""A notification as a request to an address of somebody's own: JSON, signed as ours to us are."""

from typing import Any

import orjson
from sqlmodel import col, select

from core.db import Database
from domain.alert import AlertStatus
from domain.notification import Outcome
from domain.signature import HEADER, signature
from models import ContactMethod, Notification
from resolvers.notification.delivery import Send
from resolvers.notification.door import JSON, Door
from resolvers.notification.telling import telling

VERSION = 1


def webhook_sender(door: Door, db: Database) -> Send:
    """What sends a notification, signed with the secret that its contact method has by then."""

    async def send(notification: Notification) -> Outcome:
        body = orjson.dumps(make_payload(notification))
        headers = {**JSON, "Idempotency-Key": str(notification.id)}
        secret = await _secret(db, notification)
        if secret is not None:
            seconds = int(door.clock.now().timestamp())
            headers[HEADER] = f"t={seconds},v1={signature(secret, seconds, body)}"
        _, outcome = await door.post(notification.destination, body, headers)
        return outcome

    return send


def make_payload(notification: Notification) -> dict[str, Any]:
    """The payload, as docs/notifications.md has it."""
    told, content = telling(notification), notification.content
    alert = {"id": told.alert_id, "status": AlertStatus.TRIGGERED} if told.alert_id else None
    return {
        "version": VERSION,
        "id": str(notification.id),
        "kind": notification.kind,
        "at": notification.created_at,
        "subject": notification.subject,
        "text": "\n".join(told.lines) if told.short_id is None else told.line,
        "reason": told.reason,
        "recipient": content.get("recipient"),
        "url": told.url,
        "project": content.get("project"),
        "issue": content.get("issue"),
        "alert": alert,
        "counts": content.get("counts"),
        "event": content.get("event"),
    }


async def _secret(db: Database, notification: Notification) -> str | None:
    query = select(ContactMethod.signing_secret).where(col(ContactMethod.id) == notification.contact_method_id)
    async with db.reading() as session:
        return (await session.exec(query)).first()
