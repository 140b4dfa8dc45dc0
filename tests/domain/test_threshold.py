from datetime import UTC, datetime, timedelta

import pytest

from domain.threshold import Bounds, Level, Measured, Threshold, in_last_hour, levels, usual_hour

HOUR = timedelta(hours=1)
NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
USUAL = Bounds(errors=100, critical=50, rise_factor=3, rise_floor=50, unacknowledged=10)


@pytest.mark.parametrize(
    ("measured", "crossed"),
    [
        (Measured(100, 50, 100, 10), set()),
        (Measured(101, 0, 100, 0), {Threshold.ERRORS}),
        (Measured(60, 51, 60, 11), {Threshold.CRITICAL, Threshold.UNACKNOWLEDGED}),
        (Measured(50, 0, 0, 0), set()),
        (Measured(51, 0, 0, 0), {Threshold.RISE}),
        (Measured(90, 0, 30, 0), set()),
        (Measured(91, 0, 30, 0), {Threshold.RISE}),
    ],
)
def test_what_is_crossed(measured, crossed):
    assert {threshold for threshold, level in levels(measured, USUAL).items() if level.is_crossed} == crossed


def test_without_a_bound_nothing_is_crossed_and_what_was_is_over():
    for level in levels(Measured(10**6, 10**6, 1, 10**6), Bounds(0, 0, 0, 50, 0)).values():
        assert (level.is_crossed, level.is_over) == (False, True)


@pytest.mark.parametrize(("value", "is_over"), [(101, False), (100, False), (81, False), (80, True), (0, True)])
def test_something_is_over_when_it_is_clearly_below_its_bound(value, is_over):
    assert Level(value, 100).is_over is is_over


@pytest.mark.parametrize(("minutes", "count"), [(0, 60), (15, 50), (30, 40), (59, 60 / 60 + 20)])
def test_the_last_hour_is_all_of_this_one_and_its_part_of_the_one_before(minutes, count):
    by_hour = {NINE - 2 * HOUR: 1000, NINE - HOUR: 60, NINE: 20 if minutes >= 59 else 10 if minutes == 30 else 0}
    by_hour[NINE] = {0: 0, 15: 5, 30: 10, 59: 20}[minutes]
    assert in_last_hour(by_hour, NINE + timedelta(minutes=minutes)) == pytest.approx(count)


def test_what_is_usual_is_the_mean_of_the_day_before_the_hour_before():
    by_hour = {NINE: 10**6, NINE - HOUR: 10**6, NINE - 2 * HOUR: 24, NINE - 25 * HOUR: 24, NINE - 26 * HOUR: 10**6}
    assert usual_hour(by_hour, NINE + HOUR / 2) == 2
    assert usual_hour({}, NINE) == 0
