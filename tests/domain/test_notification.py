from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.alert import AlertStatus
from domain.errors import Conflict
from domain.event import Severity
from domain.notification import (
    Channel,
    NotificationKind,
    NotificationStatus,
    is_given_up,
    is_outdated,
    is_worth_another_try,
    next_attempt,
    one_line,
    put_off,
    read_retry_after,
    refuse_retry,
    subject,
)
from tests.support.clock import START


@pytest.mark.parametrize(
    ("attempt", "random", "seconds"),
    [(1, 1, 5), (1, 0, 2.5), (2, 1, 10), (3, 1, 20), (3, 0.5, 15), (7, 1, 320), (8, 1, None), (9, 1, None)],
)
def test_the_wait_doubles_within_its_jitter_and_ends(attempt, random, seconds):
    wait = next_attempt(attempt, most=8, base_s=5, random=random)
    assert wait == (None if seconds is None else timedelta(seconds=seconds))


@given(st.integers(1, 10_000), st.floats(0.001, 3600), st.floats(0, 1))
def test_the_wait_is_never_longer_than_an_hour_nor_shorter_than_half_of_the_first(attempt, base_s, random):
    wait = next_attempt(attempt, most=10_001, base_s=base_s, random=random)
    assert wait is not None
    assert timedelta(seconds=base_s / 2) - timedelta(microseconds=1) <= wait <= timedelta(hours=1)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("0", 0),
        (" 120 ", 120),
        ("Mon, 02 Mar 2026 03:01:30 GMT", 90),
        ("Mon, 02 Mar 2026 03:01:30 -0000", 90),
        ("Mon, 02 Mar 2026 02:00:00 GMT", 0),
        ("9" * 400, 999_999_999),
        ("soon", None),
        ("-5", None),
        ("", None),
        (None, None),
    ],
)
def test_a_server_may_ask_to_be_left_alone_in_seconds_or_until_a_date(header, seconds):
    assert read_retry_after(header, START) == seconds


@pytest.mark.parametrize(("asked", "wait_s"), [(None, 10), (-5, 10), (5, 10), (60, 60), (1e9, 3600)])
def test_what_a_server_asks_for_is_honoured_up_to_an_hour(asked, wait_s):
    assert put_off(timedelta(seconds=10), asked) == timedelta(seconds=wait_s)


@pytest.mark.parametrize(
    ("status", "again"),
    [(400, False), (404, False), (410, False), (302, False), (401, True), (429, True), (500, True), (503, True)],
)
def test_a_status_says_whether_trying_again_can_help(status, again):
    assert is_worth_another_try(status) == again


def test_only_what_waited_on_purpose_can_be_outdated():
    written = {"kind": NotificationKind.ALERT, "written_at": START}
    statuses = (None, *AlertStatus)
    assert [is_outdated(one, START, **written, was_delayed=True) for one in statuses] == [False, False, True, True]
    assert not is_outdated(AlertStatus.RESOLVED, START, **written, was_delayed=False)


def test_a_reminder_to_whoever_has_the_alert_is_not_outdated_by_that():
    before = START - timedelta(microseconds=1)
    waited = {"kind": NotificationKind.ALERT, "was_delayed": True}
    assert not is_outdated(AlertStatus.ACKNOWLEDGED, before, written_at=START, **waited)
    assert is_outdated(AlertStatus.ACKNOWLEDGED, START, written_at=before, **waited)


def test_that_an_issue_is_somebodys_now_is_wanted_until_it_is_resolved():
    given = {"kind": NotificationKind.ASSIGNMENT, "written_at": START, "was_delayed": True}
    assert not is_outdated(AlertStatus.ACKNOWLEDGED, START, **given)
    assert is_outdated(AlertStatus.RESOLVED, START, **given)


def test_a_message_that_kills_its_worker_is_let_off_longer_than_one_that_is_refused():
    assert not is_given_up(1, most=1)
    assert is_given_up(2, most=1)
    assert not is_given_up(15, most=8)
    assert is_given_up(16, most=8)


def test_the_subject_has_severity_and_id_first_and_stays_one_line():
    assert (
        subject(Severity.HIGH, "CHECKOUT-1F", "ValueError: bad\r\ntotal") == "[HIGH] CHECKOUT-1F ValueError: bad total"
    )
    assert len(subject(Severity.HIGH, "CHECKOUT-1F", "x" * 1000)) == 160


@given(st.text(st.characters(), max_size=300), st.integers(1, 200))
def test_one_line_can_be_stored_and_sent(text, longest):
    line = one_line(text, longest)
    assert len(line) <= longest
    assert line.isprintable()
    line.encode()


@pytest.mark.parametrize(
    ("status", "refused"),
    [
        (NotificationStatus.PENDING, True),
        (NotificationStatus.SENDING, True),
        (NotificationStatus.SENT, True),
        (NotificationStatus.RETRYING, False),
        (NotificationStatus.SUPPRESSED, False),
        (NotificationStatus.DEAD, False),
    ],
)
def test_only_what_failed_or_was_held_back_is_tried_again_by_hand(status, refused):
    if refused:
        with pytest.raises(Conflict):
            refuse_retry(status, Channel.EMAIL)
    else:
        refuse_retry(status, Channel.EMAIL)


def test_a_webhook_that_was_taken_may_be_sent_once_more():
    refuse_retry(NotificationStatus.SENT, Channel.WEBHOOK)
    with pytest.raises(Conflict):
        refuse_retry(NotificationStatus.SENDING, Channel.WEBHOOK)
