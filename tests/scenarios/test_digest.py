"""What is not urgent is read by the hour: three issues in one mail on the hour, what is critical at once."""

from collections import Counter
from datetime import UTC, datetime

import pytest

from core.clock import ManualClock
from tests.support.mailbox import Mailbox
from tests.support.night import BERLIN, open_night
from tests.support.receivers import Receiver


def berlin(hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 3, 2, hour, minute, tzinfo=BERLIN).astimezone(UTC)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(berlin(9, 5))


async def test_an_hour_of_issues_is_one_mail(
    database_url: str, redis_url: str, clock: ManualClock, mailbox: Mailbox, receiver: Receiver
):
    async with open_night(database_url, redis_url, clock, mailbox, receiver) as day:
        (project, *_) = [one for one in await day.ask("ListProjects") if one["slug"] == "default"]
        bob = await day.do("CreateDeveloper", name="Bob", email="bob@example.com", timezone="Europe/Berlin")
        await day.do("CreateTeam", slug="shop", name="Shop", memberIds=[bob["id"]], projectIds=[project["id"]])
        await day.do(
            "CreateNotificationRule", channel="EMAIL", minSeverity="INFO", digestEvery="PT1H", developerId=bob["id"]
        )

        async def give(word: str, severity: str) -> str:
            error = {"service": "checkout", "errorType": word, "message": "bad", "severity": severity}
            logged = await day.ask("LogError", credential=day.credentials.ingest_key, input=error)
            await day.do("AssignIssue", issueId=logged["issueId"], developerId=bob["id"])
            await day.work()
            return logged["issueId"]

        def mails() -> list[tuple[str, str]]:
            return [(f"{one.at:%H:%M}", one.words.partition("\n")[0]) for one in day.said if one.to == "Bob"]

        for minute, severity in ((10, "LOW"), (20, "MEDIUM"), (30, "LOW")):
            await day.at(berlin(9, minute))
            await give(f"Error{minute}", severity)
        over = await give("Over", "LOW")
        assert mails() == []
        await day.at(berlin(9, 40))
        await day.do("ResolveIssue", issueId=over, note="It was nothing")
        await give("Outage", "CRITICAL")
        # That it is his, and that its alert rings.
        assert mails() == [("09:40", "[CRITICAL] CHECKOUT-5 Outage: bad")] * 2
        await day.at(berlin(9, 59), berlin(10), berlin(10, 1), berlin(11))
        assert mails()[2:] == [("10:00", "[MEDIUM] CHECKOUT-2 Error20: bad (and 2 more)")]
        (digest,) = [one.words for one in day.said if "Error20" in one.words]
        assert "And 2 more (2 LOW), in your digest:" in digest
        assert [title for title in ("Error10: bad", "Error30: bad", "Over: bad") if title in digest] == [
            "Error10: bad", "Error30: bad",
        ]  # fmt: skip
        nodes = (await day.ask("ListNotifications", first=100))["nodes"]
        told = Counter(
            (one["status"], one["reason"])
            for one in nodes
            if one["channel"] == "EMAIL" and one["recipient"]["name"] == "Bob" and "CRITICAL" not in one["subject"]
        )
        assert told == {
            ("SENT", "First token gave the issue to you. For the digest of 10:00 (Europe/Berlin)."): 3,
            ("SUPPRESSED", "Held back: the issue was resolved before it was due."): 1,
        }
