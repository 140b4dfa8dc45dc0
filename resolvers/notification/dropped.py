"""Telling who answers for a project that its events are turned away: once an hour, whichever process it was."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert

from core.db import Transaction
from core.ids import uuid7
from core.settings import Settings
from domain.admission import DropReason
from domain.messages import Job, wake
from domain.notification import Channel, NotificationKind, NotificationStatus
from models import Developer, Notification, Project
from resolvers.notification.outbox import state
from resolvers.notification_template.words import find_mail_words
from resolvers.resources import Resources
from resolvers.routing import fallback_owner

_KIND = NotificationKind.EVENTS_DROPPED
_REASON = "You answer for the project."
_WHY = {
    DropReason.QUOTA: "Its quota of events an hour is used up; the next hour begins anew.",
    DropReason.SPIKE: "Far more events arrive than is usual for it; the rest is turned away until the next hour.",
    DropReason.KEY_LIMIT: "One of its ingest keys has logged more events a minute than it may.",
    DropReason.ENDPOINT_LIMIT: "A program makes more calls a minute than the project's plan allows.",
    DropReason.QUEUE_FULL: "More errors arrived at once than could be brought to the disk.",
}


async def tell_dropped(
    res: Resources, tx: Transaction, *, project_id: UUID, hour: datetime, reason: DropReason
) -> None:
    """Leave a mail in the outbox to the project's owner, or else to who answers for it, unless there is one already."""
    project = await tx.session.get(Project, project_id)
    owner = await fallback_owner(tx, project_id=project_id)
    if project is None or owner is None:
        return
    content = _content(res.settings, project, owner, hour, reason)
    words = await find_mail_words(tx, _KIND, content, project_id=project_id)
    values = {
        "id": uuid7(res.clock.now()),
        "project_id": project_id,
        "kind": _KIND,
        "channel": Channel.EMAIL,
        "recipient_id": owner.id,
        "destination": owner.email,
        "subject": words.subject or content["headline"],
        "content": {**content, **words.content},
        "reason": words.explained(_REASON),
        "idempotency_key": f"dropped:{project_id}:{hour.isoformat()}:{Channel.EMAIL}",
        "created_at": res.clock.now(),
        **state(res),
    }
    added = insert(Notification).values(values).on_conflict_do_nothing(index_elements=["idempotency_key"])
    await tx.session.exec(added)
    if values["status"] is NotificationStatus.PENDING:
        tx.send(wake(Job.SEND_NOTIFICATIONS))


def _content(
    settings: Settings, project: Project, owner: Developer, hour: datetime, reason: DropReason
) -> dict[str, Any]:
    return {
        "kind": _KIND,
        "headline": f"[{project.slug}] Events are turned away",
        "reason": _REASON,
        "recipient": owner.name,
        "project": project.name,
        "slug": project.slug,
        "plan": project.plan,
        "why": _WHY[reason],
        "hour": hour,
        "until": hour + timedelta(hours=1),
        "url": settings.base_url,
    }
