from datetime import UTC, datetime, timedelta

import pytest

from domain.pattern import SPAN, Trend, pattern_digest, trend_of

NOW = datetime(2026, 3, 2, 3, tzinfo=UTC)
OLD = NOW - SPAN


@pytest.mark.parametrize(
    ("recent", "before", "first_seen_at", "trend"),
    [
        (0, 9, OLD, Trend.GONE),
        (0, 0, NOW, Trend.GONE),
        (5, 0, OLD + timedelta(seconds=1), Trend.NEW),
        (5, 0, OLD, Trend.RISING),
        (15, 10, OLD, Trend.RISING),
        (14, 10, OLD, Trend.STEADY),
        (7, 10, OLD, Trend.STEADY),
        (6, 9, OLD, Trend.FALLING),
    ],
)
def test_where_it_is_going(recent, before, first_seen_at, trend):
    assert trend_of(recent, before, first_seen_at=first_seen_at, now=NOW) is trend


def test_what_rises_needs_most_attention():
    assert max(Trend, key=lambda trend: trend.rank) is Trend.RISING
    assert min(Trend, key=lambda trend: trend.rank) is Trend.GONE


def test_type_and_template_together_say_which_pattern_it_is():
    assert (
        len({pattern_digest("A", "b"), pattern_digest("A", "c"), pattern_digest("B", "b"), pattern_digest("Ab", "")})
        == 4
    )
