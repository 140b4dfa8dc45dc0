"""Notifications for the audit: who was told what, when, by which way, why or why not; as many as there are."""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import and_, col, select

from core.db import AnySelect
from domain.access import Actor, Scope
from domain.contact import shown
from domain.notification import NotificationFilter
from domain.span import Span
from models import Alert, DeliveryAttempt, Developer, Issue, Notification, Project
from resolvers.asked import among
from resolvers.developer.sight import developer_in_sight
from resolvers.notification.sight import notification_in_sight
from resolvers.resources import Resources
from resolvers.sight import in_sight

HEADINGS = (
    *("id", "created_at", "kind", "project", "issue", "issue_title", "alert_id", "alert_level"),
    *("recipient", "recipient_email", "channel", "destination", "subject", "status", "reason"),
    *("sent_at", "read_at", "attempts", "last_attempt_at", "last_answer"),
)
_AT_ONCE = 500


async def export_notifications(
    res: Resources, actor: Actor, *, filter: NotificationFilter, span: Span
) -> AsyncIterator[Sequence[Sequence[object]]]:
    """Some rows at a time, each as HEADINGS have it, of the notifications in sight that were written in the span.

    Oldest first, up to now. Each time is a question of its own, so that however long the reader takes nothing waits for
    it; a row is as it stands when it is read.

    Raises: PermissionDenied.
    """
    actor.require(Scope.READ)
    until = min(span.until or res.clock.now(), res.clock.now())
    last: UUID | None = None
    while True:
        query = _query(actor, filter, span.since, until)
        if last is not None:
            query = query.where(col(Notification.id) > last)
        async with res.db.reading() as session:
            found = await session.rows(query.order_by(col(Notification.id)).limit(_AT_ONCE))
        yield [_row(each) for each in found]
        if len(found) < _AT_ONCE:
            return
        last = found[-1][0].id


def _query(actor: Actor, filter: NotificationFilter, since: datetime | None, until: datetime) -> AnySelect:
    """Each notification, and what is known of what it is about, as far as the actor may see it."""
    tries = (
        select(DeliveryAttempt.at, DeliveryAttempt.status_code, DeliveryAttempt.detail)
        .where(col(DeliveryAttempt.notification_id) == col(Notification.id))
        .order_by(col(DeliveryAttempt.id).desc())
        .limit(1)
        .lateral("tries")
    )
    query: AnySelect = (
        select(Notification, Project.slug, Issue.short_id, Issue.title, Alert.level, Developer.name, Developer.email)  # type: ignore[call-overload]  # it knows no more than four
        .add_columns(tries.c.at, tries.c.status_code, tries.c.detail)
        .outerjoin(Project, col(Project.id) == col(Notification.project_id))
        .outerjoin(Issue, and_(col(Issue.id) == col(Notification.issue_id), in_sight(actor, col(Issue.project_id))))
        .outerjoin(Alert, and_(col(Alert.id) == col(Notification.alert_id), in_sight(actor, col(Alert.project_id))))
        .outerjoin(Developer, and_(col(Developer.id) == col(Notification.recipient_id), developer_in_sight(actor)))
        .outerjoin(tries, col(Notification.id).is_not(None))
        .where(
            notification_in_sight(actor),
            col(Notification.created_at) < until,
            *among((col(Notification.status), filter.status), (col(Notification.channel), filter.channel)),
        )
    )
    if since is not None:
        query = query.where(col(Notification.created_at) >= since)
    if filter.recipient_id is not None:
        query = query.where(col(Notification.recipient_id) == filter.recipient_id)
    return query


def _row(found: Sequence[Any]) -> Sequence[object]:
    row, project, short_id, title, level, name, email, tried_at, code, detail = found
    answer = " ".join(str(part) for part in (code, detail) if part is not None) or None
    return (
        *(row.id, row.created_at, row.kind, project, short_id, title, row.alert_id, level),
        *(name, email, row.channel, shown(row.channel, row.destination), row.subject, row.status, row.reason),
        *(row.sent_at, row.read_at, row.attempt_count, tried_at, answer),
    )
