"""What sends by each channel, and what keeps a message up to date where that can be done."""

from collections.abc import Mapping

from core.settings import Settings
from domain.notification import Channel, Outcome
from models import Notification
from resolvers.notification.apprise import apprise_sender
from resolvers.notification.delivery import Send
from resolvers.notification.door import Refresh, open_door
from resolvers.notification.mail import mail_sender
from resolvers.notification.pagerduty import pagerduty_refresher, pagerduty_sender
from resolvers.notification.ready import missing
from resolvers.notification.slack import slack_refresher, slack_sender
from resolvers.notification.sms import sms_sender
from resolvers.notification.telegram import telegram_sender
from resolvers.notification.webhook import webhook_sender
from resolvers.resources import Resources


def senders(res: Resources) -> Mapping[Channel, Send]:
    """What sends by each channel; one that is not set up here always fails, and says what is missing.

    What is on the dashboard is there once it is written.
    """
    door = open_door(res.settings, res.clock)
    by_channel = {
        Channel.EMAIL: mail_sender(res.settings),
        Channel.SLACK: slack_sender(door),
        Channel.SMS: sms_sender(door),
        Channel.WEBHOOK: webhook_sender(door, res.db),
        Channel.TELEGRAM: telegram_sender(door),
        Channel.PAGERDUTY: pagerduty_sender(door),
        Channel.APPRISE: apprise_sender(res.settings, res.clock),
    }
    return {channel: _guarded(res.settings, channel, send) for channel, send in by_channel.items()}


def refreshers(res: Resources) -> Mapping[Channel, Refresh]:
    """What says of a message that was sent where its alert stands now."""
    door = open_door(res.settings, res.clock)
    return {Channel.SLACK: slack_refresher(door), Channel.PAGERDUTY: pagerduty_refresher(door)}


def _guarded(settings: Settings, channel: Channel, send: Send) -> Send:
    """What sends, or else says what this server lacks for that: it may have had it when the message was written."""
    say = missing(settings)

    async def send_if_ready(notification: Notification) -> Outcome:
        lacking = say(channel, notification.destination)
        if lacking is not None:
            # What is not installed is not there by the next try; what is not set may be.
            detail, is_final = f"{lacking[0].upper()}{lacking[1:]}.", channel is Channel.APPRISE
            return Outcome(succeeded=False, detail=detail, is_final=is_final)
        return await send(notification)

    return send_if_ready
