from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.contact import Importance, QuietHours, is_quiet
from domain.digest import LONGEST, SHORTEST, check_digest, digest_at, digest_end, digest_name
from domain.errors import InvalidInput
from domain.notification import Channel
from domain.zone import local_of

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
BERLIN = "Europe/Berlin"
NORMAL, IMPORTANT = Importance.NORMAL, Importance.IMPORTANT


def utc(day: int, hour: int, minute: int = 0, second: int = 0, month: int = 3) -> datetime:
    return datetime(2026, month, day, hour, minute, second, tzinfo=UTC)


@pytest.mark.parametrize("every", [SHORTEST, 15 * MINUTE, HOUR, 8 * HOUR, LONGEST, None])
def test_a_span_that_divides_a_day_is_taken(every):
    check_digest(every, NORMAL, Channel.EMAIL)


@pytest.mark.parametrize(
    ("every", "importance", "channel", "said"),
    [
        (timedelta(), NORMAL, Channel.EMAIL, "divide a day"),
        (-HOUR, NORMAL, Channel.EMAIL, "divide a day"),
        (4 * MINUTE, NORMAL, Channel.EMAIL, "from 5 minutes"),
        (2 * DAY, NORMAL, Channel.EMAIL, "to a day"),
        (7 * HOUR, NORMAL, Channel.EMAIL, "divide a day"),
        (7.5 * MINUTE, NORMAL, Channel.EMAIL, "in minutes"),
        (HOUR, IMPORTANT, Channel.EMAIL, "what is IMPORTANT must not wait"),
        (HOUR, NORMAL, Channel.WEBHOOK, "each message by itself"),
        (HOUR, NORMAL, Channel.PAGERDUTY, "each message by itself"),
    ],
)
def test_what_cannot_be_gathered_is_refused_and_the_field_named(every, importance, channel, said):
    with pytest.raises(InvalidInput, match=said) as refused:
        check_digest(every, importance, channel)
    assert refused.value.path == ("digestEvery",)


@pytest.mark.parametrize(
    ("every", "zone", "at", "end"),
    [
        (HOUR, "UTC", utc(2, 9, 59, 59), utc(2, 10)),
        (HOUR, "UTC", utc(2, 10), utc(2, 11)),
        (15 * MINUTE, "UTC", utc(2, 10, 1), utc(2, 10, 15)),
        # A day ends at 08:00, half of one at 20:00 too, four hours at 12:00 and so on.
        (DAY, "UTC", utc(2, 7, 59), utc(2, 8)),
        (DAY, "UTC", utc(2, 8), utc(3, 8)),
        (12 * HOUR, "UTC", utc(2, 8), utc(2, 20)),
        (4 * HOUR, "UTC", utc(2, 1), utc(2, 4)),
        (DAY, BERLIN, utc(2, 3), utc(2, 7)),
        (HOUR, "Asia/Kathmandu", utc(2, 3), utc(2, 3, 15)),
        # Clocks go forward from 02:00 to 03:00 on March 29 (at 01:00 UTC): a day of 23 hours, and 02:00 is 03:00.
        (DAY, BERLIN, utc(28, 12), utc(29, 6)),
        (HOUR, BERLIN, utc(29, 0, 30), utc(29, 1)),
        (6 * HOUR, BERLIN, utc(28, 22), utc(29, 1)),
        (4 * HOUR, BERLIN, utc(29, 0), utc(29, 2)),
        # They go back from 03:00 to 02:00 on October 25 (at 01:00 UTC): a day of 25 hours, and 02:00 comes twice.
        (DAY, BERLIN, utc(24, 12, month=10), utc(25, 7, month=10)),
        (HOUR, BERLIN, utc(25, 0, 30, month=10), utc(25, 1, month=10)),
        (HOUR, BERLIN, utc(25, 1, 30, month=10), utc(25, 2, month=10)),
        (30 * MINUTE, BERLIN, utc(25, 0, 40, month=10), utc(25, 1, month=10)),
        (4 * HOUR, BERLIN, utc(24, 23, month=10), utc(25, 3, month=10)),
    ],
)
def test_a_span_ends_by_the_clock_on_the_wall(every, zone, at, end):
    assert digest_end(every, zone, at) == end


@given(
    every=st.sampled_from([minutes * MINUTE for minutes in range(5, 1441) if 1440 % minutes == 0]),
    zone=st.sampled_from(
        [BERLIN, "UTC", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "America/St_Johns"]
    ),
    at=st.integers(0, 366 * 24 * 3600).map(lambda seconds: utc(1, 0, month=1) + timedelta(seconds=seconds)),
)
def test_whenever_it_is_the_end_is_soon_and_the_same_until_then(every, zone, at):
    end = digest_end(every, zone, at)
    assert timedelta() < end - at <= every + 2 * HOUR
    shown = local_of(end, ZoneInfo(zone))
    moved = local_of(end - MINUTE, ZoneInfo(zone)) != shown - MINUTE
    assert moved or (shown - datetime.combine(shown.date(), time(8))) % every == timedelta()
    assert digest_end(every, zone, end - timedelta(microseconds=1)) == end


NIGHT = QuietHours("22:00", "07:00")


@pytest.mark.parametrize(
    ("every", "quiet", "zone", "at", "leaves"),
    [
        (HOUR, NIGHT, "UTC", utc(2, 20, 30), utc(2, 21)),
        (HOUR, NIGHT, "UTC", utc(2, 21, 30), utc(3, 7)),
        (HOUR, NIGHT, "UTC", utc(3, 2), utc(3, 7)),
        (HOUR, NIGHT, "UTC", utc(3, 6, 30), utc(3, 7)),
        (DAY, NIGHT, "UTC", utc(2, 23), utc(3, 8)),
        (DAY, QuietHours("22:00", "09:30"), "UTC", utc(2, 23), utc(3, 9, 30)),
        (HOUR, QuietHours("22:00", "07:00", BERLIN), "UTC", utc(2, 23), utc(3, 6)),
        # Quiet until 02:30, which comes twice, and it is the second time.
        (15 * MINUTE, QuietHours("01:00", "02:30"), BERLIN, utc(25, 1, 5, month=10), utc(25, 1, 30, month=10)),
        (15 * MINUTE, QuietHours("01:00", "02:30"), BERLIN, utc(25, 0, 5, month=10), utc(25, 0, 30, month=10)),
    ],
)
def test_a_digest_that_would_leave_in_quiet_hours_leaves_as_they_end(every, quiet, zone, at, leaves):
    found = digest_at(every, zone, at, quiet)
    assert found == leaves
    assert not is_quiet(quiet, zone, found)


def test_a_digest_is_called_by_the_clock_of_its_reader():
    assert digest_name(utc(2, 9), BERLIN) == "10:00 (Europe/Berlin)"
