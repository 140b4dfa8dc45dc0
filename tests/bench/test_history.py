"""The history that the figures are measured on, on a small scale: what it counts is what its events say."""

from pathlib import Path

import asyncpg
import pytest

from bench.history import make_history
from bench.stage import Stage
from core.clock import SystemClock
from resolvers.resources import open_resources
from resolvers.setup import first_setup
from tests.support.db import make_settings
from tests.support.rollups import check_hours
from tests.support.spans import check_spans

EVENTS, AN_ISSUE = 2_000, 50
_BY_COUNTS = "SELECT sum(event_count) FROM {}"


@pytest.fixture
async def stage(database_url: str, redis_url: str, tmp_path: Path) -> Stage:
    """The stores of a test, set up."""
    settings = make_settings(database_url, redis_url, data_dir=tmp_path)
    async with open_resources(settings, SystemClock()) as res:
        setup = await first_setup(res)
    assert setup is not None
    return Stage(settings, setup, None, None)  # type: ignore[arg-type] # of the stores nothing but where they are


async def test_all_that_the_writer_counts_is_counted(stage: Stage):
    history = await make_history(stage, EVENTS)
    assert (history.events, history.issues) == (EVENTS, EVENTS // AN_ISSUE)
    connection = await asyncpg.connect(stage.settings.database_url)
    try:
        events = await connection.fetchval("SELECT count(*) FROM event")
        # Of so few issues events are drawn that have none: those are left out.
        assert 200 < events < EVENTS
        for table in ("daily_count", "hourly_count", "day_count", "issue_counter"):
            assert await connection.fetchval(_BY_COUNTS.format(table)) == events, table
    finally:
        await connection.close()
    async with open_resources(stage.settings, SystemClock()) as res:
        await check_spans(res)
        await check_hours(res)
    assert await make_history(stage, EVENTS) == history
