from datetime import UTC, datetime, timedelta

import pytest

from domain.errors import InvalidInput
from domain.snooze import LONGEST, SnoozeEnd, snooze_end

NOW = datetime(2026, 3, 2, 3, tzinfo=UTC)
SECOND = timedelta(seconds=1)
NOTHING = {"until": None, "span": None, "event_count": None}


@pytest.mark.parametrize(
    ("given", "end"),
    [
        ({"until": NOW + SECOND}, SnoozeEnd(at=NOW + SECOND)),
        ({"until": NOW + LONGEST}, SnoozeEnd(at=NOW + LONGEST)),
        ({"span": timedelta(hours=1)}, SnoozeEnd(at=NOW + timedelta(hours=1))),
        ({"span": LONGEST}, SnoozeEnd(at=NOW + LONGEST)),
        ({"event_count": 8}, SnoozeEnd(event_count=8)),
    ],
)
def test_one_of_three_ways_says_when_it_ends(given, end):
    assert snooze_end(now=NOW, counted=7, **{**NOTHING, **given}) == end


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ({}, ()),
        ({"until": NOW + SECOND, "span": SECOND}, ()),
        ({"span": SECOND, "event_count": 9}, ()),
        ({"until": NOW}, ("until",)),
        ({"until": NOW - SECOND}, ("until",)),
        ({"until": NOW + LONGEST + SECOND}, ("until",)),
        ({"span": timedelta()}, ("for",)),
        ({"span": -SECOND}, ("for",)),
        ({"span": LONGEST + SECOND}, ("for",)),
        ({"span": timedelta.max}, ("for",)),
        ({"event_count": 7}, ("untilEventCount",)),
        ({"event_count": -1}, ("untilEventCount",)),
    ],
)
def test_what_is_no_end_is_refused_by_name(given, path):
    with pytest.raises(InvalidInput) as refused:
        snooze_end(now=NOW, counted=7, **{**NOTHING, **given})
    assert refused.value.path == path
