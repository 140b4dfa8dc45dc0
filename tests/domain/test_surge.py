"""What is usual, and what is a surge."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from domain.stats import HOUR, WEEK
from domain.surge import HISTORY, Baseline, Judgement, Usual, judge, usual_of_days, worst

MINUTE = timedelta(minutes=1)
# A Monday.
AT = datetime(2026, 3, 2, 9, tzinfo=UTC)


def history(rate=lambda _hour: 0, *, weeks: float = 6) -> dict[datetime, int]:
    """So many events in each hour of the weeks before; an hour without any has no row."""
    hours = [AT - n * HOUR for n in range(1, round(weeks * (WEEK / HOUR)) + 1)]
    return {hour: rate(hour) for hour in hours if rate(hour)}


def monday_rush(hour: datetime) -> int:
    return 600 if (hour.weekday(), hour.hour) in {(0, 8), (0, 9), (0, 10)} else 60


def judged(counts: dict[datetime, int], actual: int, window: timedelta = HOUR) -> Judgement:
    return Baseline(counts).judge(actual, window=window, at=AT + window)


@pytest.mark.parametrize(
    ("counts", "actual", "window", "is_surge"),
    [
        pytest.param(history(lambda _: 60), 70, HOUR, False, id="as always"),
        pytest.param(history(lambda _: 60), 180, HOUR, True, id="three times as many"),
        pytest.param(history(lambda _: 60), 30, 10 * MINUTE, True, id="three times as many in a part of the hour"),
        pytest.param(history(lambda _: 6000), 7000, HOUR, False, id="many, but hardly more than always"),
        pytest.param(history(monday_rush), 620, HOUR, False, id="each Monday is so"),
        pytest.param(history(monday_rush), 2000, HOUR, True, id="even for a Monday too many"),
        pytest.param(history(lambda h: monday_rush(h) if h.weekday() else 60), 620, HOUR, True, id="no Monday was so"),
        pytest.param(history(), 3, HOUR, False, id="three in a quiet service"),
        pytest.param(history(), 9, MINUTE, False, id="nine are not enough"),
        pytest.param(history(), 10, MINUTE, True, id="ten where there never were any"),
        pytest.param(history(lambda _: 60, weeks=1), 70, HOUR, False, id="as the last day"),
        pytest.param(history(lambda _: 60, weeks=1), 180, HOUR, True, id="more than the last day"),
        pytest.param(history(lambda h: 60 if h < AT - WEEK / 12 else 300), 310, HOUR, False, id="a higher level holds"),
        pytest.param(history(lambda h: 60 if h < AT - 6 * HOUR else 300), 310, HOUR, True, id="it went on for hours"),
        pytest.param(history(lambda h: 40 * (h.day % 5 + 1)), 300, HOUR, False, id="it always varies"),
    ],
)
def test_a_surge_is_what_that_hour_of_the_week_never_has(counts, actual, window, is_surge):
    assert judged(counts, actual, window).is_surge is is_surge


def test_a_judgement_is_explained_by_what_is_usual_and_by_how_far_it_is_beyond():
    found = judged(history(lambda _: 64), 144)
    assert (found.expected, found.actual, found.score, found.times) == (64.0, 144, 10.0, 2.25)


def test_a_window_over_several_hours_takes_its_part_of_each():
    usual = Baseline(history(lambda h: 600 if h.hour >= 9 else 60)).usual(AT - 2.5 * HOUR, AT + 0.5 * HOUR)
    assert usual.expected == 0.5 * 60 + 60 + 60 + 0.5 * 600


rates = st.lists(st.integers(0, 500), min_size=24 * 7, max_size=24 * 7)


@given(rates=rates, factor=st.integers(2, 9))
def test_what_is_usual_grows_with_what_there_is(rates, factor):
    """So many times as many events in each hour are so many times as many that are usual, and vary as much more."""
    counts = {AT - n * HOUR: rates[n % len(rates)] + 1 for n in range(1, 24 * 7 * 5 + 2)}
    usual = Baseline(counts).usual(AT, AT + HOUR)
    scaled = Baseline({hour: factor * count for hour, count in counts.items()}).usual(AT, AT + HOUR)
    assert scaled.expected == pytest.approx(factor * usual.expected)
    assert scaled.spread == pytest.approx(factor * usual.spread)


@given(rate=st.integers(10, 1000), bad=st.integers(0, 24 * 7 * 5), many=st.integers(0, 10**7))
def test_one_bad_hour_in_the_past_changes_nothing_where_all_others_are_equal(rate, bad, many):
    counts = {AT - n * HOUR: rate for n in range(1, 24 * 7 * 5 + 2)}
    assert Baseline({**counts, AT - (bad + 1) * HOUR: many}).usual(AT, AT + HOUR) == Usual(float(rate), 0.0)


@given(rates=rates)
def test_a_week_like_those_before_has_no_surge(rates):
    counts = {AT - n * HOUR: rates[n % len(rates)] for n in range(24 * 7 * 6 + 2)}
    baseline = Baseline(counts)
    # The hours beside are taken for the same: only what is not steeper than they are is as before.
    around = [rates[place % len(rates)] for place in (-1, 0, 1)]
    assume(rates[0] <= sorted(around)[1])
    assert not baseline.judge(rates[0], window=HOUR, at=AT + HOUR).is_surge


@given(counts=st.dictionaries(st.integers(-900, 48).map(lambda n: AT + n * HOUR), st.integers(1, 99)))
def test_what_comes_later_and_what_was_long_ago_changes_nothing(counts):
    later, before = AT + HOUR, AT - HISTORY
    near = {hour: count for hour, count in counts.items() if before <= hour < AT}
    assert Baseline(counts).usual(AT, later) == Baseline(near).usual(AT, later)


def test_the_worst_is_told_and_what_is_no_surge_is_not():
    some, more = judge(Usual(4, 1), 20, window=5 * MINUTE), judge(Usual(4, 1), 40, window=15 * MINUTE)
    assert (worst([some, more]), worst([judge(Usual(4, 1), 9, window=MINUTE)])) == (more, None)
    assert judge(Usual(4, 1), 9, window=MINUTE).is_lasting
    assert not judge(Usual(4, 1), 8, window=MINUTE).is_lasting


def test_days_are_compared_with_those_of_the_weeks_before():
    assert (usual_of_days([10, 12, 900]).expected, usual_of_days([])) == (12.0, Usual(0.0, 0.0))
