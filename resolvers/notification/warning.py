"""The mail of a warning to administrators."""

from jinja2.sandbox import SandboxedEnvironment

from core.mail import Mail, domain_of
from core.settings import Settings
from domain.event import Severity
from models import Notification
from resolvers.notification.telling import COLOURS


def warning_mail(settings: Settings, notification: Notification, environment: SandboxedEnvironment) -> Mail:
    """The mail of such a notification."""
    content, host = notification.content, domain_of(settings.mail_from)
    colour = COLOURS[Severity.HIGH if content["wrong"] else Severity.INFO]
    view = {"services": [], "issues": [], **content, "subject": notification.subject, "colour": colour}
    return Mail(
        sender=settings.mail_from,
        recipient=notification.destination,
        recipient_name=content["recipient"],
        subject=notification.subject,
        text=environment.get_template("warning.txt.j2").render(view),
        html=environment.get_template("warning.html.j2").render(view),
        message_id=f"notification-{notification.id}@{host}",
        thread=f"warnings-{notification.recipient_id}@{host}",
        at=notification.created_at,
        headers={"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"},
    )
