"""What this server lacks to send by a channel, so that it is said before and not tried in vain."""

from core.apprise import is_installed
from core.settings import Settings
from domain.channels import Missing
from domain.notification import Channel

NO_APPRISE = (
    "Apprise is not installed on this server (bin/prepare apprise, or the build argument REQUIREMENTS=apprise of the "
    "container, installs it)"
)
NO_MAIL = "no mail server is set (TOCSIN_SMTP_URL)"


def missing(settings: Settings) -> Missing:
    """What says why the channel cannot lead to that destination from here; none where it can."""
    lacking = {
        Channel.EMAIL: None if settings.smtp_url else NO_MAIL,
        Channel.SLACK: None if settings.slack_token else "no Slack bot is set (TOCSIN_SLACK_TOKEN)",
        Channel.SMS: _twilio(settings),
        Channel.TELEGRAM: None if settings.telegram_token else "no Telegram bot is set (TOCSIN_TELEGRAM_TOKEN)",
    }

    def say(channel: Channel, destination: str) -> str | None:
        if channel is Channel.SLACK and is_incoming_webhook(destination):
            return None
        if channel is Channel.APPRISE:
            return None if is_installed() else NO_APPRISE
        return lacking.get(channel)

    return say


def is_incoming_webhook(destination: str) -> bool:
    """Whether a Slack destination is the URL of an incoming webhook, rather than a member or a channel."""
    return destination.lower().startswith(("http://", "https://"))


def _twilio(settings: Settings) -> str | None:
    names = ("twilio_account_sid", "twilio_auth_token", "twilio_from")
    unset = [f"TOCSIN_{name.upper()}" for name in names if getattr(settings, name) is None]
    return f"text messages are not set up ({', '.join(unset)})" if unset else None
