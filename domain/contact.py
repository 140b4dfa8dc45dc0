"""Where a person can be reached, how it is shown that they can, and what they want to be told there, and when."""

import hmac
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import TypedDict
from urllib.parse import urlsplit
from uuid import UUID
from zoneinfo import ZoneInfo

from domain.apprise import check_apprise_url, shown_apprise_url
from domain.developer import check_email
from domain.errors import Conflict, InvalidInput
from domain.event import Severity
from domain.notification import Channel
from domain.text import one_line
from domain.zone import check_timezone

CODE_DIGITS = 6
CODE_LIFE = timedelta(minutes=10)
CODE_PAUSE = timedelta(seconds=30)
MOST_TRIES = 5
MOST_METHODS = 20
MOST_RULES = 50
LONGEST_DELAY = timedelta(days=1)
_LONGEST_URL = 2000
_SHOWN = 4
_LONG_ENOUGH = 16
_VALUE = "value"
_PHONE = re.compile(r"\+[1-9][0-9]{6,14}", re.ASCII)
_SPACING = re.compile(r"[\s().-]+")
_SLACK = re.compile(r"[UWCGD][A-Z0-9]{6,20}", re.ASCII)
_TELEGRAM = re.compile(r"-?[0-9]{1,20}|@[A-Za-z][A-Za-z0-9_]{4,31}", re.ASCII)
_ROUTING_KEY = re.compile(r"[0-9A-Za-z]{32}", re.ASCII)
_CLOCK = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]", re.ASCII)


class Importance(StrEnum):
    """Which of a person's two lists of rules counts."""

    NORMAL = "NORMAL"
    IMPORTANT = "IMPORTANT"


@dataclass(frozen=True, slots=True)
class Code:
    """A code that was sent: only its digest is kept, it ends, and it may be guessed at so many times."""

    digest: bytes | None = None
    expires_at: datetime | None = None
    tries: int = 0


@dataclass(frozen=True, slots=True)
class QuietHours:
    """A span of each day by the wall clock, `[start, end)` as HH:MM, also across midnight, in which one is left alone.

    Without a time zone it is that of the person.
    """

    start: str
    end: str
    timezone: str | None = None
    except_critical: bool = True


class RuleSettings(TypedDict, total=False):
    """What can be set of a notification rule; what is left out stays as it is."""

    importance: Importance
    channel: Channel
    min_severity: Severity
    delay: timedelta
    quiet_hours: QuietHours | None
    digest_every: timedelta | None


def check_value(channel: Channel, text: str) -> str:
    """The value as it is stored, if the channel can lead there.

    Raises: InvalidInput.
    """
    check = _CHECKS.get(channel)
    if check is None:
        raise InvalidInput("The dashboard needs no contact method: everybody has it.", ("channel",))
    return check(text)


def shown(channel: Channel, value: str) -> str:
    """The value as it may be shown: whoever knows the whole of a webhook's address or a routing key can use it."""
    if channel is Channel.APPRISE:
        return shown_apprise_url(value)
    tail = f"…{value[-_SHOWN:]}"
    if not _is_url(value):
        return tail if channel is Channel.PAGERDUTY else value
    parts = urlsplit(value)
    secret = value.partition(parts.netloc)[2]
    host = parts.netloc.rpartition("@")[2]
    return f"{parts.scheme}://{host}/{tail if len(secret) > _LONG_ENOUGH else '…'}"


def digest_of(code: str, method_id: UUID) -> bytes:
    """What is kept of a code that was sent for a contact method."""
    return sha256(method_id.bytes + code.strip().encode()).digest()


def refuse_code(sent: Code, *, verified: bool, at: datetime) -> None:
    """Return if a new code may be sent.

    Raises: Conflict.
    """
    if verified:
        raise Conflict("It is verified already.")
    if sent.expires_at is not None and sent.expires_at - CODE_LIFE + CODE_PAUSE > at:
        raise Conflict(f"A code was sent just now: wait {CODE_PAUSE.seconds} seconds before the next.")


def is_right(sent: Code, text: str, method_id: UUID, *, at: datetime) -> bool:
    """Whether this is the code that was sent; a wrong one is a try.

    Raises: Conflict where there is no code that could be right.
    """
    if sent.digest is None or sent.expires_at is None:
        raise Conflict("No code was sent: ask for one first.")
    if sent.expires_at <= at:
        raise Conflict("The code has ended: ask for a new one.")
    if sent.tries >= MOST_TRIES:
        raise Conflict(f"{MOST_TRIES} wrong codes were given: ask for a new one.")
    return hmac.compare_digest(sent.digest, digest_of(text, method_id))


def check_rule(settings: RuleSettings) -> RuleSettings:
    """The settings, if a rule can have them.

    Raises: InvalidInput.
    """
    if settings.get("channel") is Channel.DASHBOARD:
        raise InvalidInput("The dashboard needs no rule: everything is shown there.", ("channel",))
    if not timedelta() <= settings.get("delay", timedelta()) <= LONGEST_DELAY:
        raise InvalidInput("`delay` must be from 0 to a day.", ("delay",))
    quiet = settings.get("quiet_hours")
    if quiet is not None:
        check_quiet_hours(quiet, "quietHours")
    return settings


def is_quiet(quiet: QuietHours, zone: str, at: datetime) -> bool:
    """Whether the wall clock of that zone, unless the quiet hours name another, is within them at that instant."""
    now = at.astimezone(ZoneInfo(quiet.timezone or zone)).time().replace(tzinfo=None)
    start, end = time.fromisoformat(quiet.start), time.fromisoformat(quiet.end)
    return start <= now < end if start < end else now >= start or now < end


def check_quiet_hours(quiet: QuietHours, *path: str) -> None:
    """Return where the span is one; `path` is where the caller wrote it.

    Raises: InvalidInput.
    """
    for name, text in (("start", quiet.start), ("end", quiet.end)):
        if not _CLOCK.fullmatch(text):
            raise InvalidInput(f"`{name}` must be a time of day from 00:00 to 23:59.", (*path, name))
    if quiet.start == quiet.end:
        raise InvalidInput("`end` must be another time than `start`.", (*path, "end"))
    if quiet.timezone is not None:
        check_timezone(quiet.timezone, *path, "timezone")


def _email(text: str) -> str:
    return check_email(text, _VALUE)


def _phone(text: str) -> str:
    number = _SPACING.sub("", text)
    if not _PHONE.fullmatch(number):
        raise InvalidInput("`value` must be a phone number with its country, such as +4915112345678.", (_VALUE,))
    return number


def _slack(text: str) -> str:
    if _is_url(text.strip()):
        return _url(text)
    return _like(text, _SLACK, "a Slack member (U…), a channel (C…), or the URL of an incoming webhook")


def _telegram(text: str) -> str:
    return _like(text, _TELEGRAM, "a Telegram chat, by its number or @name")


def _routing_key(text: str) -> str:
    return _like(text, _ROUTING_KEY, "a PagerDuty routing key: 32 letters and digits")


def _like(text: str, form: re.Pattern[str], words: str) -> str:
    value = text.strip()
    if not form.fullmatch(value):
        raise InvalidInput(f"`value` must be {words}.", (_VALUE,))
    return value


def _url(text: str) -> str:
    value = one_line(text, _VALUE, most=_LONGEST_URL)
    try:
        host = urlsplit(value).hostname if _is_url(value) and " " not in value else None
    except ValueError:
        host = None
    if not host:
        raise InvalidInput("`value` must be an address such as https://hooks.example.com/in.", (_VALUE,))
    return value


def _is_url(text: str) -> bool:
    return text.lower().startswith(("http://", "https://"))


_CHECKS: Mapping[Channel, Callable[[str], str]] = {
    Channel.EMAIL: _email,
    Channel.SLACK: _slack,
    Channel.SMS: _phone,
    Channel.WEBHOOK: _url,
    Channel.TELEGRAM: _telegram,
    Channel.PAGERDUTY: _routing_key,
    Channel.APPRISE: check_apprise_url,
}
