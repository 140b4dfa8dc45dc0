"""What becomes of errors when PostgreSQL drops its connections: the writer tries again, and reporters notice nothing."""

import asyncio
from collections import Counter

import asyncpg
import pytest

from domain.report import IngestOutcome
from models import Project
from resolvers.resources import Resources
from tests.support.cutting import cut_connections
from tests.support.factories.project import make_project
from tests.support.writing import log

pytestmark = pytest.mark.faults

_LEFT = "SELECT count(*) FROM pg_stat_activity WHERE pid = ANY($1)"


async def test_the_first_error_after_an_idle_connection_broke_is_stored(writing: Resources, database_url: str):
    project = await make_project(writing)
    administrator = await asyncpg.connect(database_url)
    for _ in range(3):
        await log(writing, project)
        cut = await cut_connections(administrator)
        while await administrator.fetchval(_LEFT, cut):
            await asyncio.sleep(0.01)
        assert (await log(writing, project)).outcome is IngestOutcome.STORED
    await administrator.close()


async def test_connections_that_break_in_the_middle_of_a_flush_lose_nothing_and_double_nothing(
    writing: Resources, database_url: str
):
    project = await make_project(writing)
    administrator = await asyncpg.connect(database_url)
    outcomes: Counter[IngestOutcome] = Counter()
    async with asyncio.TaskGroup() as group:
        for place in range(5):
            group.create_task(_log_some(writing, project, place, outcomes))
        for drop in range(4):
            while outcomes.total() < 20 * (drop + 1):
                await asyncio.sleep(0.001)
            while not await cut_connections(administrator):
                await asyncio.sleep(0.001)
    assert outcomes == {IngestOutcome.STORED: 5 * 20}
    assert await administrator.fetchval("SELECT count(*) FROM event") == 5 * 20
    assert await administrator.fetchval("SELECT sum(event_count)::int FROM issue_counter") == 5 * 20
    await administrator.close()


async def _log_some(res: Resources, project: Project, place: int, outcomes: Counter[IngestOutcome]) -> None:
    for number in range(20):
        outcomes[(await log(res, project, eventId=f"{place}-{number}")).outcome] += 1
