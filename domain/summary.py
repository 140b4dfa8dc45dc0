"""The daily summary: when it is whose, which hours it tells of, if it is worth a mail, and how counts are shown."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from domain.channels import Rule
from domain.contact import Importance
from domain.event import Severity
from domain.notification import Channel
from domain.stats import HOUR, floor
from domain.zone import instant_of, local_of

# Later than this nobody wants it any more: the next morning is nearer.
USEFUL_FOR = timedelta(hours=12)
_DAY = timedelta(days=1)
_BLOCKS = " ▁▂▃▄▅▆▇█"
_LABEL_EVERY = 6
# From here on a percentage says less.
_TIMES = 3


@dataclass(frozen=True, slots=True)
class Morning:
    """A day on clocks in a zone, and the instant at which its summary is due."""

    day: date
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Window:
    """A span `[since, until)`."""

    since: datetime
    until: datetime

    @property
    def whole_hours(self) -> "Window":
        """The same to the whole UTC hour, by which events are counted: some zones are half an hour off."""
        return Window(floor(self.since, HOUR), floor(self.until, HOUR))


def due_morning(zone: ZoneInfo, clock: time, at: datetime) -> Morning | None:
    """The last day of which that time has come on the clocks of the zone; none where that is too long ago."""
    day = local_of(at, zone).date()
    due_at = instant_of(datetime.combine(day, clock), zone)
    if due_at > at:
        day -= _DAY
        due_at = instant_of(datetime.combine(day, clock), zone)
    return Morning(day, due_at) if at - due_at < USEFUL_FOR else None


def day_until(morning: date, clock: time, zone: ZoneInfo) -> Window:
    """From that time on the day before to that time in the morning: 23 or 25 hours where clocks are moved."""
    ends = (datetime.combine(each, clock) for each in (morning - _DAY, morning))
    return Window(*(instant_of(end, zone) for end in ends))


def wants_summary(rules: Collection[Rule], worst: Severity) -> bool:
    """Whether somebody with these rules wants it by mail, on a day of which this was the worst.

    Who has no rule for what is not urgent does; else one of those must be by mail, from that severity on.
    """
    normal = [rule for rule in rules if rule.importance is Importance.NORMAL]
    return not normal or any(rule.channel is Channel.EMAIL and worst.rank >= rule.min_severity.rank for rule in normal)


def change_in_words(count: int, before: int) -> str:
    """How a count compares to the one of the day before."""
    if count == before:
        return "as many as the day before" if count else "none the day before either"
    if not before:
        return "none the day before"
    if count >= _TIMES * before:
        return f"{round(count / before):,} times the {before:,} of the day before"
    percent = round(100 * (count - before) / before)
    if not percent:
        return "about as many as the day before"
    return f"{'up' if percent > 0 else 'down'} {abs(percent):,} % from {before:,} the day before"


def sparkline(counts: Sequence[int]) -> str:
    """The counts as a line of blocks; whatever is not none shows."""
    return "".join(_BLOCKS[_share(count, max(counts), len(_BLOCKS) - 1)] for count in counts)


def hour_axis(hours: Sequence[int]) -> str:
    """Labels below a line with a character for each of these hours of the clock: 00, 06, 12, 18."""
    axis = ""
    for position, hour in enumerate(hours):
        if hour % _LABEL_EVERY == 0 and (position == 0 or hours[position - 1] != hour):
            axis = f"{axis:<{position}}{hour:02}"
    return axis


def bar_heights(bad: Sequence[int], rest: Sequence[int], pixels: int) -> list[tuple[int, int]]:
    """How high the two parts of each bar are; whatever is not none shows."""
    most = max((one + other for one, other in zip(bad, rest, strict=True)), default=0)
    return [(_share(one, most, pixels), _share(other, most, pixels)) for one, other in zip(bad, rest, strict=True)]


def _share(count: int, most: int, whole: int) -> int:
    return -(-count * whole // most) if most else 0
