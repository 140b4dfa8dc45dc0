import asyncio
from datetime import timedelta

import asyncpg

from core.db import _codecs
from tests.support.factories.feed import make_feed_row
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
