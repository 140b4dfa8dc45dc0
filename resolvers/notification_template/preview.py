"""What a message would say by a template: shown before anybody gets it."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from core.ids import uuid7
from domain.access import Actor, Scope
from domain.errors import InvalidInput, NotFound
from domain.event import Severity
from domain.notification import Channel, NotificationKind, NotificationStatus
from domain.notification import subject as usual_subject
from domain.notification_template import check_lengths, check_place
from models import Notification
from resolvers.issue.loaders import issues_by_id
from resolvers.notification.content import snapshot
from resolvers.notification.listing import notifications_by_id
from resolvers.notification.mail import make_mail
from resolvers.notification.sms import make_text
from resolvers.notification.telegram import make_html
from resolvers.notification.telling import SAID, telling
from resolvers.notification_template.words import check_words, make_words, view_of
from resolvers.resources import Resources

_REASON = "This is a preview."
_ADDRESS = "ada@example.com"


@dataclass(frozen=True, slots=True)
class Preview:
    """What would be sent: of mail both forms and a subject, of the others one text."""

    text: str
    subject: str | None = None
    html: str | None = None


async def preview_notification_template(
    res: Resources,
    actor: Actor,
    *,
    channel: Channel,
    text: str,
    subject: str | None = None,
    kind: NotificationKind | None = None,
    issue_id: UUID | None = None,
    notification_id: UUID | None = None,
) -> Preview:
    """What a message by that channel would say: about an issue, as a notification that was written, or of a sample.

    Nothing is kept, and nothing sent. Links to answer lead nowhere.

    Raises: PermissionDenied, NotFound (the issue or the notification), InvalidInput.
    """
    actor.require(Scope.READ)
    check_place(channel, kind)
    check_lengths(channel, subject, text)
    check_words(subject, text)
    told = kind or NotificationKind.ALERT
    if notification_id is not None:
        content = await _content_of(res, actor, notification_id)
    elif issue_id is not None:
        content = await _content_about(res, actor, issue_id, told)
    else:
        content = _sample(res)
    content = {**content, "answers": _answers(res), "alert": {"id": str(UUID(int=0))}, "unsubscribe": None}
    words = make_words(channel, subject, text, view_of(told, content))
    return _shown(res, _message(res, channel, told, content | {SAID: words.text}, words.subject))


def _shown(res: Resources, message: Notification) -> Preview:
    if message.channel is Channel.EMAIL:
        mail = make_mail(res.settings, message)
        return Preview(mail.text, mail.subject, mail.html)
    if message.channel is Channel.SMS:
        return Preview(make_text(message))
    told = telling(message)
    if message.channel is Channel.TELEGRAM:
        return Preview(make_html(told))
    return Preview(told.said or "")


def _message(
    res: Resources, channel: Channel, kind: NotificationKind, content: dict[str, Any], subject: str | None
) -> Notification:
    """A notification that is written nowhere."""
    issue, at = content["issue"], res.clock.now()
    return Notification(
        id=uuid7(at),
        kind=kind,
        channel=channel,
        destination=_ADDRESS,
        subject=subject or usual_subject(Severity(issue["severity"]), issue["short_id"], issue["title"]),
        content=content,
        status=NotificationStatus.SUPPRESSED,
        reason=_REASON,
        idempotency_key="",
        created_at=at,
    )


async def _content_of(res: Resources, actor: Actor, notification_id: UUID) -> dict[str, Any]:
    (row,) = await notifications_by_id(res, actor, [notification_id])
    if row is None:
        raise NotFound("No such Notification.")
    if "issue" not in row.content:
        raise InvalidInput("It is about no issue, and its message has no template.", ("notificationId",))
    return row.content


async def _content_about(res: Resources, actor: Actor, issue_id: UUID, kind: NotificationKind) -> dict[str, Any]:
    (issue,) = await issues_by_id(res, actor, [issue_id])
    if issue is None:
        raise NotFound("No such Issue.")
    async with res.db.transaction() as tx:
        content = await snapshot(res, tx, kind=kind, issue=issue, reason=_REASON, event_id=None)
    return {**content, "recipient": "Ada"}


def _answers(res: Resources) -> dict[str, str]:
    return dict.fromkeys(("acknowledge", "resolve"), f"{res.settings.base_url}/answer/preview")


def _sample(res: Resources) -> dict[str, Any]:
    """An error as there are many."""
    at = res.clock.now()
    return {
        "reason": "You are on call for checkout.",
        "recipient": "Ada",
        "project": "Shop",
        "issue": {
            "id": str(UUID(int=0)),
            "short_id": "SHOP-7",
            "url": f"{res.settings.base_url}/issues/SHOP-7",
            "title": "ValueError: bad total",
            "error_type": "ValueError",
            "message": "bad total",
            "culprit": "total in checkout/total.py",
            "service": "checkout",
            "severity": Severity.CRITICAL,
        },
        "counts": {"events": 12, "users": 3, "first_seen_at": at - timedelta(hours=1), "last_seen_at": at},
        "event": {
            "message": "bad total",
            "environment": "production",
            "release": "1.4.2",
            "endpoint": "POST /orders",
            "server": "web-3",
            "culprit": "total in checkout/total.py",
            "calls": [{"where": "checkout/total.py:42 in total", "code": "raise ValueError()"}],
            "lines": [],
        },
    }
