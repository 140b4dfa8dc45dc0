"""Telling who answers for a project that its events are turned away: once an hour, whichever process it was."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from jinja2.sandbox import SandboxedEnvironment
from sqlalchemy.dialects.postgresql import insert

from core.db import Transaction
from core.ids import uuid7
from core.mail import Mail, domain_of
from core.settings import Settings
from domain.admission import DropReason
from domain.messages import Job, wake
from domain.notification import Channel, NotificationKind, NotificationStatus
from models import Developer, Notification, Project
from resolvers.notification.outbox import state
from resolvers.resources import Resources
from resolvers.routing import fallback_owner

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
    values = {
        "id": uuid7(res.clock.now()),
        "project_id": project_id,
        "kind": NotificationKind.EVENTS_DROPPED,
        "channel": Channel.EMAIL,
        "recipient_id": owner.id,
        "destination": owner.email,
        "subject": f"[{project.slug}] Events are turned away",
        "content": _content(res.settings, project, owner, hour, reason),
        "reason": "You answer for the project.",
        "idempotency_key": f"dropped:{project_id}:{hour.isoformat()}:{Channel.EMAIL}",
        "created_at": res.clock.now(),
        **state(res),
    }
    added = insert(Notification).values(values).on_conflict_do_nothing(index_elements=["idempotency_key"])
    await tx.session.exec(added)
    if values["status"] is NotificationStatus.PENDING:
        tx.send(wake(Job.SEND_NOTIFICATIONS))


def dropped_mail(settings: Settings, notification: Notification, environment: SandboxedEnvironment) -> Mail:
    """The mail of such a notification."""
    content, host = notification.content, domain_of(settings.mail_from)
    return Mail(
        sender=settings.mail_from,
        recipient=notification.destination,
        recipient_name=content["recipient"],
        subject=notification.subject,
        text=environment.get_template("dropped.txt.j2").render(content),
        html=environment.get_template("dropped.html.j2").render(content),
        message_id=f"notification-{notification.id}@{host}",
        thread=f"dropped-{notification.project_id}@{host}",
        at=notification.created_at,
        headers={"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"},
    )


def _content(
    settings: Settings, project: Project, owner: Developer, hour: datetime, reason: DropReason
) -> dict[str, Any]:
    return {
        "kind": NotificationKind.EVENTS_DROPPED,
        "reason": "You answer for the project.",
        "recipient": owner.name,
        "project": project.name,
        "slug": project.slug,
        "plan": project.plan,
        "why": _WHY[reason],
        "hour": hour,
        "until": hour + timedelta(hours=1),
        "url": settings.base_url,
    }
