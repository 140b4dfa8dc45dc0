"""Days and weeks in a time zone, made of hours of UTC."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import InvalidInput
from domain.span import TimeRange
from domain.stats import DAY, HOUR, Bucket, Coverage, coverage, floor, local_starts, timeline_question

HOURS = st.integers(0, 24 * 1460).map(lambda hours: datetime(2024, 1, 1, tzinfo=UTC) + hours * HOUR)
ZONES = (
    "Africa/Cairo", "America/Havana", "America/New_York", "America/Santiago", "America/St_Johns", "Asia/Kathmandu",
    "Asia/Kolkata", "Australia/Lord_Howe", "Europe/Berlin", "Pacific/Apia", "Pacific/Chatham", "Pacific/Kiritimati", "UTC",
)  # fmt: skip


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "since", "until", "starts"),
    [
        # Clocks go forward on 29 March 2026 in Berlin: 23 hours.
        ("Europe/Berlin", "2026-03-28T12", "2026-03-30T12", ["2026-03-27T23", "2026-03-28T23", "2026-03-29T22"]),
        # And back on 25 October: 25 hours.
        ("Europe/Berlin", "2026-10-24T22", "2026-10-26T00", ["2026-10-24T22", "2026-10-25T23"]),
        ("America/New_York", "2026-03-08T05", "2026-03-09T05", ["2026-03-08T05", "2026-03-09T04"]),
        # There is no midnight on the day on which clocks go forward at midnight: it starts at one.
        ("America/Santiago", "2026-09-05T12", "2026-09-07T12", ["2026-09-05T04", "2026-09-06T04", "2026-09-07T03"]),
        # There are two midnights where they go back from one o'clock: it starts at the first.
        ("America/Havana", "2026-10-31T12", "2026-11-02T12", ["2026-10-31T04", "2026-11-01T04", "2026-11-02T05"]),
        # Samoa had no 30 December 2011.
        ("Pacific/Apia", "2011-12-29T12", "2011-12-31T12", ["2011-12-29T10", "2011-12-30T10", "2011-12-31T10"]),
        # Half an hour off, midnight is 18:30: rounded down, so that the hour from 18:00 on is of the day that comes.
        ("Asia/Kolkata", "2026-03-01T18", "2026-03-02T18", ["2026-03-01T18"]),
        ("Asia/Kolkata", "2026-03-01T17", "2026-03-02T19", ["2026-02-28T18", "2026-03-01T18", "2026-03-02T18"]),
        ("Asia/Kathmandu", "2026-03-01T19", "2026-03-02T19", ["2026-03-01T18", "2026-03-02T18"]),
        ("Pacific/Kiritimati", "2026-03-01T09", "2026-03-01T11", ["2026-02-28T10", "2026-03-01T10"]),
    ],
)
def test_days_of_a_zone_start_at_its_midnights(zone, since, until, starts):
    assert local_starts(at(since), at(until), ZoneInfo(zone), days=1) == list(map(at, starts))


def test_weeks_of_a_zone_start_on_its_mondays():
    covered = Coverage(at("2026-03-20T12"), at("2026-04-02"))
    assert covered.starts(Bucket.WEEK, "Europe/Berlin") == [
        at("2026-03-15T23"),
        at("2026-03-22T23"),
        at("2026-03-29T22"),
    ]
    # In Berlin it is Monday already.
    assert Coverage(at("2026-03-15T23"), at("2026-03-16")).starts(Bucket.WEEK, "Europe/Berlin") == [at("2026-03-15T23")]


@given(zone=st.sampled_from(ZONES), since=HOURS, hours=st.integers(1, 24 * 90), days=st.sampled_from([1, 7]))
def test_each_hour_is_of_the_day_on_which_it_ends(zone, since, hours, days):
    info, until = ZoneInfo(zone), since + hours * HOUR
    starts = local_starts(since, until, info, days=days)
    assert starts[0] <= since
    assert all(start == floor(start, HOUR) for start in starts)
    assert all(abs(end - start - days * DAY) <= HOUR for start, end in pairwise(starts))
    for start, end in pairwise([*starts, until]):
        inside = [max(start, since), end - HOUR]
        dates = {_date(hour, info) - timedelta(days=_date(hour, info).weekday() * (days > 1)) for hour in inside}
        assert dates == {_date(start, info)}


def _date(hour: datetime, zone: ZoneInfo):
    return (hour + HOUR - timedelta(microseconds=1)).astimezone(zone).date()


def test_other_days_than_those_of_utc_are_refused_where_there_are_none():
    now = at("2026-03-02T03")
    week, quarter = (coverage(TimeRange(last=days * DAY), now, by_issue=False) for days in (7, 91))
    assert timeline_question(Bucket.DAY, week, "Europe/Berlin").timezone == "Europe/Berlin"
    assert timeline_question(Bucket.DAY, quarter, "Africa/Abidjan")
    for covered, zone in ((quarter, "Europe/Berlin"), (week, "Europe/Atlantis")):
        with pytest.raises(InvalidInput) as refusal:
            timeline_question(Bucket.DAY, covered, zone)
        assert refusal.value.path == ("timezone",)
