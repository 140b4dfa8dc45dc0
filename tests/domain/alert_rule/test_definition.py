from datetime import UTC, datetime, timedelta

import pytest

from domain.alert import AlertTrigger
from domain.alert_rule.definition import (
    RuleFilter,
    Subject,
    is_active,
    is_reached,
    read_filter,
    value_of,
    write_filter,
)
from domain.alert_rule.words import headline, why
from domain.contact import QuietHours
from domain.event import Severity
from domain.surge import Usual, judge

HOUR = timedelta(hours=1)
SUBJECT = Subject("checkout", "production", Severity.HIGH, "ValueError", {"team": "shop"})


@pytest.mark.parametrize(
    ("filter", "admits"),
    [
        (RuleFilter(), True),
        (RuleFilter(services=("billing", "checkout")), True),
        (RuleFilter(services=("billing",)), False),
        (RuleFilter(environments=("staging",)), False),
        (RuleFilter(severities=(Severity.CRITICAL,)), False),
        (RuleFilter(error_types=("ValueError",)), True),
        (RuleFilter(error_types=("KeyError",)), False),
        (RuleFilter(tags=(("team", "shop"),)), True),
        (RuleFilter(tags=(("team", "shop"), ("zone", "eu"))), False),
        (RuleFilter(services=("checkout",), severities=(Severity.LOW,)), False),
    ],
)
def test_a_filter_lets_pass_what_meets_every_part(filter, admits):
    assert filter.admits(SUBJECT) is admits


def test_a_filter_is_stored_as_what_it_names():
    filter = RuleFilter(("a",), ("b",), (Severity.LOW,), ("c",), (("d", "e"),))
    assert read_filter(write_filter(filter)) == filter
    assert (write_filter(RuleFilter()), read_filter({})) == ({}, RuleFilter())


@pytest.mark.parametrize(
    ("trigger", "events", "usual", "value"),
    [
        (AlertTrigger.EVENT_COUNT, 30, None, 30.0),
        (AlertTrigger.ERROR_RATE, 30, None, 0.5),
        (AlertTrigger.SURGE, 30, Usual(10.0, 2.0), 3.0),
        (AlertTrigger.SURGE, 30, Usual(0.0, 0.0), 30.0),
    ],
)
def test_the_value_is_what_the_trigger_counts(trigger, events, usual, value):
    assert value_of(trigger, events, HOUR, judge(usual, events, window=HOUR) if usual else None) == value


@pytest.mark.parametrize(
    ("events", "usual", "reached"),
    [
        (3, None, True),
        (2, None, False),
        (9, Usual(0.0, 0.0), False),
        (10, Usual(0.0, 0.0), True),
        (30, Usual(10.0, 3.0), True),
        (29, Usual(10.0, 3.0), False),
        (30, Usual(10.0, 5.0), False),
    ],
)
def test_it_fires_from_the_threshold_on_and_on_a_surge_that_is_one(events, usual, reached):
    judged = judge(usual, events, window=HOUR) if usual else None
    trigger = AlertTrigger.SURGE if usual else AlertTrigger.EVENT_COUNT
    assert is_reached(value_of(trigger, events, HOUR, judged), 3.0, judged) is reached


@pytest.mark.parametrize(
    ("hours", "severity", "active"),
    [
        (None, Severity.LOW, True),
        (QuietHours("08:00", "18:00"), Severity.LOW, False),
        (QuietHours("08:00", "18:00"), Severity.CRITICAL, True),
        (QuietHours("08:00", "18:00", except_critical=False), Severity.CRITICAL, False),
        (QuietHours("08:00", "18:00", "America/New_York"), Severity.LOW, True),
        (QuietHours("18:00", "08:00"), Severity.LOW, True),
    ],
)
def test_active_hours_are_by_the_clock_of_their_zone_and_critical_goes_before(hours, severity, active):
    assert is_active(hours, severity, datetime(2026, 3, 2, 20, 0, tzinfo=UTC)) is active


@pytest.mark.parametrize(
    ("trigger", "value", "window", "words"),
    [
        (AlertTrigger.NEW_ISSUE, None, None, "New issue in checkout"),
        (AlertTrigger.EVENT_COUNT, 1200.0, HOUR, "1,200 events within 1 h in checkout"),
        (AlertTrigger.ERROR_RATE, 2.125, HOUR / 6, "2.125 events a minute over 10 min in checkout"),
        (AlertTrigger.SURGE, 4.0, HOUR, "4 times as many events as usual within 1 h in checkout"),
        (AlertTrigger.UNRESOLVED_FOR, 14400.0, 4 * HOUR, "Unresolved for 4 h in checkout"),
    ],
)
def test_what_was_found_is_said_in_few_words(trigger, value, window, words):
    assert headline(trigger, value, window, "checkout") == words


def test_why_names_the_rule():
    assert why("Burning", "Unresolved for 4 h in web") == "The alert rule Burning says so: unresolved for 4 h in web."
