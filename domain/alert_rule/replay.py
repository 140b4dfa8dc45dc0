"""When would a rule have fired? It is looked at as of the end of each minute that had events."""

from collections import deque
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.alert import AlertTrigger
from domain.alert_rule.definition import baseline_span, is_reached, value_of
from domain.event import Severity
from domain.stats import Point

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Counted:
    """So many events of one severity in the minute that starts then, of what the rule counts apart."""

    subject: Hashable
    minute: datetime
    severity: Severity
    count: int


@dataclass(frozen=True, slots=True)
class Measure:
    """When so many events are too many."""

    trigger: AlertTrigger
    threshold: float
    window: timedelta


def replay_counts(counted: Iterable[Counted], measure: Measure, *, since: datetime) -> list[tuple[Hashable, Point]]:
    """Each minute from `since` on after which the rule was reached, with the subject and what the window had.

    `counted` begins a window (and, for a surge, 24 hours) before that.
    """
    by_subject: dict[Hashable, list[Counted]] = {}
    for one in counted:
        by_subject.setdefault(one.subject, []).append(one)
    found = [
        (subject, point)
        for subject, ones in by_subject.items()
        for point in _reached(sorted(ones, key=lambda one: one.minute), measure)
        if point.at >= since
    ]
    return sorted(found, key=lambda pair: pair[1].at)


def thin_out(
    found: Sequence[tuple[Hashable, Point]], *, cooldown: timedelta, is_active: Callable[[Point], bool]
) -> list[Point]:
    """Those at which it fires, oldest first: within its active hours, and each subject once in a cool-down."""
    last: dict[Hashable, datetime] = {}
    fired = []
    for subject, point in found:
        if is_active(point) and (subject not in last or point.at - last[subject] >= cooldown):
            last[subject] = point.at
            fired.append(point)
    return fired


def replay_openings(steps: Iterable[tuple[datetime, bool]], *, after: timedelta, until: datetime) -> list[datetime]:
    """When what opens and closes had been open for so long; a step that opens what is open begins anew.

    `steps` are in order: when, and whether it opens.
    """
    fired: list[datetime] = []
    opened: datetime | None = None
    for at, opens in [*steps, (until, False)]:
        if opened is not None and at - opened >= after:
            fired.append(opened + after)
        opened = at if opens else None
    return fired


def replay_queue(spans: Sequence[tuple[datetime, datetime | None, Severity]], *, threshold: float) -> list[Point]:
    """When as many as that were open at once, and which; a span is from when until when one was, none for still."""
    steps = [(start, 1, severity) for start, _, severity in spans]
    steps += [(end, -1, severity) for _, end, severity in spans if end is not None]
    found, open_now = [], dict.fromkeys(Severity, 0)
    for at, step, severity in sorted(steps, key=lambda each: each[:2]):
        open_now[severity] += step
        if step > 0 and sum(open_now.values()) >= threshold:
            found.append(Point(at, dict(open_now)))
    return found


def _reached(ones: Sequence[Counted], measure: Measure) -> Iterable[Point]:
    """A point for each minute after which the window had enough."""
    window: deque[Counted] = deque()
    hours = _by_hour(ones) if measure.trigger is AlertTrigger.SURGE else {}
    for index, one in enumerate(ones):
        window.append(one)
        if index + 1 < len(ones) and ones[index + 1].minute == one.minute:
            continue
        at = one.minute + MINUTE
        while window[0].minute < at - measure.window:
            window.popleft()
        if _is_enough(sum(each.count for each in window), measure, hours, at):
            yield Point(at, _by_severity(window))


def _is_enough(events: int, measure: Measure, hours: dict[datetime, int], at: datetime) -> bool:
    start, end = baseline_span(at - measure.window)
    before = sum(count for hour, count in hours.items() if start <= hour < end)
    value = value_of(measure.trigger, events, measure.window, before=before)
    return is_reached(measure.trigger, value, measure.threshold, events=events)


def _by_hour(ones: Iterable[Counted]) -> dict[datetime, int]:
    hours: dict[datetime, int] = {}
    for one in ones:
        hour = one.minute.replace(minute=0)
        hours[hour] = hours.get(hour, 0) + one.count
    return hours


def _by_severity(window: Iterable[Counted]) -> dict[Severity, int]:
    counts = dict.fromkeys(Severity, 0)
    for one in window:
        counts[one.severity] += one.count
    return counts
