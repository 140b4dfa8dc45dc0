from datetime import UTC, datetime, timedelta

import pytest

from domain.errors import InvalidInput
from domain.event import Severity
from domain.span import TimeRange
from domain.stats import Bucket, Coverage, Figure, Point, Question, coverage, timeline_question

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
    assert coverage(asked, NOW, by_issue=True) == Coverage(*days)
    assert Coverage(*hours).days == days


@pytest.mark.parametrize(
    ("asked", "by_issue"),
    [
        (TimeRange(last=timedelta(days=91, hours=2)), False),
        (TimeRange(last=timedelta(days=368)), True),
        (TimeRange(since=at(3)), False),
        (TimeRange(since=at(2), until=at(1)), False),
    ],
)
def test_a_range_that_is_too_long_or_no_range_is_refused(asked, by_issue):
    with pytest.raises(InvalidInput) as refusal:
        coverage(asked, NOW, by_issue=by_issue)
    assert refusal.value.path[0] == "range"


def test_ninety_days_and_by_issue_a_year_are_allowed():
    coverage(TimeRange(last=timedelta(days=90)), NOW, by_issue=False)
    coverage(TimeRange(last=timedelta(days=366)), NOW, by_issue=True)


def test_a_timeline_has_every_point_of_the_range():
    covered = Coverage(at(1, 22), at(2, 1))
    assert covered.starts(Bucket.HOUR) == [at(1, 22), at(1, 23), at(2, 0)]
    assert covered.starts(Bucket.DAY) == [at(1), at(2)]
    assert Coverage(at(1), at(2)).starts(Bucket.DAY) == [at(1)]


def test_by_issue_only_days_are_counted():
    assert timeline_question(Bucket.DAY, by_issue=True) == Question(Figure.TIMELINE, bucket=Bucket.DAY)
    assert timeline_question(Bucket.HOUR, by_issue=False).bucket is Bucket.HOUR
    with pytest.raises(InvalidInput):
        timeline_question(Bucket.HOUR, by_issue=True)


def test_a_point_counts_all_severities():
    assert Point(NOW, {Severity.LOW: 2, Severity.HIGH: 3}).count == 5
