"""A notification as a mail: rendered from what was written down with it, sent by the server of the settings."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import FileSystemLoader, StrictUndefined, select_autoescape
from jinja2.sandbox import SandboxedEnvironment

from core.mail import Mail, MailFailed, MailServer, domain_of
from core.settings import Settings
from domain.event import Severity
from domain.notification import NotificationKind, Outcome
from domain.wording import counted, moment
from models import Notification
from resolvers.notification.delivery import Send
from resolvers.notification.summary import summary_view
from resolvers.notification.telling import COLOURS, HEADLINES, SAID, others_of
from resolvers.notification.unsubscribe_link import unsubscribing
from resolvers.notification.warning import warning_view

_TEMPLATES = Path(__file__).parent / "templates"
_SHARE_OF_LEASE = 2 / 3
# What keeps holiday notices from answering (RFC 3834).
_AUTOMATIC = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}


@dataclass(frozen=True, slots=True)
class _Form:
    """How a mail that is about no issue is made: the name of its templates, its thread, and what it shows."""

    name: str
    thread: str
    view: Mapping[str, Any]


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
    content, host = notification.content, domain_of(settings.mail_from)
    if "issue" not in content:
        return _mail_about_no_issue(settings, notification)
    issue, others = content["issue"], others_of(content)
    view = {
        "answers": None,
        **content,
        "others": others,
        "headline": HEADLINES[notification.kind],
        "colour": COLOURS[Severity(issue["severity"])],
        "colours": COLOURS,
        "at": notification.created_at,
        "title": issue["short_id"],
        "url": issue["url"],
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


def _mail_about_no_issue(settings: Settings, notification: Notification) -> Mail:
    content, host, form = notification.content, domain_of(settings.mail_from), _form(notification)
    said = {"issue": None, "answers": None, "others": None, "colour": COLOURS[Severity.INFO]}
    view = {**said, **form.view, "subject": notification.subject, "title": notification.subject}
    name = "said" if SAID in content else form.name
    return Mail(
        sender=settings.mail_from,
        recipient=notification.destination,
        recipient_name=content["recipient"],
        subject=notification.subject,
        text=_environment().get_template(f"{name}.txt.j2").render(view),
        html=_environment().get_template(f"{name}.html.j2").render(view),
        message_id=f"notification-{notification.id}@{host}",
        thread=f"{form.thread}@{host}",
        at=notification.created_at,
        headers=_AUTOMATIC | unsubscribing(content),
    )


def _form(notification: Notification) -> _Form:
    content = notification.content
    if notification.kind is NotificationKind.EVENTS_DROPPED:
        return _Form("dropped", f"dropped-{notification.project_id}", content)
    if notification.kind is NotificationKind.DAILY_SUMMARY:
        return _Form("summary", f"summary-{notification.recipient_id}", summary_view(content))
    if notification.kind is NotificationKind.WARNING:
        return _Form("warning", f"warnings-{notification.recipient_id}", warning_view(content))
    return _Form("plain", f"plain-{notification.recipient_id}", content)


def _headers(short_id: str, severity: Severity) -> dict[str, str]:
    """What lets programs file it, and keeps them from answering."""
    headers = {**_AUTOMATIC, "X-Tocsin-Issue": short_id}
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
    environment.filters["moment"] = moment
    environment.filters["counted"] = counted
    return environment
