"""What is usual for a service at an hour of the week, and what is so far beyond it that it is a surge.

Usual is what an hour of the week had: the median of the same hour in the five weeks before, with the hour before and
the one after, and to that what the last day had more than that at the median. The two parts are those of S-H-ESD, which
takes the season and the median away and asks how far what is left is from it, in units of the median absolute deviation
(Vallis, Hochenbaum, Kejariwal: A Novel Technique for Long-Term Anomaly Detection in the Cloud, HotCloud 2014); the
season here is robust too. Times 1.4826, that deviation estimates the standard deviation of what is normally spread, and
up to half of the values may be anything (Rousseeuw, Croux: Alternatives to the Median Absolute Deviation, JASA 88,
1993). Counts vary at least by their square root (Poisson), which keeps quiet services quiet.
"""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property
from math import sqrt
from statistics import mean, median

from domain.stats import DAY, HOUR, WEEK, floor

WEEKS = 5
# With fewer weeks than these, the last day stands for what is usual.
LEAST_WEEKS = 3
# The hours before one that say what is usual in it; and all before a window, whose last day has such before it.
_HISTORY = WEEKS * WEEK + HOUR
HISTORY = _HISTORY + DAY
# A surge of fewer events than these is none: three after one is nothing to be woken for.
LEAST_EVENTS = 10
LEAST_TIMES = 1.5
LEAST_SCORE = 5.0
# One that has begun lasts while this much is left of it, so that it is one surge and not ten.
LASTING_SCORE = LEAST_SCORE / 2
# The shortest finds what is sudden within two minutes; the longest, what is little but goes on.
WINDOWS = (timedelta(minutes=2), timedelta(minutes=5), timedelta(minutes=15))
# By which of them one sees that it is over.
LASTING_WINDOW = timedelta(minutes=5)
# Nothing of it for so long, and it is over.
OVER_AFTER = timedelta(minutes=5)
_NORMAL = 1.4826


@dataclass(frozen=True, slots=True)
class Usual:
    """How many events are usual in a span, and by how many they vary as a rule (one standard deviation)."""

    expected: float
    spread: float

    def share(self, part: float) -> "Usual":
        """What is usual of a part of the events, from 0 to 1."""
        return Usual(self.expected * part, self.spread * sqrt(part))


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a window had, against what is usual: `score` is by how many standard deviations it had more."""

    expected: float
    actual: int
    score: float
    window: timedelta

    @property
    def times(self) -> float:
        """How many times the usual it had, where less than one event counts as one."""
        return self.actual / max(self.expected, 1.0)

    @property
    def is_surge(self) -> bool:
        """Whether that is a surge: enough events, and enough more than usual, by the factor and by the score."""
        return self.actual >= LEAST_EVENTS and self.score >= LEAST_SCORE and self.times >= LEAST_TIMES

    @property
    def is_lasting(self) -> bool:
        """Whether a surge that has begun is not over yet."""
        return self.score >= LASTING_SCORE


class Baseline:
    """What is usual, of one thing whose events were counted by the UTC hour; an hour that is not there had none.

    The whole hours from `HISTORY` before what is asked for on must be there; those after it change nothing.
    """

    def __init__(self, counts: Mapping[datetime, int]) -> None:
        self._counts = counts
        self._seasons: dict[datetime, Usual | None] = {}
        self._levels: dict[datetime, float] = {}
        self._days: dict[datetime, Usual] = {}

    @cached_property
    def _known(self) -> Sequence[datetime]:
        return sorted(self._counts)

    def usual(self, since: datetime, until: datetime) -> Usual:
        """How many events are usual from then until then, and by how many that varies."""
        first, expected, spread = floor(since, HOUR), 0.0, 0.0
        hour = first
        while hour < until:
            share = (min(hour + HOUR, until) - max(hour, since)) / HOUR
            part = self._of_hour(hour, first).share(share)
            # Hours that are unusual are so together: their deviations add up, rather than their variances.
            expected, spread = expected + part.expected, spread + part.spread
            hour += HOUR
        return Usual(expected, spread)

    def judge(self, actual: int, *, window: timedelta, at: datetime) -> Judgement:
        """What so many events in the window that ends then are, against what is usual."""
        return judge(self.usual(at - window, at), actual, window=window)

    def _of_hour(self, hour: datetime, first: datetime) -> Usual:
        """What is usual in that hour, as seen from the hour in which the window began."""
        season = self._season(hour)
        if season is None:
            return self._day_before(first)
        return replace(season, expected=season.expected + self._level(first))

    def _season(self, hour: datetime) -> Usual | None:
        """What that hour of the week has; none where too few weeks are known."""
        if hour not in self._seasons:
            self._seasons[hour] = self._find_season(hour)
        return self._seasons[hour]

    def _find_season(self, hour: datetime) -> Usual | None:
        place = bisect_left(self._known, hour - _HISTORY)
        if place == len(self._known) or self._known[place] > hour - LEAST_WEEKS * WEEK:
            return None
        around = (hour - week * WEEK + beside * HOUR for week in range(1, WEEKS + 1) for beside in (-1, 0, 1))
        return _robust([self._count(each) for each in around if each >= self._known[place]])

    def _level(self, first: datetime) -> float:
        """By how many more an hour of the day before had than its hour of the week has, at the median."""
        if first not in self._levels:
            before = ((each, self._season(each)) for each in (first - n * HOUR for n in range(1, DAY // HOUR + 1)))
            more = [self._count(each) - season.expected for each, season in before if season is not None]
            self._levels[first] = max(median(more), 0.0) if more else 0.0
        return self._levels[first]

    def _day_before(self, first: datetime) -> Usual:
        if first not in self._days:
            self._days[first] = _of_day([self._count(first - n * HOUR) for n in range(1, DAY // HOUR + 1)])
        return self._days[first]

    def _count(self, hour: datetime) -> int:
        return self._counts.get(hour, 0)


def judge(usual: Usual, actual: int, *, window: timedelta) -> Judgement:
    """What so many events are against what is usual; counts vary at least by their square root."""
    spread = max(usual.spread, sqrt(max(usual.expected, 1.0)))
    return Judgement(usual.expected, actual, (actual - usual.expected) / spread, window)


def begun(judged: Sequence[Judgement]) -> Judgement | None:
    """The worst of these windows that is a surge, where it goes on; none where none is, or it is over already."""
    return worst(judged) if is_under_way(judged) else None


def is_under_way(judged: Sequence[Judgement]) -> bool:
    """Whether a surge that has begun is still there, by the window that tells."""
    return any(each.is_lasting for each in judged if each.window == LASTING_WINDOW)


def worst(judged: Sequence[Judgement]) -> Judgement | None:
    """The surge with the highest score; none where none is one."""
    return max((each for each in judged if each.is_surge), key=lambda each: each.score, default=None)


def usual_of_days(before: Sequence[int]) -> Usual:
    """What is usual for a day, from the same days of the weeks before."""
    return _robust(before) if before else Usual(0.0, 0.0)


def _robust(counts: Sequence[int]) -> Usual:
    middle = median(counts)
    return Usual(float(middle), _NORMAL * median(abs(count - middle) for count in counts))


def _of_day(counts: Sequence[int]) -> Usual:
    """What is usual by the last day alone: its mean, so that what comes once a day is not taken for nothing."""
    return replace(_robust(counts), expected=float(mean(counts)))
