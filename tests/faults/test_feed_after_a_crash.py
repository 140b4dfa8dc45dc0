"""What a crash of PostgreSQL does to the feed's order: transaction ids that came to nothing are given out again."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from uuid import UUID

import asyncpg
import psutil
import pytest

from core.clock import ManualClock
from core.db import _codecs
from core.embedded.postgres import Postgres
from core.fanout import Tap
from models.migrate import migrate_async
from resolvers.feed.position import find_present, open_feed
from resolvers.feed.rows import Row, read_rows
from resolvers.partitions import make_partitions
from resolvers.resources import Resources, open_resources
from tests.support.clock import START
from tests.support.db import make_settings
from tests.support.factories.feed import make_feed_row
from tests.support.feed import PATIENCE_S, reading_feed
from tests.support.servers import Servers, start_servers

pytestmark = [pytest.mark.faults, pytest.mark.timeout(120)]


@pytest.fixture
def own_servers() -> Iterator[Servers]:
    running = start_servers()
    yield running
    running.stop()


@pytest.fixture
async def store(own_servers: Servers) -> AsyncIterator[Resources]:
    await migrate_async(own_servers.database_url)
    settings = make_settings(own_servers.database_url, own_servers.redis_url)
    async with open_resources(settings, ManualClock(START)) as res:
        await make_partitions(res)
        await open_feed(res.db)
        yield res


async def test_a_row_that_gets_the_id_of_one_rolled_back_before_the_crash_is_seen_by_all(
    own_servers: Servers, store: Resources
):
    today = store.clock.now().date()
    await _write_log_seldom(own_servers.postgres)
    async with reading_feed(store):
        tap, _ = store.feed.attach(await find_present(store.db.raw, today))
        first = await make_feed_row(store.db.raw, store)
        assert await _take(tap) == [first]
        lost = await _roll_back_a_row(own_servers.postgres, store)
        store.feed.wake()
        position = await find_present(store.db.raw, today)
        _crash(own_servers.postgres)
        writer = await asyncpg.connect(own_servers.database_url)
        await _codecs(writer)
        second = await make_feed_row(writer, store)
        assert await writer.fetchval("SELECT xid FROM feed WHERE subject_id = $1", second) == lost
        await writer.close()
        assert await _take(tap) == [second]
        again = await read_rows(store.db.raw, position, today)
        assert [row.subject_id for row in again.rows] == [second]


async def _take(tap: Tap[Row]) -> list[UUID]:
    return [row.subject_id for row in await asyncio.wait_for(tap.take(), PATIENCE_S)]


async def _write_log_seldom(postgres: Postgres) -> None:
    """Let only commits bring the log to the disk, so that a rollback is surely lost in a crash right after it."""
    admin = await asyncpg.connect(postgres.admin_url)
    await admin.execute("ALTER SYSTEM SET wal_writer_delay = '10s'")
    await admin.execute("SELECT pg_reload_conf()")
    await admin.close()


async def _roll_back_a_row(postgres: Postgres, res: Resources) -> int:
    """The transaction id of a row that never was."""
    connection = await asyncpg.connect(postgres.url)
    await _codecs(connection)
    transaction = connection.transaction()
    await transaction.start()
    await make_feed_row(connection, res)
    xid: int = await connection.fetchval("SELECT pg_current_xact_id()")
    await transaction.rollback()
    await connection.close()
    return xid


def _crash(postgres: Postgres) -> None:
    """Leave it started again after the death of all its processes at once."""
    children = psutil.Process(postgres.pid).children()
    postgres.kill()
    for child in children:
        with suppress(psutil.NoSuchProcess):
            child.kill()
    postgres.start()
