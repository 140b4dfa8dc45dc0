from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.ids import uuid7
from core.settings import ROOT
from domain.event import Severity
from domain.notification import Channel, NotificationKind
from domain.throttle import LIMITS, Due, Room, Sent, choose, free_at, severity_of, urgency_of
from tests.support.clock import START

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
ADA, BOB = (Channel.SMS, "+491"), (Channel.SMS, "+492")
HOOK = (Channel.WEBHOOK, "https://hooks.example.com")
CRITICAL, HIGH, LOW = (urgency_of(severity) for severity in (Severity.CRITICAL, Severity.HIGH, Severity.LOW))


def due(place=ADA, urgency: int = HIGH, age: timedelta = timedelta(), **more) -> Due:
    return Due(uuid7(START - age), place, NotificationKind.NEW_ISSUE, urgency, **more)


def room(total: int = 100, by_channel: int = 100, by_place: int = 100) -> Room:
    return Room(total, by_channel, by_place)


def ago(*spans: timedelta, urgency: int = HIGH) -> list[Sent]:
    return [Sent(START - span, urgency) for span in spans]


def now(chosen) -> list[UUID]:
    return list(chosen.now)


@pytest.mark.parametrize(
    ("sent", "free_in"),
    [
        ((), timedelta()),
        ((MINUTE,), timedelta()),
        ((59 * SECOND,), SECOND),
        ((timedelta(),), MINUTE),
        ([n * MINUTE for n in (1, 2, 3, 4, 14)], MINUTE),
        ([n * MINUTE for n in (1, 2, 3, 4, 15)], timedelta()),
    ],
)
def test_a_text_message_is_free_to_leave_once_its_spans_have_room(sent, free_in):
    assert free_at(Channel.SMS, ago(*sent), urgency=HIGH, at=START, factor=1) == START + free_in


@given(
    channel=st.sampled_from(list(LIMITS)),
    spans=st.lists(st.integers(0, 1000), max_size=50),
    factor=st.floats(0.01, 4),
)
def test_when_it_is_free_the_spans_have_room_then(channel, spans, factor):
    sent = ago(*(span * SECOND for span in spans))
    free = free_at(channel, sent, urgency=HIGH, at=START, factor=factor)
    assert free == free_at(channel, sent, urgency=HIGH, at=free, factor=factor)
    assert free <= START + 15 * MINUTE


def test_where_nothing_was_sent_it_is_free_however_small_the_factor():
    assert free_at(Channel.SMS, [], urgency=LOW, at=START, factor=0.001) == START


def test_what_matters_less_keeps_nothing_waiting():
    lately = ago(timedelta(), urgency=HIGH)
    assert free_at(Channel.SMS, lately, urgency=CRITICAL, at=START, factor=1) == START
    assert free_at(Channel.SMS, lately, urgency=LOW, at=START, factor=1) == START + MINUTE


def test_the_first_leaves_alone_and_the_others_wait():
    first, *others = [due(age=age * SECOND) for age in (9, 5, 1)]
    chosen = choose([*others, first], {}, room(), at=START)
    assert (now(chosen), chosen.bundles) == ([first.id], {})
    assert chosen.later == {one.id: START + MINUTE for one in others}


def test_when_their_turn_comes_all_leave_in_one_the_worst_in_front():
    waited = [due(age=9 * SECOND, has_waited=True), due(has_waited=True)]
    fresh = due(urgency=CRITICAL)
    chosen = choose([*waited, fresh], {ADA: ago(MINUTE)}, room(), at=START)
    assert now(chosen) == [fresh.id]
    assert chosen.bundles == {fresh.id: tuple(one.id for one in waited)}
    assert chosen.later == {}


def test_what_need_not_wait_takes_along_what_does():
    fresh = due(urgency=CRITICAL)
    chosen = choose([fresh], {ADA: ago(SECOND)}, room(), at=START)
    assert (now(chosen), chosen.bundles) == ([fresh.id], {fresh.id: ()})


def test_what_waited_waits_on_where_another_was_sent_meanwhile():
    waited = due(has_waited=True)
    chosen = choose([waited], {ADA: ago(SECOND)}, room(), at=START)
    assert (now(chosen), chosen.later) == ([], {waited.id: START + 59 * SECOND})


def test_a_mail_leaves_by_itself_as_long_as_there_are_few():
    mails = [due((Channel.EMAIL, "ada@example.com"), age=age * SECOND) for age in range(7, 0, -1)]
    chosen = choose(mails, {}, room(), at=START)
    assert now(chosen) == [mail.id for mail in mails[:5]]
    assert set(chosen.later) == {mail.id for mail in mails[5:]}


def test_a_machine_gets_each_by_itself():
    calls = [due(HOOK, has_waited=True) for _ in range(3)]
    chosen = choose(calls, {}, room(), at=START)
    assert set(chosen.now) == {call.id for call in calls}
    assert chosen.bundles == {}


def test_what_is_tried_again_or_about_no_issue_does_not_wait_and_takes_nothing_along():
    again, summary = due(attempts=1), due(has_issue=False)
    chosen = choose([again, summary], {ADA: ago(SECOND)}, room(), at=START)
    assert set(chosen.now) == {again.id, summary.id}
    assert (chosen.bundles, chosen.later) == ({}, {})


def test_without_limits_nothing_waits_and_nothing_is_bundled():
    many = [due(has_waited=waited) for waited in (True, False, False)]
    chosen = choose(many, {ADA: ago(SECOND)}, room(), at=START, factor=0)
    assert (set(chosen.now), chosen.bundles, chosen.later) == ({one.id for one in many}, {}, {})


def test_a_digest_leaves_in_one_the_worst_in_front_and_what_is_due_by_itself_leaves_so():
    gathered = [due(urgency=urgency, is_gathered=True) for urgency in (LOW, HIGH, LOW)]
    fresh = due((Channel.EMAIL, "ada@example.com"), urgency=LOW)
    mails = [replace(one, place=fresh.place) for one in gathered]
    worst, *others = mails[1], mails[0], mails[2]
    for factor in (1, 0):
        chosen = choose([*mails, fresh], {}, room(), at=START, factor=factor)
        assert set(now(chosen)) == {fresh.id, worst.id}
        assert (chosen.bundles, chosen.later) == ({worst.id: tuple(one.id for one in others)}, {})


def test_a_digest_waits_as_one_where_too_much_was_sent_and_then_leaves_with_all_that_waited():
    gathered = [due(is_gathered=True) for _ in range(2)]
    chosen = choose(gathered, {ADA: ago(SECOND)}, room(), at=START)
    assert (now(chosen), chosen.later) == ([], {one.id: START + 59 * SECOND for one in gathered})
    waited = [replace(one, has_waited=True) for one in gathered]
    other = due(has_waited=True)
    chosen = choose([*waited, other], {ADA: ago(MINUTE)}, room(), at=START)
    assert chosen.bundles == {waited[0].id: (waited[1].id, other.id)}


def test_a_digest_counts_as_one_message():
    text, *gathered = due(), due(is_gathered=True), due(is_gathered=True)
    chosen = choose([text, *gathered], {}, room(), at=START)
    assert (now(chosen), set(chosen.later)) == ([text.id], {one.id for one in gathered})


def test_the_order_is_first_then_tests_then_severity_then_age_then_who_was_served_longest_ago():
    old, older = ago(20 * MINUTE), ago(30 * MINUTE)
    carol, dave = (Channel.SMS, "+493"), (Channel.SMS, "+494")
    first = due(BOB, LOW)
    test = Due(uuid7(START), ADA, NotificationKind.TEST, 0, has_issue=False)
    worst = due((Channel.SMS, "+495"), CRITICAL)
    oldest = due((Channel.SMS, "+496"), HIGH, age=SECOND)
    lately, long_ago = due(carol), due(dave)
    sent = {worst.place: old, oldest.place: old, carol: old, dave: older, ADA: old}
    chosen = choose([lately, long_ago, oldest, worst, test, first], sent, room(), at=START)
    assert now(chosen) == [first.id, test.id, worst.id, oldest.id, long_ago.id, lately.id]


def test_one_place_and_one_channel_leave_room_for_the_others():
    slow = [due(HOOK) for _ in range(9)]
    texts = [due((Channel.SMS, f"+49{n}")) for n in range(9)]
    chosen = choose([*slow, *texts], {}, Room(10, 6, 4), at=START)
    assert len(set(chosen.now) & {one.id for one in slow}) == 4
    assert len(set(chosen.now) & {one.id for one in texts}) == 6


def test_where_there_is_no_room_for_all_that_may_leave_the_rest_is_not_put_off():
    mails = [due((Channel.EMAIL, "ada@example.com"), age=age * SECOND) for age in range(7, 0, -1)]
    chosen = choose(mails, {}, room(by_place=4), at=START)
    assert (now(chosen), chosen.later) == ([mail.id for mail in mails[:4]], {})


def test_what_is_under_way_is_known_to_be_full():
    here = Room(10, 2, 1)
    here.take(HOOK)
    assert (here.full_channels, here.full_places) == ([], [HOOK])
    here.take((Channel.WEBHOOK, "https://other.example.com"))
    assert here.full_channels == [Channel.WEBHOOK]


@pytest.mark.parametrize("severity", Severity)
def test_urgency_and_severity_say_the_same(severity):
    assert severity_of(urgency_of(severity)) is severity


def test_the_document_shows_these_limits():
    rows = [line.split("|")[1:4] for line in (ROOT / "docs/notifications.md").read_text().splitlines() if "|" in line]
    shown = {
        name.strip(): [int(cell) if cell.strip() else None for cell in cells]
        for names, *cells in rows
        for name in names.split(",")
        if name.strip() in set(Channel) and all(cell.strip().isdecimal() or not cell.strip() for cell in cells)
    }
    spans = (MINUTE, 15 * MINUTE)
    assert shown == {
        channel: [{limit.within: limit.most for limit in limits}.get(span) for span in spans]
        for channel, limits in LIMITS.items()
    }
