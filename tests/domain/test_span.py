from datetime import UTC, datetime, timedelta, timezone

import pytest

from domain.errors import InvalidInput
from domain.span import Span, TimeRange

NOW = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("asked", "span"),
    [
        (TimeRange(), Span()),
        (TimeRange(since=NOW), Span(since=NOW)),
        (TimeRange(until=NOW), Span(until=NOW)),
        (TimeRange(NOW - HOUR, NOW), Span(NOW - HOUR, NOW)),
        (TimeRange(last=HOUR), Span(since=NOW - HOUR)),
        (TimeRange(since=datetime.min.replace(tzinfo=UTC)), Span(since=datetime(1970, 1, 1, tzinfo=UTC))),
        (TimeRange(until=datetime.max.replace(tzinfo=timezone(-HOUR))), Span(until=datetime(9999, 1, 1, tzinfo=UTC))),
        (TimeRange(last=timedelta(days=300_000)), Span(since=datetime(1970, 1, 1, tzinfo=UTC))),
    ],
)
def test_a_range_becomes_the_span_that_is_meant(asked: TimeRange, span: Span):
    assert asked.resolve(NOW) == span


@pytest.mark.parametrize(
    ("asked", "part"),
    [
        (TimeRange(since=NOW, until=NOW), "until"),
        (TimeRange(since=NOW, until=NOW - HOUR), "until"),
        (TimeRange(since=NOW, last=HOUR), "last"),
        (TimeRange(until=NOW, last=HOUR), "last"),
        (TimeRange(last=timedelta(0)), "last"),
        (TimeRange(last=-HOUR), "last"),
        (TimeRange(last=timedelta.max), "last"),
    ],
)
def test_parts_that_contradict_each_other_are_refused_by_name(asked: TimeRange, part: str):
    with pytest.raises(InvalidInput) as refusal:
        asked.resolve(NOW, "filter", "lastSeen")
    assert refusal.value.path == ("filter", "lastSeen", part)
