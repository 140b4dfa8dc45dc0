import asyncio
from datetime import timedelta

import asyncpg

from core.db import _codecs
from domain.access import system
from resolvers.alert import resolve_alert
from resolvers.notification.told import record_sent
from tests.support.factories.alert import make_alert
from tests.support.factories.developer import make_developer
from tests.support.factories.feed import make_feed_row
from tests.support.factories.issue import make_issue
from tests.support.factories.notification import make_notification
from tests.support.factories.project import make_project
from tests.support.feed import PATIENCE_S


async def test_nothing_waits_and_nobody_holds_where_nobody_writes(res):
    await make_feed_row(res.db.raw, res)
    async with asyncio.timeout(PATIENCE_S):  # PostgreSQL itself writes now and then
        while await res.feed.lag() != {"seconds": 0.0, "waitingRows": 0, "heldBy": None, "watchers": 0}:
            await asyncio.sleep(0.1)


async def test_what_waits_and_who_holds_it_up_are_told(res, clock, database_url):
    holder = await asyncpg.connect(database_url, server_settings={"application_name": "slow migration"})
    await _codecs(holder)
    transaction = holder.transaction()
    await transaction.start()
    await make_feed_row(holder, res)
    await make_feed_row(res.db.raw, res)
    await make_feed_row(res.db.raw, res)
    await clock.advance(timedelta(seconds=90))
    lag = await res.feed.lag()
    assert (lag["seconds"], lag["waitingRows"]) == (90.0, 2)
    assert lag["heldBy"]["pid"] == holder.get_server_pid()
    assert (lag["heldBy"]["application"], lag["heldBy"]["state"]) == ("slow migration", "idle in transaction")
    await transaction.commit()
    lag = await res.feed.lag()
    assert (lag["seconds"], lag["waitingRows"]) == (0.0, 0)
    await holder.close()


async def test_what_waits_is_as_old_as_its_row_and_not_as_what_it_tells_of(mailing, clock, database_url):
    issue = await make_issue(mailing, await make_project(mailing))
    alert = await make_alert(mailing, issue)
    mail = await make_notification(mailing, issue, await make_developer(mailing))
    await clock.advance(timedelta(hours=3))
    for what in (lambda: resolve_alert(mailing, system(), alert_id=alert.id), lambda: tell_sent(mailing, mail)):
        holder = await asyncpg.connect(database_url)
        await _codecs(holder)
        async with holder.transaction():
            await make_feed_row(holder, mailing)
            await what()
            await clock.advance(timedelta(seconds=7))
            assert (await mailing.feed.lag())["seconds"] == 7
        await holder.close()


async def tell_sent(res, notification):
    async with res.db.transaction() as tx:
        record_sent(res, tx, notification)
