from datetime import timedelta

import pytest

from domain.errors import InvalidInput
from domain.notification import NotificationKind
from domain.notification_template import form_of
from domain.schedule.handoff import HandOff, check_ahead, say_beginning, say_end
from tests.support.clock import START

DAY = timedelta(days=1)


def test_who_comes_is_told_until_when_with_whom_and_what_waits():
    handoff = HandOff(
        "Pay", START, START + DAY, before=["Bob"], beside=["Cid"], after=["Dan", "Eve"],
        alerts=["[CRITICAL] PAY-1 It burns (ringing)"], alert_count=3, left=[("Bob", 4), ("Cid", 0)],
    )  # fmt: skip
    said = say_beginning(handoff, "Europe/Berlin", at=START)
    assert said.subject == "You are on call for Pay now"
    assert said.text.splitlines() == [
        "You are on call for Pay now, until Tue 2026-03-03 04:00 (Europe/Berlin).",
        "Before you: Bob.",
        "With you: Cid.",
        "After you: Dan, Eve.",
        "Open alerts: 3.",
        "- [CRITICAL] PAY-1 It burns (ringing)",
        "- and 2 more",
        "Bob has 4 unresolved issues.",
    ]


def test_what_is_told_is_known_to_templates():
    comes = say_beginning(HandOff("Pay", START, START + DAY, before=["Bob"], left=[("Bob", 4)]), "UTC", at=START)
    soon = say_beginning(HandOff("Pay", START, None), "UTC", at=START - DAY)
    over = say_end("Pay", START, ["Ann", "Bob"], "UTC")
    known = {"text", "headline", "reason", "recipient", "url"}
    assert set(comes.facts) | known == set(form_of(NotificationKind.HANDOFF).variables)
    assert [said.facts["turn"] for said in (comes, soon, over)] == ["now", "soon", "over"]
    assert (comes.facts["ends"], soon.facts["ends"]) == ("Tue 2026-03-03 03:00 (UTC)", "")
    assert (comes.facts["before"], comes.facts["left_list"]) == ("Bob", "Bob has 4 unresolved issues.")
    assert (over.facts["after"], over.facts["alerts"]) == ("Ann, Bob", 0)


def test_who_comes_later_is_told_when():
    said = say_beginning(HandOff("Pay", START, None), "UTC", at=START - timedelta(minutes=90))
    assert said.subject == "You are on call for Pay from Mon 2026-03-02 03:00 (UTC)"
    assert said.text.splitlines() == [
        "You are on call for Pay from Mon 2026-03-02 03:00 (UTC).",
        "That is in 1 h 30 min.",
        "Before you: nobody.",
        "Open alerts: none.",
    ]


def test_who_goes_is_told_who_has_it_now():
    said = say_end("Pay", START, [], "Asia/Tokyo")
    assert said.subject == "You are no longer on call for Pay"
    assert said.text == (
        "You are no longer on call for Pay since Mon 2026-03-02 12:00 (Asia/Tokyo).\nNow on call: nobody."
    )


def test_how_long_before_is_bounded():
    assert [check_ahead(ahead) for ahead in (None, timedelta(minutes=1), 7 * DAY)] == [
        None,
        timedelta(minutes=1),
        7 * DAY,
    ]
    for wrong in (timedelta(), timedelta(seconds=59), 8 * DAY, -DAY):
        with pytest.raises(InvalidInput, match="from a minute to seven days"):
            check_ahead(wrong)
