"""What a notification is, and when a failed one is tried again."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import StrEnum
from uuid import UUID

from domain.alert import AlertStatus
from domain.errors import Conflict
from domain.event import Severity

_LONGEST_WAIT_S = 3600.0
_MOST_DOUBLINGS = 30
_LONGEST_SUBJECT = 160
_MOST_DIGITS = 9
_SERVER_ERRORS = 500
_ENDS = {AlertStatus.ACKNOWLEDGED, AlertStatus.RESOLVED}
_MENDABLE = frozenset({401, 403, 408, 409, 423, 425, 429})


class Channel(StrEnum):
    """A way to reach a person."""

    EMAIL = "EMAIL"
    SLACK = "SLACK"
    SMS = "SMS"
    WEBHOOK = "WEBHOOK"
    DASHBOARD = "DASHBOARD"
    TELEGRAM = "TELEGRAM"
    PAGERDUTY = "PAGERDUTY"
    APPRISE = "APPRISE"


class NotificationStatus(StrEnum):
    """Where the delivery stands."""

    PENDING = "PENDING"
    SENDING = "SENDING"
    SENT = "SENT"
    RETRYING = "RETRYING"
    SUPPRESSED = "SUPPRESSED"
    DEAD = "DEAD"


class NotificationKind(StrEnum):
    """What is told."""

    NEW_ISSUE = "NEW_ISSUE"
    REGRESSION = "REGRESSION"
    ASSIGNMENT = "ASSIGNMENT"
    ALERT = "ALERT"
    ESCALATION = "ESCALATION"
    DAILY_SUMMARY = "DAILY_SUMMARY"
    HANDOFF = "HANDOFF"
    TEST = "TEST"
    EVENTS_DROPPED = "EVENTS_DROPPED"
    WARNING = "WARNING"
    TARGET = "TARGET"


# Those about an issue; the others have a form of their own.
ABOUT_ISSUES = (
    NotificationKind.NEW_ISSUE,
    NotificationKind.REGRESSION,
    NotificationKind.ASSIGNMENT,
    NotificationKind.ALERT,
    NotificationKind.ESCALATION,
    NotificationKind.TARGET,
)


@dataclass(frozen=True, slots=True)
class NotificationFilter:
    """Which notifications are asked for; what is left out lets all pass."""

    status: Collection[NotificationStatus] | None = None
    channel: Collection[Channel] | None = None
    recipient_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one try. `is_final`: trying again cannot help, since the recipient was refused for good.

    `retry_after_s`: how long the server asked to be left alone. `receipt`: by what it knows the message, where it can
    be changed there later.
    """

    succeeded: bool
    status_code: int | None = None
    detail: str | None = None
    is_final: bool = False
    retry_after_s: float | None = None
    receipt: Mapping[str, str] | None = None


def next_attempt(attempt: int, *, most: int, base_s: float, random: float) -> timedelta | None:
    """How long to wait after so many failed tries, none where it was the last.

    Doubles with each try up to an hour, then is drawn between the half and the whole of that (`random` from 0 to 1),
    so that what failed together is not tried again together.
    """
    if attempt >= most:
        return None
    span_s = min(base_s * 2.0 ** min(attempt - 1, _MOST_DOUBLINGS), _LONGEST_WAIT_S)
    return timedelta(seconds=span_s * (0.5 + 0.5 * random))


def put_off(wait: timedelta, retry_after_s: float | None) -> timedelta:
    """The wait, or as long as the server asked for where that is longer, at most an hour."""
    return max(wait, timedelta(seconds=min(max(retry_after_s or 0.0, 0.0), _LONGEST_WAIT_S)))


def read_retry_after(header: str | None, at: datetime) -> float | None:
    """The seconds that a `Retry-After` asks for, as a number or as a date (RFC 9110); none where it says neither."""
    text = (header or "").strip()
    if text.isdecimal() and text.isascii():
        return float(text[:_MOST_DIGITS])
    try:
        until = parsedate_to_datetime(text)
    except ValueError:
        return None
    if until.tzinfo is None:
        until = until.replace(tzinfo=UTC)
    return max(0.0, (until - at).total_seconds())


def is_worth_another_try(status: int) -> bool:
    """Whether a server that answers with this HTTP status may answer otherwise next time.

    One that knows us not, or forbids us, does so until somebody changes a setting: that is about us, not about the
    recipient, and seldom for long.
    """
    return status >= _SERVER_ERRORS or status in _MENDABLE


def is_outdated(
    status: AlertStatus | None,
    taken_at: datetime | None,
    *,
    kind: NotificationKind,
    written_at: datetime,
    was_delayed: bool,
) -> bool:
    """Whether a message that waited on purpose needs not be sent any more, since somebody took the alert meanwhile.

    One that was written to whoever had it already, as a reminder is, is still wanted; and so is that an issue is
    somebody's now, until it is resolved.
    """
    ends = {AlertStatus.RESOLVED} if kind is NotificationKind.ASSIGNMENT else _ENDS
    has_it = status in ends
    return was_delayed and has_it and (taken_at is None or taken_at >= written_at)


def is_given_up(lapsed: int, *, most: int) -> bool:
    """Whether a notification that so many workers took and died of is left alone.

    A death is seldom the message's own fault, so it is let off twice as many as one that was refused.
    """
    return lapsed >= 2 * most


def subject(severity: Severity, short_id: str, title: str) -> str:
    """The subject of a message about an issue, with the most important first."""
    return one_line(f"[{severity}] {short_id} {title}", _LONGEST_SUBJECT)


def one_line(text: str, longest: int) -> str:
    """The text on one line of at most so many characters, with a space for what cannot be printed."""
    line = " ".join("".join(character if character.isprintable() else " " for character in text).split())
    return line if len(line) <= longest else line[: longest - 1].rstrip() + "…"


def refuse_retry(status: NotificationStatus, channel: Channel) -> None:
    """Return where trying once more makes sense: after it failed, or was held back.

    A webhook that was taken may be sent again too: programs lose what they took, and know it again by its id.

    Raises: Conflict.
    """
    if status in (NotificationStatus.PENDING, NotificationStatus.SENDING):
        raise Conflict("It is on its way already.")
    if status is NotificationStatus.SENT and channel is not Channel.WEBHOOK:
        raise Conflict("It was sent already.")
