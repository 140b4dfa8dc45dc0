import asyncio

import asyncpg
import pytest

from core.db import _codecs
from domain.messages import FEED_NEWS
from resolvers.feed.position import find_present, open_feed
from resolvers.resources import open_resources
from tests.support.cutting import cut_connections
from tests.support.db import make_settings
from tests.support.factories.feed import make_feed_row
from tests.support.feed import PATIENCE_S, reading_feed


async def present(res):
    return await find_present(res.db.raw, res.clock.now().date())


async def take(tap, count):
    """So many subjects from the tap."""
    taken = []
    async with asyncio.timeout(PATIENCE_S):
        while len(taken) < count and not tap.is_dry:
            taken += [row.subject_id for row in await tap.take()]
    return taken


@pytest.fixture
async def writer(database_url):
    connection = await asyncpg.connect(database_url)
    await _codecs(connection)
    yield connection
    await connection.close()


async def test_every_watcher_gets_every_row(res, writer):
    async with reading_feed(res):
        taps = [res.feed.attach(await present(res))[0] for _ in range(3)]
        subjects = [await make_feed_row(writer, res) for _ in range(5)]
        for tap in taps:
            assert await take(tap, 5) == subjects


async def test_news_of_another_process_are_heard(res, database_url, redis_url, clock):
    async with reading_feed(res), open_resources(make_settings(database_url, redis_url), clock) as other:
        tap, _ = res.feed.attach(await present(res))
        async with other.db.transaction() as tx:
            await tx.session.connection()
            subject = await make_feed_row(other.db.raw, other)
            tx.send(FEED_NEWS)
        assert await take(tap, 1) == [subject]


async def test_without_a_bus_rows_are_found_all_the_same(database_url, clock, writer):
    # Nothing listens on that port.
    async with open_resources(make_settings(database_url, "redis://127.0.0.1:1/0"), clock) as res:
        task = asyncio.create_task(res.feed.run())
        tap, _ = res.feed.attach(await present(res))
        subject = await make_feed_row(writer, res)
        assert await take(tap, 1) == [subject]
        assert not res.bus.is_connected
        task.cancel()
        await asyncio.wait([task])


async def test_rows_that_are_held_up_come_soon_after_what_held_them_up_ends(res, writer, database_url):
    other = await asyncpg.connect(database_url)
    await _codecs(other)
    async with reading_feed(res):
        tap, _ = res.feed.attach(await present(res))
        older = writer.transaction()
        await older.start()
        first = await make_feed_row(writer, res)
        second = await make_feed_row(other, res)
        res.feed.wake()
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(tap.take(), 0.3)
        await older.commit()
        assert await take(tap, 2) == [first, second]
    await other.close()


async def test_while_nobody_watches_nothing_is_read(res, writer):
    async with reading_feed(res):
        tap, _ = res.feed.attach(await present(res))
        await make_feed_row(writer, res)
        await take(tap, 1)
        res.feed.detach(tap)
        async with asyncio.timeout(PATIENCE_S):
            while res.feed.cursor is not None:
                await asyncio.sleep(0.01)
        for _ in range(20):
            await make_feed_row(writer, res)
            res.feed.wake()
            await asyncio.sleep(0.01)
            assert res.feed.cursor is None
        tap, _ = res.feed.attach(await present(res))
        subject = await make_feed_row(writer, res)
        assert await take(tap, 1) == [subject]


async def test_a_broken_connection_loses_nothing(res, writer):
    async with reading_feed(res):
        tap, _ = res.feed.attach(await present(res))
        subjects = [await make_feed_row(writer, res)]
        assert await take(tap, 1) == subjects
        for _ in range(3):
            await cut_connections(writer)
            subject = await make_feed_row(writer, res)
            assert await take(tap, 1) == [subject]


async def test_when_the_epoch_changes_every_watcher_is_let_go(res, writer):
    async with reading_feed(res):
        tap, _ = res.feed.attach(await present(res))
        await writer.execute("DELETE FROM feed_epoch")
        await open_feed(res.db)
        assert await take(tap, 1) == []
        assert tap.is_dry
        again, _ = res.feed.attach(await present(res))
        subject = await make_feed_row(writer, res)
        assert await take(again, 1) == [subject]
