"""When would a rule have fired? It is looked at as of the end of each minute that had events."""

from collections import deque
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.alert import AlertTrigger
from domain.alert_rule.definition import events_for, is_reached, value_of
from domain.event import Severity
from domain.stats import Point
from domain.surge import Baseline

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


def replay_counts(
    counted: Iterable[Counted],
    measure: Measure,
    *,
    since: datetime,
    baselines: Mapping[Hashable, Baseline] | None = None,
) -> list[tuple[Hashable, Point]]:
    """Each minute from `since` on after which the rule was reached, with the subject and what the window had.

    `counted` begins a window before that; for a surge, `baselines` say what is usual for each subject.
    """
    by_subject: dict[Hashable, list[Counted]] = {}
    for one in counted:
        by_subject.setdefault(one.subject, []).append(one)
    found = [
        (subject, point)
        for subject, ones in by_subject.items()
        for point in _reached(
            sorted(ones, key=lambda one: one.minute), measure, _baseline_of(subject, measure, baselines or {})
        )
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


def _reached(ones: Sequence[Counted], measure: Measure, baseline: Baseline | None) -> Iterable[Point]:
    """A point for each minute after which the window had enough."""
    window: deque[Counted] = deque()
    for index, one in enumerate(ones):
        window.append(one)
        if index + 1 < len(ones) and ones[index + 1].minute == one.minute:
            continue
        at = one.minute + MINUTE
        while window[0].minute < at - measure.window:
            window.popleft()
        if _is_enough(sum(each.count for each in window), measure, baseline, at):
            yield Point(at, _by_severity(window))


def _baseline_of(subject: Hashable, measure: Measure, baselines: Mapping[Hashable, Baseline]) -> Baseline | None:
    return baselines.get(subject, Baseline({})) if measure.trigger is AlertTrigger.SURGE else None


def _is_enough(events: int, measure: Measure, baseline: Baseline | None, at: datetime) -> bool:
    if events < events_for(measure.trigger, measure.threshold, measure.window):
        return False
    judged = baseline.judge(events, window=measure.window, at=at) if baseline else None
    return is_reached(value_of(measure.trigger, events, measure.window, judged), measure.threshold, judged)


def _by_severity(window: Iterable[Counted]) -> dict[Severity, int]:
    counts = dict.fromkeys(Severity, 0)
    for one in window:
        counts[one.severity] += one.count
    return counts
