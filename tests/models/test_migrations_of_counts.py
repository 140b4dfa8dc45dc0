"""The migrations that count days, of hours (0031) and beside them (0038), lose no count on their way back.

Spans of issues (0039) are made of them, and the hours of days (0044) of what there is by the hour.
"""

from datetime import timedelta
from typing import Any

from alembic import command
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import create_async_engine

from core.clock import ManualClock
from core.db import with_scheme
from models import DayCount, HourlyCount
from models.migrate import migration_config
from resolvers.resources import Resources
from resolvers.retention import prune_counts
from tests.support.clock import START
from tests.support.factories.issue import count_events, make_issue
from tests.support.factories.project import make_project
from tests.support.rollups import check_hours
from tests.support.rows import all_rows
from tests.support.spans import check_spans

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


async def test_days_are_hours_again_and_no_event_is_lost(res: Resources, database_url: str, clock: ManualClock):
    issue = await make_issue(res, await make_project(res))
    long_ago = (START - 100 * DAY).replace(hour=0, minute=0)
    for at, count in ((START, 1), (long_ago + HOUR, 10), (long_ago + 5 * HOUR, 100)):
        await count_events(res, issue, at, count)
    assert (await prune_counts(res))["hours"] == 2
    await count_events(res, issue, long_ago, 1000)  # one that came late, in the hour to which its day comes back

    def back_and_there(connection: Connection) -> list[Any]:
        command.downgrade(migration_config(connection), "0030")
        found = connection.execute(text("SELECT hour, event_count FROM hourly_count ORDER BY hour")).all()
        connection.commit()
        command.upgrade(migration_config(connection), "head")
        return [tuple(row) for row in found]

    engine = create_async_engine(with_scheme(database_url, "postgresql+asyncpg"))
    async with engine.connect() as connection:
        before = await connection.run_sync(back_and_there)
    await engine.dispose()
    hour = START.replace(minute=0, second=0, microsecond=0)
    assert before == [(long_ago, 1110), (hour, 1)]
    for counts in (HourlyCount, DayCount):
        assert sorted(row.event_count for row in await all_rows(res, counts)) == [1, 1110]
    await check_spans(res)
    await check_hours(res)
