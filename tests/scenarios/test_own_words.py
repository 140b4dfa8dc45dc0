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
