"""Which events are known to be in the archive, so that a partition goes only when all of its own are."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, datetime
from uuid import UUID

import asyncpg

from models.partitions import EVENT
from resolvers.resources import Resources

# Counting a big day takes long, and holds nobody up.
_LONG_S = 3600.0
_LEFT = """
SELECT found.project_id FROM (SELECT project_id, count(*) AS events FROM {partition} GROUP BY project_id) AS found
  LEFT JOIN archived_day AS known ON known.project_id = found.project_id AND known.day = $1
 WHERE found.events > coalesce(known.event_count, 0) ORDER BY found.project_id
"""
_BEGIN = """
INSERT INTO archived_day (project_id, day, event_count, archived_at) VALUES ($1, $2, 0, $3) ON CONFLICT DO NOTHING
"""
_CONFIRM = "UPDATE archived_day SET event_count = $3, archived_at = $4 WHERE project_id = $1 AND day = $2"
_WAITING = "SELECT EXISTS (SELECT FROM erasure WHERE finished_at IS NULL AND is_in_archive)"

Connection = asyncpg.pool.PoolConnectionProxy


@asynccontextmanager
async def unhurried(connection: Connection) -> AsyncIterator[None]:
    """Let statements take as long as they need within the block."""
    await connection.execute("SET statement_timeout = 0; SET transaction_timeout = 0")
    try:
        yield
    finally:
        await connection.execute("RESET statement_timeout; RESET transaction_timeout")


async def projects_left(connection: Connection, partition: str) -> list[UUID]:
    """The projects that have more events in a partition than are known to be in files."""
    # A partition is named by us, so it may stand in the statement.
    statement = _LEFT.format(partition=partition)
    async with unhurried(connection):
        rows = await connection.fetch(statement, EVENT.day(partition), timeout=_LONG_S)
    return [row["project_id"] for row in rows]


async def begin(connection: Connection, project_id: UUID, day: date, at: datetime) -> None:
    """Let everybody know that there may be files of a day, before there is one."""
    await connection.execute(_BEGIN, project_id, day, at)


async def confirm(connection: Connection, project_id: UUID, day: date, count: int, at: datetime) -> None:
    """Let everybody know that so many events of a day are in files, all on disk."""
    await connection.execute(_CONFIRM, project_id, day, count, at)


async def erasures_wait(res: Resources) -> bool:
    """Whether somebody is still to be taken out of archived files."""
    return bool(await res.db.raw.fetchval(_WAITING))
