"""What a message would say by a template: shown before anybody gets it."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from core.ids import uuid7
from domain.access import Actor, Scope
from domain.errors import InvalidInput, NotFound
from domain.event import Severity
from domain.notification import ABOUT_ISSUES, Channel, NotificationKind, NotificationStatus
from domain.notification import subject as usual_subject
from domain.notification_template import FORMS, check_lengths, check_place
from models import Notification
from resolvers.issue.loaders import issues_by_id
from resolvers.notification.apprise import make_body
from resolvers.notification.content import snapshot
from resolvers.notification.listing import notifications_by_id
from resolvers.notification.mail import make_mail
from resolvers.notification.sms import make_text
from resolvers.notification.telegram import make_html
from resolvers.notification.telling import SAID, telling
from resolvers.notification_template.samples import sample_of
from resolvers.notification_template.views import view_of
from resolvers.notification_template.words import check_words, make_words
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

    Without a kind it is told as an alert.

    Nothing is kept, and nothing sent. Links to answer lead nowhere.

    Raises: PermissionDenied, NotFound (the issue or the notification), InvalidInput.
    """
    actor.require(Scope.READ)
    check_place(channel, kind)
    check_lengths(channel, subject, text)
    check_words(kind, subject, text)
    told = kind or NotificationKind.ALERT
    if notification_id is not None:
        content = await _content_of(res, actor, notification_id, told)
    elif issue_id is not None:
        content = await _content_about(res, actor, issue_id, told)
    else:
        content = sample_of(told, res.settings.base_url, res.clock.now())
    content = {**content, "unsubscribe": None}
    if told in ABOUT_ISSUES:
        content |= {"answers": _answers(res), "alert": {"id": str(UUID(int=0))}}
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
    if message.channel is Channel.APPRISE:
        return Preview(make_body(told))
    return Preview(told.said or "")


def _message(
    res: Resources, channel: Channel, kind: NotificationKind, content: dict[str, Any], subject: str | None
) -> Notification:
    """A notification that is written nowhere."""
    issue, at = content.get("issue"), res.clock.now()
    usual = usual_subject(Severity(issue["severity"]), issue["short_id"], issue["title"]) if issue else None
    return Notification(
        id=uuid7(at),
        kind=kind,
        channel=channel,
        destination=_ADDRESS,
        subject=subject or usual or content["headline"],
        content=content,
        status=NotificationStatus.SUPPRESSED,
        reason=_REASON,
        idempotency_key="",
        created_at=at,
    )


async def _content_of(res: Resources, actor: Actor, notification_id: UUID, kind: NotificationKind) -> dict[str, Any]:
    (row,) = await notifications_by_id(res, actor, [notification_id])
    if row is None:
        raise NotFound("No such Notification.")
    if FORMS.get(row.kind) is not FORMS[kind]:
        raise InvalidInput(f"It is of the kind {row.kind}, of which this is no template.", ("notificationId",))
    return {"headline": row.subject, **row.content}


async def _content_about(res: Resources, actor: Actor, issue_id: UUID, kind: NotificationKind) -> dict[str, Any]:
    if kind not in ABOUT_ISSUES:
        raise InvalidInput(f"A message of the kind {kind} is about no issue.", ("issueId",))
    (issue,) = await issues_by_id(res, actor, [issue_id])
    if issue is None:
        raise NotFound("No such Issue.")
    async with res.db.transaction() as tx:
        content = await snapshot(res, tx, kind=kind, issue=issue, reason=_REASON, event_id=None)
    return {**content, "recipient": "Ada"}


def _answers(res: Resources) -> dict[str, str]:
    return dict.fromkeys(("acknowledge", "resolve"), f"{res.settings.base_url}/answer/preview")
