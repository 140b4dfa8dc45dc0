import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from domain.errors import Unavailable
from domain.feed import START, Cursor, Position, StreamResetReason
from resolvers.feed.position import find_present, find_start, open_feed, why_gone
from resolvers.feed.rows import read_rows
from resolvers.partitions import drop_partitions
from tests.support.factories.feed import make_feed_row


async def test_the_first_opening_draws_an_epoch_and_later_ones_keep_it(res):
    await res.db.raw.execute("DELETE FROM feed_epoch")
    with pytest.raises(Unavailable):
        await find_present(res.db.raw, res.clock.now().date())
    epochs = await asyncio.gather(*(open_feed(res.db) for _ in range(5)))
    assert len(set(epochs)) == 1
    assert (await find_present(res.db.raw, res.clock.now().date())).epoch == epochs[0]


async def test_opening_keeps_the_rows_of_a_feed_that_was_not_restored(res):
    before = await open_feed(res.db)
    await make_feed_row(res.db.raw, res)
    assert await open_feed(res.db) == before
    assert await res.db.raw.fetchval("SELECT count(*) FROM feed") == 1


async def test_after_a_restore_the_feed_is_emptied_and_has_another_epoch(res):
    before = await open_feed(res.db)
    await make_feed_row(res.db.raw, res)
    await res.db.raw.execute("UPDATE feed SET xid = '1000000000'")
    epochs = set(await asyncio.gather(*(open_feed(res.db) for _ in range(5))))
    assert len(epochs) == 1
    assert before not in epochs
    assert await res.db.raw.fetchval("SELECT count(*) FROM feed") == 0


async def test_a_cursor_of_now_has_lost_nothing(res):
    today = res.clock.now().date()
    assert await why_gone(res.db.raw, await find_present(res.db.raw, today), today) is None


async def test_a_cursor_of_before_a_restore_is_told_so(res):
    today = res.clock.now().date()
    now = await find_present(res.db.raw, today)
    present = await res.db.raw.fetchval("SELECT pg_snapshot_xmax(pg_current_snapshot())")
    ahead = Position(present + 1000, 0)
    for cursor in (
        replace(now, epoch="another"),
        replace(now, position=ahead),
        replace(now, day=today + timedelta(days=2)),
    ):
        assert await why_gone(res.db.raw, cursor, today) is StreamResetReason.RESTORED


async def test_a_cursor_older_than_the_feed_is_kept_is_told_so(res, clock):
    today = res.clock.now().date()
    cursor = await find_present(res.db.raw, today)
    await clock.advance(timedelta(days=res.settings.feed_retention_days))
    await drop_partitions(res)
    assert await why_gone(res.db.raw, cursor, res.clock.now().date()) is None
    await clock.advance(timedelta(days=1))
    await drop_partitions(res)
    assert await why_gone(res.db.raw, cursor, res.clock.now().date()) is StreamResetReason.EXPIRED


async def test_the_start_is_before_the_oldest_row(res):
    today = res.clock.now().date()
    await make_feed_row(res.db.raw, res, day=today - timedelta(days=1))
    start = await find_start(res.db.raw)
    assert start == Cursor(start.epoch, today - timedelta(days=1), START)
    assert len((await read_rows(res.db.raw, start, today)).rows) == 1
