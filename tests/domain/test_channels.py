from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.channels import NO_METHOD, QUIET, Matter, Person, Planned, Rule, Way, choose
from domain.contact import Importance, QuietHours
from domain.event import Severity
from domain.notification import Channel, NotificationKind
from tests.support.clock import START

MAIL, SLACK, SMS = (
    Way(Channel.EMAIL, "ada@example.com"),
    Way(Channel.SLACK, "U1", uuid4()),
    Way(Channel.SMS, "+49", uuid4()),
)
ALL = (MAIL, SLACK, SMS)
NIGHT = QuietHours("22:00", "07:00")
STRICT = QuietHours("22:00", "07:00", except_critical=False)
MIDDAY = datetime(2026, 3, 2, 12, tzinfo=UTC)
NEW, CLIMBED = NotificationKind.NEW_ISSUE, NotificationKind.ESCALATION


def rule(channel: Channel, least: Severity = Severity.INFO, importance: Importance = Importance.NORMAL, **more) -> Rule:
    return Rule(importance, channel, least, **more)


def plan(severity: Severity, *rules: Rule, kind=NEW, ways=ALL, at=START, importance=Importance.NORMAL, lacks=()):
    def missing(channel: Channel, _: str) -> str | None:
        return f"no {channel}" if channel in lacks else None

    return choose(Matter(severity, kind, importance), Person("UTC", ways, rules), at=at, missing=missing)


def leaving(plans: list[Planned]) -> list[str]:
    return [str(plan.channel) for plan in plans if not plan.held]


def held(plans: list[Planned]) -> dict[str, str]:
    return {str(plan.channel): plan.held for plan in plans if plan.held}


@pytest.mark.parametrize(
    ("severity", "kind", "channels"),
    [
        (Severity.CRITICAL, NEW, ["EMAIL", "SLACK", "SMS", "DASHBOARD"]),
        (Severity.HIGH, NEW, ["EMAIL", "SLACK", "DASHBOARD"]),
        (Severity.MEDIUM, NEW, ["EMAIL", "DASHBOARD"]),
        (Severity.LOW, NEW, ["DASHBOARD"]),
        (Severity.INFO, NEW, ["DASHBOARD"]),
        (Severity.CRITICAL, CLIMBED, ["EMAIL", "SMS", "DASHBOARD"]),
        (Severity.HIGH, CLIMBED, ["EMAIL", "SLACK", "DASHBOARD"]),
        (Severity.MEDIUM, CLIMBED, ["EMAIL", "DASHBOARD"]),
        (Severity.LOW, CLIMBED, ["EMAIL", "DASHBOARD"]),
    ],
)
def test_who_set_nothing_is_told_by_the_severity(severity, kind, channels):
    assert leaving(plan(severity, kind=kind)) == channels


def test_what_cannot_be_used_is_held_back_with_the_reason():
    plans = plan(Severity.CRITICAL, ways=(MAIL, SLACK), lacks=(Channel.SLACK,))
    assert leaving(plans) == ["EMAIL", "DASHBOARD"]
    assert held(plans) == {"SLACK": "no SLACK", "SMS": NO_METHOD}


def test_every_way_of_a_channel_is_used():
    second = Way(Channel.SMS, "+1", uuid4())
    plans = plan(Severity.CRITICAL, ways=(*ALL, second))
    assert [one.destination for one in plans if one.channel is Channel.SMS] == ["+49", "+1"]


def test_rules_of_that_importance_say_which_channels_it_is():
    rules = (
        rule(Channel.SMS, Severity.HIGH),
        rule(Channel.SLACK),
        rule(Channel.EMAIL, importance=Importance.IMPORTANT),
    )
    assert leaving(plan(Severity.CRITICAL, *rules)) == ["SMS", "SLACK", "DASHBOARD"]
    assert leaving(plan(Severity.LOW, *rules)) == ["SLACK", "DASHBOARD"]
    assert leaving(plan(Severity.LOW, *rules, importance=Importance.IMPORTANT)) == ["EMAIL", "DASHBOARD"]
    assert leaving(plan(Severity.HIGH, *rules[:2], importance=Importance.IMPORTANT)) == ["EMAIL", "SLACK", "DASHBOARD"]


def test_a_delay_puts_a_message_off_and_the_same_way_may_be_used_again_later():
    late = timedelta(minutes=10)
    plans = plan(Severity.HIGH, rule(Channel.SMS), rule(Channel.SMS, delay=late), rule(Channel.SMS, delay=late))
    assert [(one.not_before, one.delay_s) for one in plans if one.channel is Channel.SMS] == [
        (START, 0),
        (START + late, 600),
    ]


def test_quiet_hours_hold_back_what_is_not_critical():
    quiet = rule(Channel.EMAIL, quiet_hours=NIGHT)
    assert held(plan(Severity.HIGH, quiet)) == {"EMAIL": QUIET}
    assert leaving(plan(Severity.HIGH, quiet, at=MIDDAY)) == ["EMAIL", "DASHBOARD"]
    assert leaving(plan(Severity.CRITICAL, quiet)) == ["EMAIL", "DASHBOARD"]


def test_quiet_hours_are_those_of_the_moment_at_which_it_would_leave():
    quiet = rule(Channel.EMAIL, quiet_hours=NIGHT, delay=timedelta(hours=4))
    assert held(plan(Severity.HIGH, quiet)) == {}
    assert held(plan(Severity.HIGH, quiet, at=datetime(2026, 3, 2, 18, tzinfo=UTC))) == {"EMAIL": QUIET}


def test_of_two_rules_for_one_way_the_one_that_lets_it_leave_counts():
    rules = (rule(Channel.SMS, quiet_hours=NIGHT), rule(Channel.SMS, Severity.HIGH))
    assert leaving(plan(Severity.HIGH, *rules)) == ["SMS", "DASHBOARD"]
    assert held(plan(Severity.MEDIUM, *rules)) == {"SMS": QUIET}


@pytest.mark.parametrize(
    "rules",
    [
        (rule(Channel.SMS, quiet_hours=STRICT),),
        (rule(Channel.EMAIL, quiet_hours=STRICT),),
        (rule(Channel.TELEGRAM),),
    ],
)
def test_what_is_critical_and_would_be_held_back_by_everything_is_mailed(rules):
    plans = plan(Severity.CRITICAL, *rules)
    assert leaving(plans) == ["EMAIL", "DASHBOARD"]
    assert plans[0].not_before == START
    assert "everything else was held back" in plans[0].why
    assert leaving(plan(Severity.HIGH, *rules)) == ["DASHBOARD"]


def test_without_a_mail_server_nobody_pretends():
    assert held(plan(Severity.CRITICAL, ways=(MAIL,), lacks=(Channel.EMAIL,)))["EMAIL"] == "no EMAIL"


HOUR = timedelta(hours=1)
HALF_PAST = START + HOUR / 2


def leaves(plans: list[Planned]) -> list[tuple[str, datetime, str | None]]:
    return [
        (str(plan.channel), plan.not_before, plan.digest) for plan in plans if plan.channel is not Channel.DASHBOARD
    ]


def test_what_a_rule_gathers_leaves_as_the_span_ends():
    hourly = rule(Channel.EMAIL, digest_every=HOUR)
    (planned, _) = plan(Severity.HIGH, hourly, at=HALF_PAST)
    assert (planned.not_before, planned.digest, planned.is_delayed) == (START + HOUR, "04:00 (UTC)", True)


@pytest.mark.parametrize(
    ("matter", "channels"),
    [
        (Matter(Severity.CRITICAL, NEW), "EMAIL"),
        (Matter(Severity.HIGH, NEW, can_wait=False), "EMAIL"),
        (Matter(Severity.HIGH, NotificationKind.HANDOFF), "EMAIL"),
        (Matter(Severity.HIGH, NEW, channels=(Channel.SMS,)), "SMS"),
    ],
)
def test_what_must_not_wait_is_in_no_digest(matter, channels):
    person = Person("UTC", ALL, [rule(Channel.EMAIL, digest_every=HOUR)])
    plans = choose(matter, person, at=HALF_PAST, missing=lambda *_: None)
    assert leaves(plans) == [(channels, HALF_PAST, None)]


def test_a_delay_is_waited_first_and_a_digest_that_would_end_in_quiet_hours_ends_with_them():
    late = rule(Channel.EMAIL, digest_every=HOUR, delay=40 * HOUR / 60)
    assert leaves(plan(Severity.HIGH, late, at=HALF_PAST)) == [("EMAIL", START + 2 * HOUR, "05:00 (UTC)")]
    quiet = rule(Channel.EMAIL, digest_every=HOUR, quiet_hours=STRICT)
    assert leaves(plan(Severity.HIGH, quiet, at=HALF_PAST)) == [("EMAIL", START + 4 * HOUR, "07:00 (UTC)")]
    assert held(plan(Severity.CRITICAL, rule(Channel.SLACK, digest_every=HOUR, quiet_hours=STRICT))) == {"SLACK": QUIET}


@pytest.mark.parametrize("turn", [1, -1])
def test_what_leaves_by_itself_is_in_no_digest_besides_and_of_two_it_is_in_the_sooner(turn):
    rules = [rule(Channel.EMAIL, Severity.HIGH), rule(Channel.EMAIL, digest_every=HOUR)][::turn]
    assert leaves(plan(Severity.HIGH, *rules, at=HALF_PAST)) == [("EMAIL", HALF_PAST, None)]
    assert leaves(plan(Severity.LOW, *rules, at=HALF_PAST)) == [("EMAIL", START + HOUR, "04:00 (UTC)")]
    spans = [rule(Channel.EMAIL, digest_every=HOUR), rule(Channel.EMAIL, digest_every=24 * HOUR)][::turn]
    assert leaves(plan(Severity.LOW, *spans, at=HALF_PAST)) == [("EMAIL", START + HOUR, "04:00 (UTC)")]


def test_who_wants_no_mail_of_a_kind_has_none_in_a_digest_either():
    person = Person("UTC", ALL, [rule(Channel.EMAIL, digest_every=HOUR)], frozenset({NEW}))
    plans = choose(Matter(Severity.HIGH, NEW), person, at=START, missing=lambda *_: None)
    assert held(plans) == {"EMAIL": "they unsubscribed from mail of this kind"}


quiet_hours = st.none() | st.sampled_from([NIGHT, STRICT])
some_rules = st.builds(
    Rule,
    st.sampled_from(Importance),
    st.sampled_from([channel for channel in Channel if channel is not Channel.DASHBOARD]),
    st.sampled_from(Severity),
    st.timedeltas(timedelta(), timedelta(days=1)),
    quiet_hours,
    st.none() | st.sampled_from([timedelta(minutes=5), HOUR, 24 * HOUR]),
)


@given(st.sampled_from(Severity), st.lists(some_rules, max_size=6), st.sampled_from(Importance), st.datetimes())
def test_whatever_the_rules_the_dashboard_has_it_once_and_what_is_critical_leaves(severity, rules, importance, at):
    at = at.replace(year=2026, tzinfo=UTC, day=min(at.day, 28))
    plans = plan(severity, *rules, importance=importance, at=at)
    assert leaving(plans).count("DASHBOARD") == 1
    assert severity is not Severity.CRITICAL or len(leaving(plans)) > 1
    may_wait = importance is Importance.NORMAL and severity is not Severity.CRITICAL
    assert may_wait or not any(one.digest for one in plans)
    assert all(one.not_before >= at for one in plans)
    ways = [(one.channel, one.destination, one.delay_s) for one in plans if not one.held]
    assert len(ways) == len(set(ways))
