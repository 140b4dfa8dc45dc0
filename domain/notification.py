"""What a notification is, and when a failed one is tried again."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from uuid import UUID

from domain.errors import Conflict
from domain.event import Severity

_LONGEST_WAIT_S = 3600.0
_MOST_DOUBLINGS = 30
_LONGEST_SUBJECT = 160


class Channel(StrEnum):
    """A way to reach a person."""

    EMAIL = "EMAIL"
    SLACK = "SLACK"
    SMS = "SMS"
    WEBHOOK = "WEBHOOK"
    DASHBOARD = "DASHBOARD"
    TELEGRAM = "TELEGRAM"
    PAGERDUTY = "PAGERDUTY"


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


@dataclass(frozen=True, slots=True)
class NotificationFilter:
    """Which notifications are asked for; what is left out lets all pass."""

    status: Collection[NotificationStatus] | None = None
    channel: Collection[Channel] | None = None
    recipient_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one try. `is_final`: trying again cannot help, since the recipient was refused for good."""

    succeeded: bool
    status_code: int | None = None
    detail: str | None = None
    is_final: bool = False


def next_attempt(attempt: int, *, most: int, base_s: float, random: float) -> timedelta | None:
    """How long to wait after so many failed tries, none where it was the last.

    Doubles with each try up to an hour, then is drawn between the half and the whole of that (`random` from 0 to 1),
    so that what failed together is not tried again together.
    """
    if attempt >= most:
        return None
    span_s = min(base_s * 2.0 ** min(attempt - 1, _MOST_DOUBLINGS), _LONGEST_WAIT_S)
    return timedelta(seconds=span_s * (0.5 + 0.5 * random))


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


def refuse_retry(status: NotificationStatus) -> None:
    """Return where trying once more makes sense: after it failed, or was held back.

    Raises: Conflict.
    """
    if status in (NotificationStatus.PENDING, NotificationStatus.SENDING):
        raise Conflict("It is on its way already.")
    if status is NotificationStatus.SENT:
        raise Conflict("It was sent already.")
