from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import InvalidInput
from domain.event import Severity
from domain.span import TimeRange
from domain.stats import (
    DAY,
    HOUR,
    Bucket,
    Coverage,
    Figure,
    Point,
    Question,
    change_percent,
    comparable,
    coverage,
    coverage_before,
    days_since,
    hours_since,
    minutes_since,
    timeline_question,
)

NOW = datetime(2026, 3, 2, 3, 20, tzinfo=UTC)


def at(day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("asked", "hours", "days"),
    [
        (TimeRange(), (at(1, 3), at(2, 4)), (at(1), at(3))),
        (TimeRange(last=timedelta(minutes=30)), (at(2, 2), at(2, 4)), (at(2), at(3))),
        (TimeRange(since=at(1, 23, 59)), (at(1, 23), at(2, 4)), (at(1), at(3))),
        (TimeRange(at(1, 1), at(1, 2)), (at(1, 1), at(1, 2)), (at(1), at(2))),
        (TimeRange(at(1, 1, 1), at(1, 2, 1)), (at(1, 1), at(1, 3)), (at(1), at(2))),
        (TimeRange(until=at(2)), (at(1), at(2)), (at(1), at(2))),
    ],
)
def test_a_range_is_widened_to_whole_hours_or_whole_days(asked, hours, days):
    assert coverage(asked, NOW, by_issue=False) == Coverage(*hours)
    assert coverage(asked, NOW, by_issue=True) == Coverage(*days, step=DAY)
    assert Coverage(*hours).days == days


@pytest.mark.parametrize(
    ("covered", "parts"),
    [
        (Coverage(at(1, 3), at(1, 4)), [(HOUR, at(1, 3), at(1, 4))]),
        (Coverage(at(1), at(1, 4)), [(HOUR, at(1), at(1, 4))]),
        (Coverage(at(1, 3), at(2)), [(HOUR, at(1, 3), at(2))]),
        (Coverage(at(1, 3), at(2, 4)), [(HOUR, at(1, 3), at(2)), (HOUR, at(2), at(2, 4))]),
        (
            Coverage(at(1, 3), at(3, 4)),
            [(HOUR, at(1, 3), at(2)), (DAY, at(2), at(3)), (HOUR, at(3), at(3, 4))],
        ),
        (Coverage(at(1), at(3)), [(DAY, at(1), at(3))]),
    ],
)
def test_a_range_is_read_as_whole_days_and_as_hours_of_one_day_at_its_ends(covered, parts):
    assert covered.parts == parts


@pytest.mark.parametrize(
    ("asked", "by_issue"),
    [
        (TimeRange(last=timedelta(days=731)), False),
        (TimeRange(NOW - 1000 * DAY, NOW - 999 * DAY), False),
        (TimeRange(since=NOW, until=NOW + 732 * DAY), False),
        (TimeRange(last=timedelta(days=368)), True),
        (TimeRange(since=at(3)), False),
        (TimeRange(since=at(2), until=at(1)), False),
    ],
)
def test_a_range_that_is_too_long_or_no_range_is_refused(asked, by_issue):
    with pytest.raises(InvalidInput) as refusal:
        coverage(asked, NOW, by_issue=by_issue)
    assert refusal.value.path[0] == "range"


@pytest.mark.parametrize(
    ("asked", "since", "step"),
    [
        (TimeRange(last=90 * DAY), NOW.replace(minute=0) - 90 * DAY, HOUR),
        (TimeRange(last=90 * DAY + HOUR), at(2) - 90 * DAY, DAY),
        (TimeRange(NOW - 90 * DAY, NOW - 89 * DAY), NOW.replace(minute=0) - 90 * DAY, HOUR),
        (TimeRange(at(2) - 90 * DAY, at(2)), at(2) - 90 * DAY, HOUR),
        (TimeRange(at(1, 23) - 90 * DAY, at(2) - 90 * DAY), at(1) - 90 * DAY, DAY),
        (TimeRange(last=730 * DAY), at(2) - 730 * DAY, DAY),
    ],
)
def test_what_is_longer_than_there_are_hours_or_before_them_is_covered_by_days(asked, since, step):
    covered = coverage(asked, NOW, by_issue=False)
    assert (covered.since, covered.step) == (since, step)
    assert covered.since >= (hours_since(NOW) if step == HOUR else days_since(NOW))
    if step == DAY:
        assert (covered.since, covered.until) == covered.days


def test_by_issue_a_year_is_allowed():
    assert coverage(TimeRange(last=timedelta(days=366)), NOW, by_issue=True).step == DAY


def test_a_timeline_has_every_point_of_the_range():
    covered = Coverage(at(1, 22), at(2, 1))
    assert covered.starts(Bucket.HOUR) == [at(1, 22), at(1, 23), at(2, 0)]
    assert covered.starts(Bucket.DAY) == [at(1), at(2)]
    assert Coverage(at(1), at(2)).starts(Bucket.DAY) == [at(1)]
    # The first of March 2026 is a Sunday.
    assert covered.starts(Bucket.WEEK) == [at(1) - 6 * DAY, at(2)]
    assert covered.starts(Bucket.MINUTE)[::179] == [at(1, 22), at(2, 0, 59)]


def test_minutes_end_with_the_one_that_is_now():
    covered = coverage(TimeRange(), NOW, by_issue=False)
    assert covered.starts(Bucket.MINUTE)[0] == at(1, 3)
    assert covered.starts(Bucket.MINUTE)[-1] == at(2, 3, 20)
    assert covered.starts(Bucket.HOUR)[-1] == at(2, 3)


@pytest.mark.parametrize(("recent", "before", "percent"), [(3, 0, None), (3, 2, 50), (0, 4, -100), (1, 3, -66.7)])
def test_by_how_much_two_counts_differ(recent, before, percent):
    assert change_percent(recent, before) == percent


@pytest.mark.parametrize(
    ("asked", "before"),
    [
        (TimeRange(at(1), at(1, 5)), Coverage(at(1) - 5 * HOUR, at(1))),
        (TimeRange(last=45 * DAY - HOUR), Coverage(NOW.replace(minute=0) - 90 * DAY + HOUR, NOW.replace(minute=0) - 45 * DAY + HOUR)),
        # The hours before are partly counted by the day, and the range is no whole days.
        (TimeRange(last=46 * DAY), None),
        (TimeRange(at(1) - 60 * DAY, at(1)), Coverage(at(1) - 120 * DAY, at(1) - 60 * DAY, DAY)),
        (TimeRange(at(1) - 200 * DAY, at(1)), Coverage(at(1) - 400 * DAY, at(1) - 200 * DAY, DAY)),
        (TimeRange(last=400 * DAY), None),
    ],
)  # fmt: skip
def test_the_range_before_is_as_long_and_is_covered_or_there_is_none(asked, before):
    found = coverage_before(coverage(asked, NOW, by_issue=False), by_issue=False)
    assert found == before
    assert found is None or found.now == NOW


def test_by_issue_there_is_always_a_range_before():
    covered = coverage(TimeRange(last=366 * DAY), NOW, by_issue=True)
    before = coverage_before(covered, by_issue=True)
    assert (before.since, before.until, before.step) == (covered.since - 367 * DAY, covered.since, DAY)


@pytest.mark.parametrize(
    ("asked", "by_issue", "over", "before"),
    [
        # At 3:20, the hour from 3:00 on is not over.
        (TimeRange(), False, (at(1, 3), at(2, 3)), (at(1, 3) - DAY, at(1, 3))),
        (TimeRange(at(1), at(1, 5)), False, (at(1), at(1, 5)), (at(1) - 5 * HOUR, at(1))),
        (TimeRange(last=2 * DAY), True, (at(2) - 2 * DAY, at(2)), (at(2) - 4 * DAY, at(2) - 2 * DAY)),
        (TimeRange(last=timedelta(minutes=10)), False, None, None),
        (TimeRange(last=400 * DAY), False, None, None),
    ],
)
def test_hours_that_are_over_are_compared_to_as_many_before(asked, by_issue, over, before):
    both = comparable(coverage(asked, NOW, by_issue=by_issue), by_issue=by_issue)
    assert (both and tuple((each.since, each.until) for each in both)) == (over and (over, before))


def test_points_are_no_shorter_than_what_is_counted():
    day, quarter = (coverage(TimeRange(last=last), NOW, by_issue=False) for last in (DAY, 91 * DAY))
    by_issue, two_days = (coverage(TimeRange(last=2 * DAY), NOW, by_issue=by_issue) for by_issue in (True, False))
    for covered, bucket in (
        (day, Bucket.MINUTE), (day, Bucket.WEEK), (two_days, Bucket.HOUR), (quarter, Bucket.DAY), (by_issue, Bucket.WEEK),
    ):  # fmt: skip
        assert timeline_question(bucket, covered) == Question(Figure.TIMELINE, covered, bucket=bucket)
    for covered, bucket in (
        (two_days, Bucket.MINUTE), (quarter, Bucket.HOUR), (by_issue, Bucket.HOUR), (by_issue, Bucket.MINUTE),
    ):  # fmt: skip
        with pytest.raises(InvalidInput):
            timeline_question(bucket, covered)


@given(
    back=st.timedeltas(timedelta(0), timedelta(hours=24)),
    length=st.timedeltas(timedelta(minutes=1), timedelta(hours=24)),
)
def test_whatever_has_minutes_or_hours_is_kept_when_counts_are_pruned_meanwhile(back, length):
    covered = coverage(TimeRange(NOW - back, NOW - back + length), NOW, by_issue=False)
    assert covered.has_minutes
    assert covered.since >= minutes_since(NOW + timedelta(minutes=59))


def test_a_point_counts_all_severities():
    assert Point(NOW, {Severity.LOW: 2, Severity.HIGH: 3}).count == 5
