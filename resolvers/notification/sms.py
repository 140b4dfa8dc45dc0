"""A notification as a text message, by Twilio: short, the error first."""

from dataclasses import replace
from urllib.parse import urlencode

from domain.notification import Outcome, one_line
from models import Notification
from resolvers.notification.delivery import Send
from resolvers.notification.door import Door, read_object
from resolvers.notification.telling import Telling, telling

_LONGEST = 300
_SERVICE = "MG"
_FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def sms_sender(door: Door) -> Send:
    """What sends a notification to a phone; to be used where Twilio is set up."""
    settings = door.settings
    account = f"{settings.twilio_url}/2010-04-01/Accounts/{settings.twilio_account_sid}/Messages.json"
    sender = settings.twilio_from or ""
    by = {"MessagingServiceSid" if sender.startswith(_SERVICE) else "From": sender}
    auth = (settings.twilio_account_sid or "", settings.twilio_auth_token or "")

    async def send(notification: Notification) -> Outcome:
        form = {"To": notification.destination, **by, **_callback(door, notification), "Body": make_text(notification)}
        answer, outcome = await door.post(account, urlencode(form).encode(), _FORM, auth)
        said = read_object(answer)
        if outcome.succeeded:
            return replace(outcome, detail=f"{said.get('status', 'taken')} {said.get('sid', '')}".strip())
        words = " ".join(str(said[key]) for key in ("code", "message") if key in said)
        return replace(outcome, detail=words or outcome.detail)

    return send


def _callback(door: Door, notification: Notification) -> dict[str, str]:
    """Where Twilio is to tell what becomes of it: nowhere, where this server has no address that it could call."""
    if door.settings.public_url is None:
        return {}
    told = urlencode({"notification": notification.id, "attempt": notification.attempt_count})
    return {"StatusCallback": f"{door.settings.base_url}/twilio/status?{told}"}


def make_text(notification: Notification) -> str:
    """The text: what is wrong, how bad, where; then the link, and how to answer."""
    told = telling(notification)
    more = f", {told.others.words} ({told.others.severities})" if told.others else ""
    link = "" if told.said else f" {told.url}"
    end = f"{more}{link}{_how_to_answer(told)}"
    return one_line(_words(told), _LONGEST - len(end)) + end


def _words(told: Telling) -> str:
    if told.said:
        return told.said
    return replace(told, others=None).line if told.short_id else " ".join([told.title, *told.lines])


def _how_to_answer(told: Telling) -> str:
    """What may be written back, where there is an alert; `domain/answer.py` reads it."""
    if told.alert_id is None or told.short_id is None:
        return ""
    number = told.short_id.rpartition("-")[2]
    return f" Reply A {number} to acknowledge, R {number} to resolve."
