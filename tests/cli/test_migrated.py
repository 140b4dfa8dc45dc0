import asyncio

import asyncpg
import pytest

from cli.migrated import wait_migrated
from cli.problem import Problem
from tests.support.db import on_database


async def _set_revision(url, revision):
    connection = await asyncpg.connect(url)
    try:
        await connection.execute("UPDATE alembic_version SET version_num = $1", revision)
    finally:
        await connection.close()


async def test_a_migrated_database_is_not_waited_for(database_url):
    await wait_migrated(database_url)


async def test_a_database_is_waited_for_until_it_is_migrated(database_url):
    connection = await asyncpg.connect(database_url)
    try:
        await connection.execute("ALTER TABLE alembic_version RENAME TO elsewhere")
        waiting = asyncio.create_task(wait_migrated(database_url))
        _, pending = await asyncio.wait([waiting], timeout=0.5)
        assert pending
        await connection.execute("ALTER TABLE elsewhere RENAME TO alembic_version")
    finally:
        await connection.close()
    await asyncio.wait_for(waiting, timeout=20)


async def test_a_database_that_newer_code_migrated_will_do(database_url):
    await _set_revision(database_url, "9999")
    await wait_migrated(database_url)


async def test_a_database_that_refuses_us_is_not_waited_for(servers):
    for wrong in (on_database(servers.database_url, "nowhere"), servers.database_url.replace("tocsin:", "tocsin:x")):
        with pytest.raises(Problem, match="The database refuses us"):
            await wait_migrated(wrong)


async def test_a_database_out_of_reach_is_waited_for():
    waiting = asyncio.create_task(wait_migrated("postgresql://a@127.0.0.1:1/b"))
    _, pending = await asyncio.wait([waiting], timeout=0.5)
    assert pending
    waiting.cancel()
    await asyncio.wait([waiting])
