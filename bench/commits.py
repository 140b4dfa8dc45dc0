"""When events were committed, as PostgreSQL says: nothing that is measured is asked."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

import asyncpg

from bench.stage import Stage
from domain.feed import FeedKind

_TIMES = """
SELECT extract(epoch FROM pg_xact_commit_timestamp(xmin))::float8 AS at FROM feed
 WHERE kind = $1 ORDER BY xid DESC, id DESC LIMIT $2
"""


@contextmanager
def noting_commits(stage: Stage) -> Iterator[None]:
    """Within the block PostgreSQL, started anew for it, keeps when each transaction was committed."""
    asyncio.run(_execute(stage, "ALTER SYSTEM SET track_commit_timestamp = on"))
    _restart(stage)
    try:
        yield
    finally:
        asyncio.run(_execute(stage, "ALTER SYSTEM RESET track_commit_timestamp"))
        _restart(stage)


async def commit_times(stage: Stage, count: int) -> list[float]:
    """When each of the events that were stored last was committed, as `time.time` has it, in the order of the feed.

    It is taken just before the commit goes to the disk.
    """
    connection = await asyncpg.connect(stage.postgres.admin_url)
    try:
        found = await connection.fetch(_TIMES, FeedKind.EVENT_LOGGED.name, count)
    finally:
        await connection.close()
    return [row["at"] for row in reversed(found)]


async def _execute(stage: Stage, statement: str) -> None:
    connection = await asyncpg.connect(stage.postgres.admin_url)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


def _restart(stage: Stage) -> None:
    stage.postgres.stop()
    stage.postgres.start()
