"""A notification as a mail: rendered from what was written down with it, sent by the server of the settings."""

from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from jinja2 import FileSystemLoader, StrictUndefined, select_autoescape
from jinja2.sandbox import SandboxedEnvironment

from core.mail import Mail, MailFailed, MailServer, domain_of
from core.settings import Settings
from domain.event import Severity
from domain.notification import NotificationKind, Outcome
from domain.wording import counted
from models import Notification
from resolvers.notification.delivery import Send
from resolvers.notification.dropped import dropped_mail
from resolvers.notification.summary import summary_mail
from resolvers.notification.telling import COLOURS, HEADLINES, SAID, others_of
from resolvers.notification.unsubscribe_link import unsubscribing
from resolvers.notification.warning import warning_mail

_TEMPLATES = Path(__file__).parent / "templates"
_SHARE_OF_LEASE = 2 / 3


def mail_sender(settings: Settings) -> Send:
    """What sends a notification as a mail, in less time than a lease lasts; without a mail server it always fails."""
    if settings.smtp_url is None:
        return _no_server
    server = MailServer(settings.smtp_url, timeout_s=settings.notification_lease_s * _SHARE_OF_LEASE)

    async def send(notification: Notification) -> Outcome:
        try:
            reply = await server.send(make_mail(settings, notification))
        except MailFailed as failed:
            return Outcome(succeeded=False, status_code=failed.code, detail=failed.detail, is_final=failed.is_final)
        return Outcome(succeeded=True, status_code=reply.code, detail=reply.detail)

    return send


async def _no_server(_: Notification) -> Outcome:
    return Outcome(succeeded=False, detail="No mail server is set (TOCSIN_SMTP_URL).")


def make_mail(settings: Settings, notification: Notification) -> Mail:
    """The mail of a notification: the same whenever it is made, so that one sent twice is one to its reader."""
    if notification.kind is NotificationKind.EVENTS_DROPPED:
        return dropped_mail(settings, notification, _environment())
    if notification.kind is NotificationKind.DAILY_SUMMARY:
        return summary_mail(settings, notification, _environment())
    if notification.kind is NotificationKind.WARNING:
        return warning_mail(settings, notification, _environment())
    content, host = notification.content, domain_of(settings.mail_from)
    if "text" in content:
        return _plain_mail(settings, notification)
    issue, others = content["issue"], others_of(content)
    view = {
        "answers": None,
        **content,
        "others": others,
        "headline": HEADLINES[notification.kind],
        "colour": COLOURS[Severity(issue["severity"])],
        "colours": COLOURS,
        "at": notification.created_at,
    }
    form = "said" if SAID in content else "issue"
    return Mail(
        sender=settings.mail_from,
        recipient=notification.destination,
        recipient_name=content["recipient"],
        subject=f"{notification.subject} ({others.words})" if others else notification.subject,
        text=_environment().get_template(f"{form}.txt.j2").render(view),
        html=_environment().get_template(f"{form}.html.j2").render(view),
        message_id=f"notification-{notification.id}@{host}",
        thread=f"issue-{issue['id']}@{host}",
        at=notification.created_at,
        headers=_headers(issue["short_id"], Severity(issue["severity"])) | unsubscribing(content),
    )


def _plain_mail(settings: Settings, notification: Notification) -> Mail:
    """The mail of a notification that is about no issue: a test, a code."""
    content, host = notification.content, domain_of(settings.mail_from)
    view = {**content, "subject": notification.subject}
    return Mail(
        sender=settings.mail_from,
        recipient=notification.destination,
        recipient_name=content["recipient"],
        subject=notification.subject,
        text=_environment().get_template("plain.txt.j2").render(view),
        html=_environment().get_template("plain.html.j2").render(view),
        message_id=f"notification-{notification.id}@{host}",
        thread=f"plain-{notification.recipient_id}@{host}",
        at=notification.created_at,
        headers={"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"} | unsubscribing(content),
    )


def _headers(short_id: str, severity: Severity) -> dict[str, str]:
    """What lets programs file it, and keeps holiday notices from answering (RFC 3834)."""
    headers = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All", "X-Tocsin-Issue": short_id}
    return {**headers, "Importance": "high"} if severity is Severity.CRITICAL else headers


@cache
def _environment() -> SandboxedEnvironment:
    environment = SandboxedEnvironment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=select_autoescape(["html.j2"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["moment"] = _moment
    environment.filters["counted"] = counted
    return environment


def _moment(at: str | datetime) -> str:
    """An instant for people, to the minute."""
    instant = datetime.fromisoformat(at) if isinstance(at, str) else at
    return f"{instant.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
