from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.channels import Rule
from domain.contact import Importance
from domain.event import Severity
from domain.notification import Channel
from domain.summary import (
    Morning,
    bar_heights,
    change_in_words,
    day_until,
    due_morning,
    hour_axis,
    sparkline,
    wants_summary,
)
from tests.support.rotations import ZONES

EIGHT = time(8)
HOUR = timedelta(hours=1)


def utc(day: int, hour: int, minute: int = 0, month: int = 3) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "at", "morning"),
    [
        ("Europe/Berlin", utc(2, 7), Morning(date(2026, 3, 2), utc(2, 7))),
        ("Europe/Berlin", utc(2, 6, 59), None),
        ("Europe/Berlin", utc(2, 18, 59), Morning(date(2026, 3, 2), utc(2, 7))),
        ("Europe/Berlin", utc(2, 19), None),
        # Clocks go forward on 29 March at 02:00, back on 25 October at 03:00: 08:00 stays 08:00.
        ("Europe/Berlin", utc(29, 6), Morning(date(2026, 3, 29), utc(29, 6))),
        ("Europe/Berlin", utc(25, 7, month=10), Morning(date(2026, 10, 25), utc(25, 7, month=10))),
        ("America/New_York", utc(8, 12), Morning(date(2026, 3, 8), utc(8, 12))),
        ("Asia/Kolkata", utc(2, 2, 30), Morning(date(2026, 3, 2), utc(2, 2, 30))),
        ("Pacific/Auckland", utc(2, 19), Morning(date(2026, 3, 3), utc(2, 19))),
        ("Pacific/Honolulu", utc(2, 18), Morning(date(2026, 3, 2), utc(2, 18))),
    ],
)
def test_the_morning_that_has_come_on_the_clocks_of_a_zone(zone, at, morning):
    assert due_morning(ZoneInfo(zone), EIGHT, at) == morning


@given(st.sampled_from(ZONES), st.integers(0, 365 * 24 * 4))
def test_every_morning_comes_once_and_at_that_time(zone, quarters):
    at = datetime(2026, 1, 1, tzinfo=UTC) + quarters * HOUR / 4
    now, before = (due_morning(ZoneInfo(zone), EIGHT, moment) for moment in (at, at - HOUR / 4))
    if now is not None:
        assert now.due_at <= at
        assert now.due_at.astimezone(ZoneInfo(zone)).replace(tzinfo=None) == datetime.combine(now.day, EIGHT)
        assert now == before or now.due_at == at


@pytest.mark.parametrize(("month", "day", "hours"), [(3, 2, 24), (3, 29, 23), (10, 25, 25)])
def test_a_day_is_as_long_as_it_is_on_the_clocks(month, day, hours):
    window = day_until(date(2026, month, day), EIGHT, ZoneInfo("Europe/Berlin"))
    assert window.until - window.since == hours * HOUR
    assert window.until.astimezone(ZoneInfo("Europe/Berlin")).hour == 8
    assert window.whole_hours == window


def test_a_day_that_begins_at_half_an_hour_is_counted_to_the_whole_one():
    window = day_until(date(2026, 3, 2), EIGHT, ZoneInfo("Asia/Kolkata"))
    assert (window.since, window.whole_hours.since) == (utc(1, 2, 30), utc(1, 2))
    assert window.whole_hours.until == utc(2, 2)


def rule(channel: Channel, least: Severity, importance: Importance = Importance.NORMAL) -> Rule:
    return Rule(importance, channel, least)


@pytest.mark.parametrize(
    ("rules", "wants"),
    [
        ([], True),
        ([rule(Channel.SMS, Severity.INFO, Importance.IMPORTANT)], True),
        ([rule(Channel.EMAIL, Severity.INFO)], True),
        ([rule(Channel.EMAIL, Severity.MEDIUM)], True),
        ([rule(Channel.EMAIL, Severity.HIGH)], False),
        ([rule(Channel.SLACK, Severity.INFO)], False),
        ([rule(Channel.SLACK, Severity.INFO), rule(Channel.EMAIL, Severity.LOW)], True),
    ],
)
def test_rules_for_what_is_not_urgent_say_whether_it_is_wanted(rules, wants):
    assert wants_summary(rules, Severity.MEDIUM) is wants


@pytest.mark.parametrize(
    ("count", "before", "words"),
    [
        (0, 0, "none the day before either"),
        (3, 3, "as many as the day before"),
        (3, 0, "none the day before"),
        (0, 4, "down 100 % from 4 the day before"),
        (1500, 1000, "up 50 % from 1,000 the day before"),
        (2999, 1000, "up 200 % from 1,000 the day before"),
        (3000, 1000, "3 times the 1,000 of the day before"),
        (30_000, 1, "30,000 times the 1 of the day before"),
        (1001, 1000, "about as many as the day before"),
    ],
)
def test_how_a_count_compares(count, before, words):
    assert change_in_words(count, before) == words


def test_a_line_of_blocks_shows_whatever_is_not_none():
    assert sparkline([0, 1, 400, 800, 0]) == " ▁▄█ "
    assert sparkline([0, 0]) == "  "
    assert sparkline([]) == ""


@pytest.mark.parametrize(
    ("hours", "axis"),
    [
        (list(range(24)), "00    06    12    18"),
        ([0, 1, *range(3, 24)], "00   06    12    18"),
        ([0, 1, 2, 2, *range(3, 24)], "00     06    12    18"),
        ([23, 0, 1], " 00"),
    ],
)
def test_labels_stand_below_their_hours(hours, axis):
    assert hour_axis(hours) == axis


@given(st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 10**6)), max_size=25))
def test_bars_are_in_proportion_and_never_hide_anything(counts):
    bad, rest = [one for one, _ in counts], [other for _, other in counts]
    for (high, low), (one, other) in zip(bar_heights(bad, rest, 64), counts, strict=True):
        assert (high > 0, low > 0) == (one > 0, other > 0)
        assert high + low <= 65
