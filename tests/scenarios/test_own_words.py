"""An administrator chooses the words; people read them where they are told, in real mails and text messages."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from core.clock import ManualClock
from tests.support.mailbox import Mailbox
from tests.support.night import Night, open_night
from tests.support.receivers import Receiver

ADA = "+4915100000001"
WORDS = "Checkout burns: {{ title }} ({{ headline }}).\nRun book: https://wiki.example.com/7"


@pytest.fixture
async def night(
    database_url: str, redis_url: str, clock: ManualClock, mailbox: Mailbox, receiver: Receiver
) -> AsyncIterator[Night]:
    async with open_night(database_url, redis_url, clock, mailbox, receiver) as opened:
        yield opened


async def _ada(night: Night) -> str:
    """Somebody of the team of the project, who can be reached by text message."""
    (project, *_) = await night.ask("ListProjects")
    made = await night.do("CreateDeveloper", name="Ada", email="ada@example.com")
    await night.do("CreateTeam", slug="shop", name="Shop", memberIds=[made["id"]], projectIds=[project["id"]])
    await night.reach(made["id"], "Ada", "SMS", ADA)
    return made["id"]


async def test_the_words_of_an_alert_rule_are_read_by_all_whom_its_alert_reaches(night: Night):
    ada, owner = await _ada(night), (await night.ask("ShowViewer"))["developer"]
    policy = await night.do(
        "CreateEscalationPolicy", name="Checkout",
        steps=[{"delay": "PT0S", "targets": [ada]}, {"delay": "PT5M", "targets": [owner["id"]]}],
    )  # fmt: skip
    rule = {"name": "Burns", "trigger": "NEW_ISSUE", "policyId": policy["id"], "template": WORDS}
    await night.do("CreateAlertRule", **rule)
    night.begin()
    error = {"service": "checkout", "errorType": "ValueError", "message": "bad total", "severity": "CRITICAL"}
    await night.ask("LogError", credential=night.credentials.ingest_key, input=error)
    await night.work()
    await night.at(night.clock.now() + timedelta(minutes=5))
    told = {(one.way, one.to): one.words for one in night.said}
    begins = "Checkout burns: ValueError: bad total (An alert climbed to you)."
    assert told["text message", "Ada"] == (
        f"{begins} Run book: https://wiki.example.com/7 Reply A 1 to acknowledge, R 1 to resolve."
    )
    for to in ("Ada", owner["name"]):
        subject, _, text = told["mail", to].partition("\n\n")
        assert subject == "[CRITICAL] CHECKOUT-1 ValueError: bad total"
        assert text.startswith(f"{begins}\nRun book: https://wiki.example.com/7\n")
        assert "Acknowledge:  https://tocsin.example.com/answer/" in text


async def test_the_words_of_hand_offs_and_summaries_are_read_too(night: Night):
    ada = await _ada(night)
    for importance, channel in (("NORMAL", "SMS"), ("NORMAL", "EMAIL")):
        await night.do(
            "CreateNotificationRule", developerId=ada, importance=importance, channel=channel, minSeverity="LOW"
        )
    for channel, kind, text in (
        ("SMS", "HANDOFF", "{{ schedule }} is yours, {{ recipient }}. {{ alerts }} alerts."),
        ("EMAIL", "HANDOFF", "{{ text }}\n\nRun books: https://wiki.example.com"),
        ("EMAIL", "DAILY_SUMMARY", "{{ day }}: {{ events }} events, {{ new }} new.\n{{ chart }}\n{{ new_list }}"),
    ):
        await night.do("CreateNotificationTemplate", channel=channel, kind=kind, text=text)
    night.begin()
    schedule = await night.do("CreateSchedule", name="Checkout", timezone="Europe/Berlin", services=["checkout"])
    starts = (night.clock.now() + timedelta(minutes=1)).isoformat()
    await night.do(
        "CreateRotation", scheduleId=schedule["id"], name="Days", kind="DAILY", startsAt=starts, participantIds=[ada]
    )
    error = {"service": "checkout", "errorType": "ValueError", "message": "bad total", "severity": "LOW"}
    await night.ask("LogError", credential=night.credentials.ingest_key, input=error)
    await night.at(*(night.clock.now() + timedelta(minutes=minutes) for minutes in (2, 5 * 60 + 1)))
    told = {(one.way, one.words.splitlines()[0]): one.words for one in night.said if one.to == "Ada"}
    handoff, text, summary = told.values()
    assert text == "Checkout is yours, Ada. 0 alerts."
    assert "You are on call for Checkout now" in handoff
    assert "\n\nRun books: https://wiki.example.com\n" in handoff
    assert "Why you got this: It is your turn in the schedule." in handoff
    assert "\n\nMonday 2 March: 1 events, 1 new.\n" in summary
    assert "[LOW] CHECKOUT-1 ValueError: bad total (checkout, seen 1 time) https://tocsin.example.com/" in summary
    assert "By the hour on your clocks" not in summary
