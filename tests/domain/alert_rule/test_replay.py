"""A replay finds what looking at every minute would have found."""

from collections import Counter
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from domain.alert import AlertTrigger
from domain.alert_rule.definition import is_reached, value_of
from domain.alert_rule.replay import (
    Counted,
    Measure,
    replay_counts,
    replay_openings,
    replay_queue,
    thin_out,
)
from domain.event import Severity
from domain.stats import Point
from domain.surge import Baseline

START = datetime(2026, 3, 2, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)

minutes = st.integers(0, 3 * 24 * 60).map(lambda number: START + number * MINUTE)
counted = st.lists(
    st.builds(
        Counted,
        subject=st.sampled_from(["checkout", "billing"]),
        minute=minutes,
        severity=st.sampled_from([Severity.HIGH, Severity.LOW]),
        count=st.integers(1, 30),
    ),
    max_size=40,
)
measures = st.builds(
    Measure,
    trigger=st.sampled_from([AlertTrigger.EVENT_COUNT, AlertTrigger.ERROR_RATE, AlertTrigger.SURGE]),
    threshold=st.sampled_from([1.5, 3.0, 20.0]),
    window=st.sampled_from([MINUTE, 10 * MINUTE, 24 * HOUR]),
)


def by_hour(ones, subject) -> dict[datetime, int]:
    """What the subject had in each hour, without those that had nothing."""
    hours: Counter[datetime] = Counter()
    for one in ones:
        hours[one.minute.replace(minute=0)] += one.count if one.subject == subject else 0
    return {hour: count for hour, count in hours.items() if count}


def looked_at(ones, measure, subject, at) -> bool:
    """Whether the rule is reached then, by counting everything anew."""

    def count(start, end):
        return sum(one.count for one in ones if one.subject == subject and start <= one.minute < end)

    events = count(at - measure.window, at)
    judged = None
    if measure.trigger is AlertTrigger.SURGE:
        judged = Baseline(by_hour(ones, subject)).judge(events, window=measure.window, at=at)
    return is_reached(value_of(measure.trigger, events, measure.window, judged), measure.threshold, judged)


@given(ones=counted, measure=measures)
def test_it_is_reached_after_those_minutes_of_events_after_which_counting_anew_says_so(ones, measure):
    since = START + 24 * HOUR
    baselines = {each: Baseline(by_hour(ones, each)) for each in ("checkout", "billing")}
    replayed = replay_counts(ones, measure, since=since, baselines=baselines)
    found = {(subject, point.at) for subject, point in replayed}
    instants = {(one.subject, one.minute + MINUTE) for one in ones}
    assert found == {(subject, at) for subject, at in instants if at >= since and looked_at(ones, measure, subject, at)}


def test_a_point_says_what_the_window_had_by_severity():
    ones = [
        Counted("web", START, Severity.LOW, 2),
        Counted("web", START + 5 * MINUTE, Severity.HIGH, 3),
        Counted("web", START + 30 * MINUTE, Severity.LOW, 9),
    ]
    measure = Measure(AlertTrigger.EVENT_COUNT, 5, 10 * MINUTE)
    (_, first), (_, second) = replay_counts(ones, measure, since=START)
    assert (first.at, first.count, first.by_severity[Severity.HIGH]) == (START + 6 * MINUTE, 5, 3)
    assert (second.at, second.count) == (START + 31 * MINUTE, 9)


def _point(minute: int) -> Point:
    return Point(START + minute * MINUTE, {Severity.LOW: 1})


def test_each_subject_fires_once_in_a_cooldown_and_within_active_hours():
    found = [("a", _point(0)), ("b", _point(1)), ("a", _point(9)), ("a", _point(10)), ("b", _point(12))]
    fired = thin_out(found, cooldown=10 * MINUTE, is_active=lambda point: point.at != START + 12 * MINUTE)
    assert [point.at - START for point in fired] == [0 * MINUTE, 1 * MINUTE, 10 * MINUTE]


def test_what_is_open_long_enough_fires_once_after_each_opening():
    steps = [
        (START, True),
        (START + 2 * HOUR, False),
        (START + 3 * HOUR, True),
        (START + 3 * HOUR + 30 * MINUTE, True),
        (START + 5 * HOUR, True),
        (START + 5 * HOUR + MINUTE, False),
    ]
    assert replay_openings(steps, after=HOUR, until=START + 9 * HOUR) == [START + HOUR, START + 4 * HOUR + 30 * MINUTE]


def test_what_is_still_open_fires_when_its_time_has_come():
    assert replay_openings([(START, True)], after=HOUR, until=START + 59 * MINUTE) == []
    assert replay_openings([(START, True)], after=HOUR, until=START + HOUR) == [START + HOUR]


def test_a_queue_is_counted_whenever_it_grows():
    spans = [
        (START, START + HOUR, Severity.HIGH),
        (START + MINUTE, None, Severity.CRITICAL),
        (START + 2 * HOUR, None, Severity.HIGH),
    ]
    points = replay_queue(spans, threshold=2)
    assert [(point.at - START, point.count) for point in points] == [(MINUTE, 2), (2 * HOUR, 2)]
    assert points[1].by_severity[Severity.CRITICAL] == 1
