from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import InvalidInput
from domain.event import Severity
from domain.stats import StatsFilter
from domain.tick import LONGEST, SHORTEST, Counted, beat_of, check_every, count_by_severity, last_minute

spans = st.timedeltas(SHORTEST, LONGEST)
instants = st.timedeltas(timedelta(0), timedelta(days=30_000)).map(lambda span: datetime(2020, 1, 1, tzinfo=UTC) + span)


@given(instants, spans)
def test_a_beat_holds_its_instant_and_the_next_begins_where_it_ends(at: datetime, every: timedelta):
    beat = beat_of(at, every)
    assert beat <= at < beat + every
    assert beat_of(beat, every) == beat
    assert beat_of(beat + every, every) == beat + every


@given(instants)
def test_the_last_minute_is_whole_and_over(at: datetime):
    since, until = last_minute(at)
    assert until - since == timedelta(minutes=1)
    assert until <= at < until + timedelta(minutes=1)
    assert (until.second, until.microsecond) == (0, 0)


@pytest.mark.parametrize("seconds", [0, 0.999999, 60.000001, -5, 10**9])
def test_too_often_and_too_seldom_is_refused(seconds: float):
    with pytest.raises(InvalidInput, match="from PT1S to PT1M"):
        check_every(timedelta(seconds=seconds))


@pytest.mark.parametrize("seconds", [1, 1.5, 60])
def test_from_a_second_to_a_minute_is_allowed(seconds: float):
    assert check_every(timedelta(seconds=seconds)).total_seconds() == seconds


SHOP, OTHER = uuid4(), uuid4()
COUNTED = [
    Counted(SHOP, "shop", "billing", "production", Severity.HIGH, 1),
    Counted(SHOP, "shop", "billing", "staging", Severity.LOW, 2),
    Counted(SHOP, "shop", "search", "production", Severity.CRITICAL, 4),
    Counted(OTHER, "other", "billing", "production", Severity.HIGH, 8),
]


@pytest.mark.parametrize(
    ("filter", "seen", "total"),
    [
        (StatsFilter(), {SHOP, OTHER}, 15),
        (StatsFilter(), {SHOP}, 7),
        (StatsFilter(), set(), 0),
        (StatsFilter(project=("shop",)), {SHOP, OTHER}, 7),
        (StatsFilter(project=("other",)), {SHOP}, 0),
        (StatsFilter(service=("billing",)), {SHOP, OTHER}, 11),
        (StatsFilter(environment=("staging",)), {SHOP, OTHER}, 2),
        (StatsFilter(severity=(Severity.HIGH, Severity.LOW)), {SHOP, OTHER}, 11),
        (StatsFilter(min_severity=Severity.HIGH), {SHOP, OTHER}, 13),
        (StatsFilter(service=()), {SHOP, OTHER}, 0),
        (StatsFilter(service=("billing",), environment=("production",)), {SHOP}, 1),
    ],
)
def test_what_passes_in_sight_is_counted_by_severity(filter: StatsFilter, seen: set, total: int):
    found = count_by_severity(COUNTED, filter, seen.__contains__)
    assert list(found) == list(Severity)
    assert sum(found.values()) == total
