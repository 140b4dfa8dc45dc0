"""The same fault in two services is one new pattern, and somebody reads of it."""

from collections.abc import AsyncIterator

import pytest

from core.clock import ManualClock
from resolvers.alert_rule.checking import CHECK_EVERY, check_next_rule
from resolvers.pattern.analyse import analyse_patterns
from tests.support.mailbox import Mailbox
from tests.support.night import Night, open_night
from tests.support.receivers import Receiver


@pytest.fixture
async def night(
    database_url: str, redis_url: str, clock: ManualClock, mailbox: Mailbox, receiver: Receiver
) -> AsyncIterator[Night]:
    async with open_night(database_url, redis_url, clock, mailbox, receiver) as opened:
        yield opened


async def later(night: Night) -> list[str]:
    """What has been mailed once patterns were looked for, and rules looked at."""
    await night.clock.advance(CHECK_EVERY)
    await analyse_patterns(night.res)
    while await check_next_rule(night.res):
        pass
    await night.work()
    return [one.words for one in night.said]


async def test_a_new_pattern_is_mailed_once(night: Night):
    owner = (await night.ask("ShowViewer"))["developer"]
    rule = {"name": "Spreads", "trigger": "NEW_PATTERN", "threshold": 3, "recipients": [owner["id"]]}
    await night.do("CreateAlertRule", **rule)
    night.begin()

    async def fails(service: str, column: str) -> None:
        error = {"service": service, "errorType": "SqlError", "message": f"no column '{column}'", "severity": "MEDIUM"}
        await night.ask("LogError", credential=night.credentials.ingest_key, input=error)

    await fails("checkout", "tax")
    assert await later(night) == []
    await fails("billing", "total")
    assert await later(night) == []
    await fails("billing", "total")
    (mail,) = await later(night)
    assert "The alert rule Spreads says so: new pattern, of 3 events so far, in billing." in mail
    await fails("shop", "price")
    assert await later(night) == [mail]
