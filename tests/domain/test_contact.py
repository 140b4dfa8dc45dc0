from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from domain.contact import (
    CODE_LIFE,
    CODE_PAUSE,
    LONGEST_DELAY,
    MOST_TRIES,
    Code,
    QuietHours,
    check_rule,
    check_value,
    digest_of,
    is_quiet,
    is_right,
    refuse_code,
    shown,
)
from domain.errors import Conflict, InvalidInput
from domain.notification import Channel
from tests.support.clock import START

KEY = "a1b2c3d4" * 4
HOOK = "https://hooks.slack.com/services/T000/B000/secretsecretAbCd"


@pytest.mark.parametrize(
    ("channel", "given", "stored"),
    [
        (Channel.EMAIL, " ada@example.com ", "ada@example.com"),
        (Channel.SMS, "+49 (151) 123-45.678", "+4915112345678"),
        (Channel.SLACK, "U0123ABCD", "U0123ABCD"),
        (Channel.SLACK, "C0123ABCD", "C0123ABCD"),
        (Channel.SLACK, HOOK, HOOK),
        (Channel.WEBHOOK, "http://hooks.internal:8080/in?a=1", "http://hooks.internal:8080/in?a=1"),
        (Channel.TELEGRAM, "-1001234567890", "-1001234567890"),
        (Channel.TELEGRAM, "@our_channel", "@our_channel"),
        (Channel.PAGERDUTY, f" {KEY}", KEY),
        (Channel.APPRISE, "ntfys://ntfy.example.com/topic ", "ntfys://ntfy.example.com/topic"),
    ],
)
def test_what_a_channel_can_lead_to_is_taken(channel: Channel, given: str, stored: str):
    assert check_value(channel, given) == stored


@pytest.mark.parametrize(
    ("channel", "given"),
    [
        (Channel.EMAIL, "ada"),
        (Channel.SMS, "0151 12345678"),
        (Channel.SMS, "+49"),
        (Channel.SMS, "+4915112345678901234"),
        (Channel.SLACK, "#general"),
        (Channel.SLACK, "https://"),
        (Channel.WEBHOOK, "ftp://example.com/"),
        (Channel.WEBHOOK, "https://exa mple.com/"),
        (Channel.WEBHOOK, "https://[::1/"),
        (Channel.WEBHOOK, "https://example.com/" + "x" * 2000),
        (Channel.TELEGRAM, "ada"),
        (Channel.PAGERDUTY, KEY[1:]),
        (Channel.APPRISE, "syslog://"),
    ],
)
def test_what_leads_nowhere_is_refused_and_named(channel: Channel, given: str):
    with pytest.raises(InvalidInput) as refused:
        check_value(channel, given)
    assert refused.value.path == ("value",)


def test_the_dashboard_has_no_contact_method():
    with pytest.raises(InvalidInput) as refused:
        check_value(Channel.DASHBOARD, "x")
    assert refused.value.path == ("channel",)


@pytest.mark.parametrize(
    ("channel", "value", "said"),
    [
        (Channel.EMAIL, "ada@example.com", "ada@example.com"),
        (Channel.SMS, "+4915112345678", "+4915112345678"),
        (Channel.SLACK, "U0123ABCD", "U0123ABCD"),
        (Channel.SLACK, HOOK, "https://hooks.slack.com/…AbCd"),
        (Channel.WEBHOOK, "https://ann:secret@hooks.example.com/in", "https://hooks.example.com/…"),
        (Channel.WEBHOOK, "https://hooks.example.com/?key=0123456789abcdef", "https://hooks.example.com/…cdef"),
        (Channel.PAGERDUTY, KEY, "…c3d4"),
        (Channel.APPRISE, "discord://123456789012/AbCdEfGhIjKl-WxYz", "discord://…WxYz"),
    ],
)
def test_what_is_a_secret_is_never_shown_whole(channel: Channel, value: str, said: str):
    assert shown(channel, value) == said


def test_a_code_is_right_once_it_was_sent_for_ten_minutes_and_five_tries():
    id = uuid4()
    sent = Code(digest_of("123456", id), START + CODE_LIFE)
    assert is_right(sent, " 123456 ", id, at=START)
    assert not is_right(sent, "123457", id, at=START)
    assert not is_right(sent, "", id, at=START)
    assert not is_right(sent, "123456", uuid4(), at=START)
    assert is_right(sent, "123456", id, at=START + CODE_LIFE - timedelta(microseconds=1))
    for lost in (Code(), Code(sent.digest, START), Code(sent.digest, sent.expires_at, MOST_TRIES)):
        with pytest.raises(Conflict):
            is_right(lost, "123456", id, at=START)


def test_codes_are_sent_with_a_pause_between_them_and_not_for_what_is_verified():
    sent = Code(b"", START + CODE_LIFE)
    refuse_code(Code(), verified=False, at=START)
    refuse_code(sent, verified=False, at=START + CODE_PAUSE)
    with pytest.raises(Conflict, match="just now"):
        refuse_code(sent, verified=False, at=START + CODE_PAUSE - timedelta(microseconds=1))
    with pytest.raises(Conflict, match="already"):
        refuse_code(Code(), verified=True, at=START)


@pytest.mark.parametrize(
    ("settings", "path"),
    [
        ({"channel": Channel.DASHBOARD}, ("channel",)),
        ({"delay": timedelta(seconds=-1)}, ("delay",)),
        ({"delay": LONGEST_DELAY + timedelta(seconds=1)}, ("delay",)),
        ({"quiet_hours": QuietHours("24:00", "07:00")}, ("quietHours", "start")),
        ({"quiet_hours": QuietHours("22:00", "7:00")}, ("quietHours", "end")),
        ({"quiet_hours": QuietHours("22:00", "22:00")}, ("quietHours", "end")),
        ({"quiet_hours": QuietHours("22:00", "07:00", "Mars/Olympus")}, ("quietHours", "timezone")),
    ],
)
def test_a_rule_that_cannot_be_is_refused_and_the_field_named(settings: dict, path: tuple[str, ...]):
    with pytest.raises(InvalidInput) as refused:
        check_rule(settings)
    assert refused.value.path == path


def test_a_rule_that_can_be_is_taken():
    settings = {"channel": Channel.SMS, "delay": LONGEST_DELAY, "quiet_hours": QuietHours("22:00", "07:00", "UTC")}
    assert check_rule(settings) == settings


NIGHT, LUNCH = QuietHours("22:00", "07:00"), QuietHours("12:00", "13:00")


@pytest.mark.parametrize(
    ("quiet", "zone", "at", "is_so"),
    [
        (NIGHT, "UTC", datetime(2026, 3, 2, 21, 59, 59, tzinfo=UTC), False),
        (NIGHT, "UTC", datetime(2026, 3, 2, 22, tzinfo=UTC), True),
        (NIGHT, "UTC", datetime(2026, 3, 2, 0, tzinfo=UTC), True),
        (NIGHT, "UTC", datetime(2026, 3, 2, 6, 59, 59, tzinfo=UTC), True),
        (NIGHT, "UTC", datetime(2026, 3, 2, 7, tzinfo=UTC), False),
        (LUNCH, "UTC", datetime(2026, 3, 2, 12, 30, tzinfo=UTC), True),
        (LUNCH, "UTC", datetime(2026, 3, 2, 13, tzinfo=UTC), False),
        # 05:30 UTC is 06:30 in Berlin in winter, and 07:30 once the clocks have gone forward on March 29.
        (NIGHT, "Europe/Berlin", datetime(2026, 3, 28, 5, 30, tzinfo=UTC), True),
        (NIGHT, "Europe/Berlin", datetime(2026, 3, 29, 5, 30, tzinfo=UTC), False),
        # The hour that comes twice on October 25 is quiet both times.
        (QuietHours("02:00", "03:00"), "Europe/Berlin", datetime(2026, 10, 25, 0, 30, tzinfo=UTC), True),
        (QuietHours("02:00", "03:00"), "Europe/Berlin", datetime(2026, 10, 25, 1, 30, tzinfo=UTC), True),
        # A zone of their own goes before that of the person.
        (QuietHours("22:00", "07:00", "Asia/Tokyo"), "UTC", datetime(2026, 3, 2, 14, tzinfo=UTC), True),
    ],
)
def test_quiet_hours_go_by_the_wall_clock_across_midnight_and_changes_of_the_clocks(quiet, zone, at, is_so):
    assert is_quiet(quiet, zone, at) == is_so
