"""Which figures can be asked for, and what range they cover."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from domain.errors import InvalidInput
from domain.event import Severity, severities
from domain.filters import check_filter
from domain.page import MOST
from domain.span import TimeRange

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
DEFAULT_RANGE = DAY
MOST_HOURLY = timedelta(days=90)
MOST_DAILY = timedelta(days=366)


class Bucket(StrEnum):
    """How long one point of a timeline is."""

    HOUR = "HOUR"
    DAY = "DAY"

    @property
    def length(self) -> timedelta:
        """Its length."""
        return HOUR if self is Bucket.HOUR else DAY


@dataclass(frozen=True, slots=True)
class StatsFilter:
    """What is counted: the events that pass every part that was given. `project` holds slugs.

    Raises: InvalidInput for a list that is too long, or a text that could not be stored.
    """

    project: tuple[str, ...] | None = None
    service: tuple[str, ...] | None = None
    environment: tuple[str, ...] | None = None
    severity: tuple[Severity, ...] | None = None
    min_severity: Severity | None = None
    issue: UUID | None = None

    def __post_init__(self) -> None:
        check_filter(self)

    @property
    def severities(self) -> frozenset[Severity] | None:
        """The severities that pass; `None` for all."""
        return severities(self.severity, self.min_severity)


@dataclass(frozen=True, slots=True)
class Coverage:
    """The range that figures cover, `[since, until)`: whole hours, or whole UTC days where they are by issue."""

    since: datetime
    until: datetime

    @property
    def days(self) -> tuple[datetime, datetime]:
        """The whole UTC days that the range touches."""
        return floor(self.since, DAY), _ceiling(self.until, DAY)

    def starts(self, bucket: Bucket) -> list[datetime]:
        """When each point of a timeline starts, oldest first; the first may have begun before the range."""
        first = floor(self.since, bucket.length)
        return [first + n * bucket.length for n in range(-((first - self.until) // bucket.length))]


def coverage(asked: TimeRange, now: datetime, *, by_issue: bool) -> Coverage:
    """The range that is covered where this one was asked for: the last 24 hours, unless otherwise said.

    An end that is open takes in the hour, or the day, that is now.

    Raises: InvalidInput where the range contradicts itself, or is longer than it may be.
    """
    span = asked.resolve(now, "range")
    step, most = (DAY, MOST_DAILY) if by_issue else (HOUR, MOST_HOURLY)
    until = floor(now, step) + step if span.until is None else _ceiling(span.until, step)
    since = floor(span.since or (span.until or now) - DEFAULT_RANGE, step)
    if since >= until:
        raise InvalidInput("`since` must be before now.", ("range", "since"))
    if until - since > most + step:
        raise InvalidInput(f"The range must not be longer than {most.days} days.", ("range",))
    return Coverage(since, until)


def floor(at: datetime, step: timedelta) -> datetime:
    """The latest start of an hour or UTC day that is not after `at`."""
    midnight = at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + (at - midnight) // step * step


def _ceiling(at: datetime, step: timedelta) -> datetime:
    start = floor(at, step)
    return start if start == at else start + step


class Figure(StrEnum):
    """One thing that can be asked of the rollups."""

    TOTAL = "TOTAL"
    BY_SEVERITY = "BY_SEVERITY"
    BY_SERVICE = "BY_SERVICE"
    BY_ENVIRONMENT = "BY_ENVIRONMENT"
    TIMELINE = "TIMELINE"
    ISSUES = "ISSUES"
    NEW_ISSUES = "NEW_ISSUES"
    BY_STATUS = "BY_STATUS"
    TOP_ISSUES = "TOP_ISSUES"


@dataclass(frozen=True, slots=True)
class Question:
    """A figure, with how many entries where it is a list, and how long its points are where it is a timeline."""

    figure: Figure
    first: int = MOST
    bucket: Bucket = Bucket.HOUR


def timeline_question(bucket: Bucket, *, by_issue: bool) -> Question:
    """The question for a timeline with points of that length.

    Raises: InvalidInput where hours are asked for by issue.
    """
    if by_issue and bucket is not Bucket.DAY:
        raise InvalidInput("By issue, events are counted by the day: ask for the bucket DAY.", ("bucket",))
    return Question(Figure.TIMELINE, bucket=bucket)


@dataclass(frozen=True, slots=True)
class Point:
    """One point of a timeline: when it starts, and how many events of each severity it has."""

    at: datetime
    by_severity: dict[Severity, int]

    @property
    def count(self) -> int:
        """How many events it has."""
        return sum(self.by_severity.values())
