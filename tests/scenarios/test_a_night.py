"""Two teams, two time zones, clocks that are put forward, an override and a policy: a critical error at 03:00.

docs/a-night.md tells the same, and quotes every message that goes out; here it happens.
"""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from core.clock import ManualClock
from core.settings import ROOT
from tests.support.mailbox import Mailbox
from tests.support.night import BERLIN, Night, open_night, read_transcript, write_transcript
from tests.support.receivers import Receiver

STORY = ROOT / "docs" / "a-night.md"
CLEO, ADA, BOB = "+12025550111", "+4915100000001", "+4915100000002"
TRACE = """Traceback (most recent call last):
  File "checkout/api.py", line 88, in handle
    order = place(cart)
  File "checkout/total.py", line 42, in cart_total
    raise ValueError("bad total")
ValueError: bad total
"""


def berlin(day: int, hour: int, minute: int = 0) -> datetime:
    """A time of March 2026 on clocks in Berlin; on the 29th they are put forward from 02:00 to 03:00."""
    return datetime(2026, 3, day, hour, minute, tzinfo=BERLIN).astimezone(UTC)


@pytest.fixture
async def night(database_url: str, redis_url: str, mailbox: Mailbox, receiver: Receiver) -> AsyncIterator[Night]:
    async with open_night(database_url, redis_url, ManualClock(berlin(27, 10)), mailbox, receiver) as opened:
        yield opened


async def _people(night: Night) -> dict[str, str]:
    """Three of them in two teams; each but Olive can be reached by text message, Cleo by Slack too."""
    (project, *_) = [one for one in await night.ask("ListProjects") if one["slug"] == "default"]
    ids = {}
    for name, zone, number in (
        ("Ada", "Europe/Berlin", ADA), ("Bob", "Europe/Berlin", BOB), ("Cleo", "America/New_York", CLEO),
    ):  # fmt: skip
        made = await night.do("CreateDeveloper", name=name, email=f"{name.lower()}@example.com", timezone=zone)
        ids[name] = made["id"]
        await night.reach(made["id"], name, "SMS", number)
    await night.reach(ids["Cleo"], "Cleo", "SLACK", "U0CLEO0")
    for slug, name, members in (("berlin", "Berlin", ["Ada", "Bob"]), ("new-york", "New York", ["Cleo"])):
        ids[slug] = (
            await night.do(
                "CreateTeam", slug=slug, name=name, leadId=ids[members[0]],
                memberIds=[ids[member] for member in members], projectIds=[project["id"]],
            )
        )["id"]  # fmt: skip
    return ids


async def _on_call(night: Night, ids: dict[str, str]) -> None:
    """Ada and Bob take turns, a day each from 08:00 on clocks in Berlin; Cleo has Ada's Sunday night."""
    schedule = await night.do("CreateSchedule", name="Checkout", timezone="Europe/Berlin", services=["checkout"])
    await night.do(
        "CreateRotation", scheduleId=schedule["id"], name="Days", kind="DAILY",
        startsAt=berlin(27, 8).isoformat(), participantIds=[ids["Ada"], ids["Bob"]],
    )  # fmt: skip
    await night.do(
        "CreateOverride", scheduleId=schedule["id"], start=berlin(29, 22).isoformat(), end=berlin(30, 6).isoformat(),
        addId=ids["Cleo"], removeId=ids["Ada"], note="It is evening where Cleo is",
    )  # fmt: skip
    olive = (await night.ask("ShowViewer"))["developer"]["id"]
    await night.do(
        "CreateEscalationPolicy", name="Checkout", services=["checkout"],
        steps=[
            {"delay": "PT5M", "targets": [schedule["id"]]},
            {"delay": "PT10M", "targets": [ids["berlin"]]},
            {"delay": "PT15M", "targets": [olive]},
        ],
    )  # fmt: skip


async def test_a_night(night: Night):
    ids = await _people(night)
    await _on_call(night, ids)
    shifts = await night.ask("WhoIsOnCall", service="checkout", at=berlin(30, 3).isoformat())
    assert [shift["developer"]["name"] for shift in shifts if shift["end"]] == ["Cleo"]
    told = await night.ask("SimulateAlert", service="checkout", severity="CRITICAL", at=berlin(30, 3).isoformat())
    assert [one["developer"]["name"] for one in told if one["channel"] == "SMS" and not one["warning"]] == [
        "Cleo", "Cleo", "Ada", "Bob",
    ]  # fmt: skip
    await night.at(berlin(28, 9), berlin(29, 9), berlin(29, 21))
    night.begin()
    await night.at(berlin(29, 22), berlin(29, 22, 1), berlin(30, 3))
    error = {
        "service": "checkout", "errorType": "ValueError", "message": "bad total", "severity": "CRITICAL",
        "environment": "production", "release": "1.4.2", "stackTrace": TRACE,
    }  # fmt: skip
    logged = await night.ask("LogError", credential=night.credentials.ingest_key, input=error)
    assert logged["outcome"] == "STORED"
    await night.at(*(berlin(30, 3, minute) for minute in (0, 4, 5, 14, 15, 17)))
    assert await night.text(ADA, "A") == "CHECKOUT-1: You have it now: it rings no more."
    await night.at(berlin(30, 3, 17), berlin(30, 3, 40))
    await night.do("ResolveIssue", issueId=logged["issueId"], note="The cart of the old app has no total")
    await night.at(
        *(berlin(30, hour, minute) for hour, minute in ((3, 40), (6, 0), (6, 1), (7, 59), (8, 0), (8, 1), (9, 0)))
    )
    assert read_transcript(STORY.read_text()) == write_transcript(night.said)
