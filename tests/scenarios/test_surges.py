"""A service has far more errors than usual: within two minutes it is shown, and a rule calls for somebody."""

from collections.abc import AsyncIterator

import pytest

from core.clock import ManualClock
from domain.stats import MINUTE
from resolvers.alert_rule.checking import check_next_rule
from tasks.jobs import WORK
from tasks.timetable import Timetable
from tests.support.mailbox import Mailbox
from tests.support.night import Night, open_night
from tests.support.receivers import Receiver


@pytest.fixture
async def night(
    database_url: str, redis_url: str, clock: ManualClock, mailbox: Mailbox, receiver: Receiver
) -> AsyncIterator[Night]:
    async with open_night(database_url, redis_url, clock, mailbox, receiver) as opened:
        yield opened


async def test_a_surge_is_shown_within_two_minutes_and_a_rule_agrees(night: Night):
    owner = (await night.ask("ShowViewer"))["developer"]
    rule = {"name": "Floods", "trigger": "SURGE", "threshold": 3, "window": "PT5M", "recipients": [owner["id"]]}
    await night.do("CreateAlertRule", **rule)
    night.begin()
    timetable = Timetable(night.res, WORK)

    async def fails(times: int) -> None:
        error = {"service": "checkout", "errorType": "SqlError", "message": "no column", "severity": "MEDIUM"}
        for _ in range(times):
            await night.ask("LogError", credential=night.credentials.ingest_key, input=error)

    async def a_minute_later() -> list[tuple[str | None, float, bool]]:
        """The surges that are shown: of which issue, how many there were, and whether it is over."""
        await night.clock.advance(MINUTE)
        await timetable.start_due()
        await timetable.finish()
        while await check_next_rule(night.res):
            pass
        await night.work()
        shown = (await night.ask("ShowStats"))["surges"]
        return sorted(
            ((one["issue"] or {}).get("shortId", ""), one["actual"], one["endedAt"] is not None) for one in shown
        )

    await fails(3)
    assert await a_minute_later() == []
    assert not any("Floods" in one.words for one in night.said)
    await fails(12)
    await a_minute_later()
    assert await a_minute_later() == [("", 15.0, False), ("CHECKOUT-1", 15.0, False)]
    (told,) = [one.words for one in night.said if "Floods" in one.words]
    assert "15 times as many events as usual within 5 min in checkout" in told
    for _ in range(12):
        shown = await a_minute_later()
    assert shown == [("", 15.0, True), ("CHECKOUT-1", 15.0, True)]
