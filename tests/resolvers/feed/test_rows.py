from contextlib import AsyncExitStack
from datetime import timedelta

import asyncpg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.db import _codecs
from domain.feed import Cursor
from resolvers.feed import rows as feed_rows
from resolvers.feed.position import find_present
from resolvers.feed.rows import read_rows
from resolvers.resources import Resources
from tests.support.factories.feed import make_feed_row


async def present(res: Resources) -> Cursor:
    return await find_present(res.db.raw, res.clock.now().date())


class Reader:
    """Reads from where it stands, and remembers what it got."""

    def __init__(self, res: Resources, start: Cursor) -> None:
        self._res = res
        self.cursor = start
        self.got: list[int] = []

    async def read(self) -> list[int]:
        batch = await read_rows(self._res.db.raw, self.cursor, self._res.clock.now().date())
        self.cursor = batch.cursor
        ids = [row.cursor.position.id for row in batch.rows]
        self.got += ids
        return ids


class Writer:
    """One connection, in a transaction of its own while it writes."""

    def __init__(self, res: Resources, connection: asyncpg.Connection) -> None:
        self._res = res
        self._connection = connection
        self._transaction = None

    async def write(self) -> None:
        if self._transaction is None:
            self._transaction = self._connection.transaction()
            await self._transaction.start()
        await make_feed_row(self._connection, self._res)

    async def end(self, *, commit: bool) -> None:
        if self._transaction is not None:
            transaction, self._transaction = self._transaction, None
            await (transaction.commit() if commit else transaction.rollback())


@pytest.fixture
async def writers(res, database_url):
    async with AsyncExitStack() as stack:
        made = []
        for _ in range(3):
            connection = await asyncpg.connect(database_url)
            stack.push_async_callback(connection.close)
            await _codecs(connection)
            made.append(Writer(res, connection))
        yield made


async def all_rows(res: Resources, since: Cursor) -> list[int]:
    query = "SELECT id FROM feed WHERE (xid, id) > ($1, $2) ORDER BY xid, id"
    position = since.position
    return [record["id"] for record in await res.db.raw.fetch(query, position.xid, position.id)]


async def test_a_row_waits_for_every_transaction_that_began_to_write_before(res, writers):
    older, newer, _ = writers
    reader = Reader(res, await present(res))
    await older.write()
    await newer.write()
    await newer.end(commit=True)
    assert await reader.read() == []
    batch = await read_rows(res.db.raw, reader.cursor, res.clock.now().date())
    assert batch.is_held_up
    await older.end(commit=True)
    got = await reader.read()
    assert got == sorted(got)
    assert len(got) == 2
    assert await reader.read() == []


async def test_a_rolled_back_row_is_never_seen_and_holds_up_nothing(res, writers):
    older, newer, _ = writers
    reader = Reader(res, await present(res))
    await older.write()
    await newer.write()
    await newer.end(commit=True)
    await older.end(commit=False)
    assert len(await reader.read()) == 1


async def test_a_transaction_that_only_reads_holds_up_nothing(res, writers, database_url):
    connection = await asyncpg.connect(database_url)
    async with connection.transaction(isolation="repeatable_read"):
        await connection.fetch("SELECT * FROM feed")
        reader = Reader(res, await present(res))
        await writers[0].write()
        await writers[0].end(commit=True)
        assert len(await reader.read()) == 1
    await connection.close()


async def test_more_rows_than_one_read_takes_come_in_several(res, writers, monkeypatch):
    monkeypatch.setattr(feed_rows, "MOST_ROWS", 2)
    reader = Reader(res, await present(res))
    for _ in range(5):
        await writers[0].write()
    await writers[0].end(commit=True)
    sizes = [len(await reader.read()) for _ in range(4)]
    assert sizes == [2, 2, 1, 0]
    assert reader.got == sorted(reader.got)


async def test_a_new_day_is_read_on_from_the_day_before(res, clock, writers):
    reader = Reader(res, await present(res))
    await writers[0].write()
    await clock.advance(timedelta(days=1))
    await writers[0].write()
    await writers[0].end(commit=True)
    assert len(await reader.read()) == 2


schedules = st.lists(
    st.one_of(
        st.tuples(st.just("write"), st.integers(0, 2)),
        st.tuples(st.just("commit"), st.integers(0, 2)),
        st.tuples(st.just("roll back"), st.integers(0, 2)),
        st.tuples(st.just("read"), st.integers(0, 1)),
        st.tuples(st.just("join"), st.just(0)),
    ),
    max_size=30,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(schedules)
async def test_whatever_the_history_every_reader_gets_each_row_once_in_the_one_order(res, writers, schedule):
    start = await present(res)
    readers = [Reader(res, start), Reader(res, start)]
    joined: list[tuple[Reader, set[int]]] = []
    for act, which in schedule:
        if act == "write":
            await writers[which].write()
        elif act in ("commit", "roll back"):
            await writers[which].end(commit=act == "commit")
        elif act == "read":
            await readers[which].read()
        else:
            before = set(await all_rows(res, start))
            joined.append((Reader(res, await present(res)), before))
    for writer in writers:
        await writer.end(commit=True)
    truth = await all_rows(res, start)
    for reader in readers:
        await reader.read()
        assert reader.got == truth
    for reader, before in joined:
        await reader.read()
        # One who came later gets the end of the same order, and all that was not there when it came.
        assert reader.got == truth[len(truth) - len(reader.got) :]
        assert set(truth) - before <= set(reader.got)
