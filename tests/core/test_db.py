import asyncio
from urllib.parse import urlsplit

import pytest
from sqlalchemy import func, literal_column
from sqlalchemy import select as columns
from sqlmodel import select
from structlog.testing import capture_logs

from core import db
from models import Developer, Heartbeat
from models.migrate import migrate_async
from resolvers.resources import Resources, open_resources
from tests.support.db import make_settings


async def test_a_url_may_name_host_and_role_behind_the_database(database_url: str, redis_url: str):
    parts = urlsplit(database_url)
    url = f"postgresql://{parts.path}?{parts.query}&user={parts.username}&password={parts.password}"
    await migrate_async(url)
    async with open_resources(make_settings(url, redis_url)) as res:
        assert await res.db.raw.fetchval("SELECT current_user") == parts.username
        async with res.db.reading() as session:
            assert (await session.exec(select(Developer))).all() == []


async def test_a_connection_that_does_not_come_back_holds_up_no_end(
    database_url: str, redis_url: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(db, "_CLOSE_S", 0.1)
    with capture_logs() as said:
        async with open_resources(make_settings(database_url, redis_url)) as res:
            await res.db.raw.acquire()
    assert [line["event"] for line in said] == ["connections broken off, for they did not come back"]


async def test_a_connection_apart_is_of_no_pool_and_gone_after_the_block(res: Resources):
    async with res.db.apart() as connection:
        number = await connection.fetchval("SELECT pg_backend_pid()")
        assert await connection.fetchval("SHOW idle_in_transaction_session_timeout") == "10s"
        assert await connection.fetchval("SELECT pg_try_advisory_lock(1)")
    while await res.db.raw.fetchval("SELECT count(*) FROM pg_stat_activity WHERE pid = $1", number):
        pass
    assert await res.db.raw.fetchval("SELECT pg_try_advisory_lock(1)")


async def test_connections_that_broke_while_nobody_used_them_are_replaced(res: Resources):
    """As all do when PostgreSQL starts anew: who asks first is not to be told that it is away."""
    async with res.db.reading() as one, res.db.reading() as other, res.db.apart() as executioner:
        connections = [await (await each.connection()).get_raw_connection() for each in (one, other)]
        drivers = [connection.driver_connection for connection in connections]
        pids = [driver.get_server_pid() for driver in drivers]
        await one.rollback()
        await other.rollback()
        await executioner.execute("SELECT pg_terminate_backend(pid) FROM unnest($1::int[]) AS gone (pid)", pids)
    async with asyncio.timeout(5):
        while not all(driver.is_closed() for driver in drivers):
            await asyncio.sleep(0.01)
    for _ in drivers:
        async with res.db.transaction() as tx:
            assert (await tx.session.exec(select(Developer))).all() == []


async def test_what_may_be_a_lot_is_read_in_parts_of_one_snapshot(res: Resources):
    numbers = columns(func.generate_series(1, 7))
    async with res.db.reading() as session:
        parts = [[number for (number,) in part] async for part in session.parts(numbers, 3)]
        assert parts == [[1, 2, 3], [4, 5, 6], [7]]
        assert [part async for part in session.parts(numbers.where(literal_column("false")), 3)] == []


async def test_what_is_written_last_is_written_if_and_when_the_rest_is(res: Resources):
    async with res.db.transaction() as tx:
        for name in ("a", "b"):
            tx.write_last(Heartbeat, name=name, at=res.clock.now())
        assert (await tx.session.exec(select(Heartbeat))).all() == []

    async def fail() -> None:
        async with res.db.transaction() as tx:
            tx.write_last(Heartbeat, name="c", at=res.clock.now())
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    async with res.db.reading() as session:
        assert {row.name for row in (await session.exec(select(Heartbeat))).all()} == {"a", "b"}


async def test_what_is_known_in_a_transaction_is_read_once(res: Resources):
    reads = []

    async def read() -> None:
        reads.append(1)

    async with res.db.transaction() as tx:
        assert [await tx.once("key", read), await tx.once("key", read)] == [None, None]
    assert reads == [1]


async def test_planning_by_values_ends_with_the_snapshot(res: Resources):
    mode = columns(literal_column("current_setting('plan_cache_mode')"), literal_column("pg_backend_pid()"))
    async with res.db.reading() as session:
        await session.plan_by_values()
        ((within, backend),) = await session.rows(mode)
    async with res.db.reading() as session:
        assert await session.rows(mode) == [("auto", backend)]
    assert within == "force_custom_plan"
