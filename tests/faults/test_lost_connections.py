"""What becomes of errors when PostgreSQL drops its connections: the writer tries again, and reporters notice nothing."""

import asyncio
from collections import Counter

import asyncpg
import pytest

from domain.report import IngestOutcome
from models import Event
from resolvers.resources import Resources
from tests.support.factories.project import make_project
from tests.support.rows import all_rows
from tests.support.writing import log

pytestmark = pytest.mark.faults

_DROP = """SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
 WHERE datname = current_database() AND pid <> pg_backend_pid()"""
_OTHERS = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"


async def test_the_first_error_after_an_idle_connection_broke_is_stored(writing: Resources, database_url: str):
    project = await make_project(writing)
    administrator = await asyncpg.connect(database_url)
    for _ in range(3):
        await log(writing, project)
        await administrator.execute(_DROP)
        while await administrator.fetchval(_OTHERS):
            await asyncio.sleep(0.01)
        assert (await log(writing, project)).outcome is IngestOutcome.STORED
    await administrator.close()


async def test_connections_that_break_in_the_middle_of_a_flush_lose_nothing_and_double_nothing(
    writing: Resources, database_url: str
):
    project = await make_project(writing)
    await log(writing, project, eventId="first")
    administrator = await asyncpg.connect(database_url)
    under_way = [asyncio.create_task(_log_some(writing, project, place)) for place in range(5)]
    dropped = 0
    while not all(task.done() for task in under_way):
        dropped += await administrator.fetchval(_DROP)
        await asyncio.sleep(0.05)
    outcomes = Counter(outcome for taken in await asyncio.gather(*under_way) for outcome in taken)
    assert outcomes == {IngestOutcome.STORED: 5 * 20}
    assert dropped > 0
    assert len(await all_rows(writing, Event)) == 1 + 5 * 20
    await administrator.close()


async def _log_some(res: Resources, project, place: int) -> list[IngestOutcome]:
    return [(await log(res, project, eventId=f"{place}-{number}")).outcome for number in range(20)]
