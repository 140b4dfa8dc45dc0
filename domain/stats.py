"""Which figures can be asked for, and what range they cover."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from domain.errors import InvalidInput
from domain.event import Severity, severities
from domain.filters import check_filter
from domain.page import MOST
from domain.span import TimeRange
from domain.zone import check_timezone, instant_of, local_of

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
WEEK = timedelta(days=7)
DEFAULT_RANGE = DAY
UTC_NAME = "UTC"
# How far back there are counts of each length. Hours go on for the whole UTC day in which they would end.
MOST_MINUTES = DAY
MOST_HOURLY = timedelta(days=90)
MOST_DAILY = timedelta(days=730)
MOST_BY_ISSUE = timedelta(days=366)


class Bucket(StrEnum):
    """How long one point of a timeline is. A week begins on Monday (ISO 8601)."""

    MINUTE = "MINUTE"
    HOUR = "HOUR"
    DAY = "DAY"
    WEEK = "WEEK"

    @property
    def length(self) -> timedelta:
        """Its length in UTC."""
        return _LENGTHS[self]


_LENGTHS = {Bucket.MINUTE: MINUTE, Bucket.HOUR: HOUR, Bucket.DAY: DAY, Bucket.WEEK: WEEK}
_A_MONDAY = datetime(1970, 1, 5, tzinfo=UTC)


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

    @property
    def issues(self) -> list[UUID] | None:
        """The issue that passes; `None` for all."""
        return None if self.issue is None else [self.issue]


@dataclass(frozen=True, slots=True)
class Coverage:
    """The range that figures cover, `[since, until)`: whole hours, or whole UTC days where only days are counted.

    `step` is the length of the counts that there are for the whole of it, and `now` when it was asked for.
    """

    since: datetime
    until: datetime
    step: timedelta = HOUR
    now: datetime | None = field(default=None, compare=False)

    @property
    def days(self) -> tuple[datetime, datetime]:
        """The whole UTC days that the range touches."""
        return floor(self.since, DAY), _ceiling(self.until, DAY)

    @property
    def parts(self) -> list["Stretch"]:
        """The range as whole UTC days, and as hours of one day what is left at each of its ends."""
        since, until = floor(self.since, HOUR), floor(self.until, HOUR)
        first, last = _ceiling(since, DAY), floor(until, DAY)
        if first > last:
            return [Stretch(HOUR, since, until)]
        parts = Stretch(HOUR, since, first), Stretch(DAY, first, last), Stretch(HOUR, last, until)
        return [part for part in parts if part.since < part.until]

    @property
    def has_minutes(self) -> bool:
        """Whether there are counts by the minute for the whole of it."""
        return self.now is not None and self.since >= floor(self.now - MOST_MINUTES, HOUR)

    def starts(self, bucket: Bucket, timezone: str = UTC_NAME) -> list[datetime]:
        """When each point of a timeline starts, oldest first; the first may have begun before the range.

        Days and weeks are those of the zone. Minutes that have not come yet are left out.
        """
        length, until = bucket.length, self.until
        if length >= DAY and timezone != UTC_NAME:
            return local_starts(self.since, self.until, ZoneInfo(timezone), days=length // DAY)
        if bucket is Bucket.MINUTE and self.now is not None:
            until = min(until, floor(self.now, MINUTE) + MINUTE)
        first = _week_of(self.since) if bucket is Bucket.WEEK else floor(self.since, length)
        return [first + n * length for n in range(-((first - until) // length))]


class Stretch(NamedTuple):
    """A range `[since, until)` of whole UTC days, or of hours within one: `step` says which."""

    step: timedelta
    since: datetime
    until: datetime


def coverage(asked: TimeRange, now: datetime, *, by_issue: bool) -> Coverage:
    """The range that is covered where this one was asked for: the last 24 hours, unless otherwise said.

    An end that is open takes in the hour, or the day, that is now. Whole UTC days are covered where an issue was named,
    and where the range is longer than there are counts by the hour, or begins before them.

    Raises: InvalidInput where the range contradicts itself, is longer than it may be, or begins before all counts.
    """
    span = asked.resolve(now, "range")
    since, until = span.since or (span.until or now) - DEFAULT_RANGE, span.until
    if not by_issue:
        covered = _widened(since, until, now, HOUR)
        if covered.since >= hours_since(now) and covered.until - covered.since <= MOST_HOURLY + HOUR:
            return covered
    covered, most = _widened(since, until, now, DAY), MOST_BY_ISSUE if by_issue else MOST_DAILY
    if covered.until - covered.since > most + DAY:
        raise InvalidInput(f"The range must not be longer than {most.days} days.", ("range",))
    if not by_issue and covered.since < days_since(now):
        raise InvalidInput(f"The range must not begin more than {most.days} days ago.", ("range",))
    return covered


def coverage_before(covered: Coverage, *, by_issue: bool) -> Coverage | None:
    """The range of the same length just before; none where it begins before all counts, or would cut up a day.

    By issue there are counts for good.
    """
    since, now = covered.since - (covered.until - covered.since), covered.now
    if now is None or by_issue:
        return replace(covered, since=since, until=covered.since)
    if since >= hours_since(now):
        return Coverage(since, covered.since, HOUR, now)
    days = Coverage(since, covered.since, DAY, now)
    return days if since >= days_since(now) and days.days == (since, covered.since) else None


def comparable(covered: Coverage, *, by_issue: bool) -> tuple[Coverage, Coverage] | None:
    """What of the range is over, to the whole hour or day, and the range of the same length just before that.

    None where nothing of it is over, or the range before is not covered.
    """
    until = covered.until if covered.now is None else min(covered.until, floor(covered.now, covered.step))
    if until <= covered.since:
        return None
    over = replace(covered, until=until)
    before = coverage_before(over, by_issue=by_issue)
    return None if before is None else (over, before)


def change_percent(recent: int, before: int) -> float | None:
    """By how much two counts differ, to a tenth; none where there was nothing before."""
    return round(100 * (recent - before) / before, 1) if before else None


def minutes_since(now: datetime) -> datetime:
    """Since when there are counts by the minute, with an hour more for those who ask meanwhile."""
    return floor(now - MOST_MINUTES - HOUR, HOUR)


def hours_since(now: datetime) -> datetime:
    """Since when there are counts by the hour: what is before is counted by the UTC day."""
    return floor(now - MOST_HOURLY, DAY)


def days_since(now: datetime) -> datetime:
    """Since when there are counts at all."""
    return floor(now - MOST_DAILY, DAY)


def _widened(since: datetime, until: datetime | None, now: datetime, step: timedelta) -> Coverage:
    start, end = floor(since, step), floor(now, step) + step if until is None else _ceiling(until, step)
    if start >= end:
        raise InvalidInput("`since` must be before now.", ("range", "since"))
    return Coverage(start, end, step, now)


def local_starts(since: datetime, until: datetime, zone: ZoneInfo, *, days: int) -> list[datetime]:
    """When each day in the zone starts that touches the range, or each week where it is 7 `days`.

    Rounded down to the whole hour of UTC, as counts are by the hour: in a zone that is half an hour off, a day has the
    half hour before it, and not its own last. Days have 23 or 25 hours where clocks are moved.
    """
    first, last = local_of(since, zone).date(), local_of(until, zone).date()
    first -= timedelta(days=days + (first.weekday() if days > 1 else 0))
    dates = (first + timedelta(days=n) for n in range(0, (last - first).days + days + 1, days))
    # A date that a zone left out has no day: it would start with the next.
    starts = sorted({floor(instant_of(datetime.combine(date, time()), zone), HOUR) for date in dates})
    ends = [*starts[1:], datetime.max.replace(tzinfo=UTC)]
    return [start for start, end in zip(starts, ends, strict=True) if start < until and end > since]


def floor(at: datetime, step: timedelta) -> datetime:
    """The latest start of a minute, an hour or a UTC day that is not after `at`."""
    midnight = at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + (at - midnight) // step * step


def _ceiling(at: datetime, step: timedelta) -> datetime:
    start = floor(at, step)
    return start if start == at else start + step


def _week_of(at: datetime) -> datetime:
    return _A_MONDAY + (at - _A_MONDAY) // WEEK * WEEK


class Figure(StrEnum):
    """One thing that can be asked of the rollups, or of what people did."""

    TOTAL = "TOTAL"
    BY_SEVERITY = "BY_SEVERITY"
    BY_SERVICE = "BY_SERVICE"
    BY_ENVIRONMENT = "BY_ENVIRONMENT"
    BY_RELEASE = "BY_RELEASE"
    TIMELINE = "TIMELINE"
    ISSUES = "ISSUES"
    NEW_ISSUES = "NEW_ISSUES"
    REGRESSIONS = "REGRESSIONS"
    USERS = "USERS"
    BY_STATUS = "BY_STATUS"
    TOP_ISSUES = "TOP_ISSUES"
    TIME_TO_ACKNOWLEDGE = "TIME_TO_ACKNOWLEDGE"
    TIME_TO_RESOLVE = "TIME_TO_RESOLVE"
    RESOLUTION_RATE = "RESOLUTION_RATE"
    FALSE_POSITIVE_RATE = "FALSE_POSITIVE_RATE"
    NOTIFICATION_LATENCY = "NOTIFICATION_LATENCY"
    ACKNOWLEDGED_IN_TIME = "ACKNOWLEDGED_IN_TIME"
    RESOLVED_IN_TIME = "RESOLVED_IN_TIME"
    SURGES = "SURGES"


@dataclass(frozen=True, slots=True)
class Question:
    """A figure: with how many entries where it is a list, and how long its points are where it is a timeline.

    It is of the range that was asked for, where none is named.
    """

    figure: Figure
    covered: Coverage | None = None
    first: int = MOST
    bucket: Bucket = Bucket.HOUR
    timezone: str = UTC_NAME


def timeline_question(bucket: Bucket, covered: Coverage, timezone: str = UTC_NAME) -> Question:
    """The question for a timeline of that range, with points of that length; days and weeks are those of the zone.

    Raises: InvalidInput where there is no such zone, or are no counts as short as that.
    """
    check_timezone(timezone, "timezone")
    if bucket.length < DAY <= covered.step:
        raise InvalidInput("Here events are counted by the UTC day: ask for the bucket DAY or WEEK.", ("bucket",))
    if bucket is Bucket.MINUTE and not covered.has_minutes:
        raise InvalidInput("Minutes are counted for a day: ask for a range within the last 24 hours.", ("bucket",))
    if covered.step >= DAY and covered.starts(bucket, timezone) != covered.starts(bucket):
        raise InvalidInput("Here events are counted by the UTC day: leave out `timezone`.", ("timezone",))
    return Question(Figure.TIMELINE, covered, bucket=bucket, timezone=timezone)


def check_daily(bucket: Bucket) -> None:
    """Return if points are to be days.

    Raises: InvalidInput.
    """
    if bucket is not Bucket.DAY:
        raise InvalidInput("This is counted by the UTC day: ask for the bucket DAY.", ("bucket",))


@dataclass(frozen=True, slots=True)
class Point:
    """One point of a timeline: when it starts, and how many events of each severity it has."""

    at: datetime
    by_severity: dict[Severity, int]

    @property
    def count(self) -> int:
        """How many events it has."""
        return sum(self.by_severity.values())
