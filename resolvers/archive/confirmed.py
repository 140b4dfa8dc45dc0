"""Which events are known to be in the archive, so that a partition goes only when all of its own are."""

from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

import asyncpg

from core.ids import lowest_uuid7, made_at
from models.partitions import EVENT
from resolvers.resources import Resources

# Held by who changes the archive.
ARCHIVING = 0x70C54
# Counting a big day takes long, and holds nobody up.
_LONG_S = 3600.0
_LEFT = """
SELECT found.project_id
  FROM (SELECT project_id, count(*) AS events FROM {partition}
         WHERE $2::uuid[] IS NULL OR project_id = ANY($2) GROUP BY project_id) AS found
  LEFT JOIN archived_day AS known ON known.project_id = found.project_id AND known.day = $1
 WHERE found.events > coalesce(known.event_count, 0) ORDER BY found.project_id
"""
# What is pruned while a day is archived counts down from 0, and so is not counted as known at the end.
_BEGIN = """
INSERT INTO archived_day (project_id, day, has_files, event_count, archived_at) VALUES ($1, $2, false, 0, $3)
ON CONFLICT (project_id, day) DO UPDATE SET event_count = 0
"""
_CONFIRM = """
UPDATE archived_day
   SET has_files = true, event_count = greatest(0, event_count + $3), last_id = $4, archived_at = $5
 WHERE project_id = $1 AND day = $2
"""
_NEXT = "SELECT id FROM event WHERE project_id = $1 AND id > $2 AND id <= $3 ORDER BY id LIMIT 1"
_KNOWN = "SELECT event_count, last_id FROM archived_day WHERE project_id = $1 AND day = $2"
_COUNT = "SELECT count(*) FROM event WHERE project_id = $1 AND id >= $2 AND id <= $3"
_LESS = """
UPDATE archived_day SET event_count = event_count - gone.count
  FROM unnest($2::date[], $3::bigint[]) AS gone (day, count)
 WHERE archived_day.project_id = $1 AND archived_day.day = gone.day
"""
_LOWEST = UUID(int=0)
_WAITING = "SELECT EXISTS (SELECT FROM erasure WHERE finished_at IS NULL AND is_in_archive)"

Connection = asyncpg.pool.PoolConnectionProxy


class InFiles(NamedTuple):
    """How many events of a day that are in the database are in files too, and which is the last of them."""

    event_count: int
    last_id: UUID | None


@asynccontextmanager
async def unhurried(connection: Connection) -> AsyncIterator[None]:
    """Let statements take as long as they need within the block."""
    await connection.execute("SET statement_timeout = 0; SET transaction_timeout = 0")
    try:
        yield
    finally:
        await connection.execute("RESET statement_timeout; RESET transaction_timeout")


async def projects_left(connection: Connection, partition: str, among: Sequence[UUID] | None = None) -> list[UUID]:
    """The projects, all or among some, that have more events in a partition than are known to be in files."""
    # A partition is named by us, so it may stand in the statement.
    statement = _LEFT.format(partition=partition)
    async with unhurried(connection):
        rows = await connection.fetch(statement, EVENT.day(partition), among, timeout=_LONG_S)
    return [row["project_id"] for row in rows]


async def begin(connection: Connection, project_id: UUID, day: date, at: datetime) -> None:
    """Let everybody know that there may be files of a day, before there is one."""
    await connection.execute(_BEGIN, project_id, day, at)


async def confirm(connection: Connection, project_id: UUID, day: date, found: InFiles, at: datetime) -> None:
    """Let everybody know which events of a day are in files, all on disk."""
    await connection.execute(_CONFIRM, project_id, day, found.event_count, found.last_id, at)


async def known_up_to(connection: Connection, project_id: UUID, last: UUID) -> UUID:
    """The id up to which all events of a project are known to be in files; `last` where that is behind it."""
    at = _LOWEST
    async with unhurried(connection):
        while (id := await connection.fetchval(_NEXT, project_id, at, last)) is not None:
            day = made_at(id).date()
            known = await connection.fetchrow(_KNOWN, project_id, day)
            if known is None:
                return at
            until: UUID = known["last_id"] or lowest_uuid7(day + timedelta(days=1))
            if id > until:
                return at
            count = await connection.fetchval(_COUNT, project_id, lowest_uuid7(day), until, timeout=_LONG_S)
            if count > known["event_count"]:
                return at
            at = until
    return last


async def forget_known(connection: Connection, project_id: UUID, ids: Sequence[UUID]) -> None:
    """Let archived events that leave the database count no more, so that one which comes late is seen to be new."""
    days = Counter(made_at(id).date() for id in ids)
    await connection.execute(_LESS, project_id, list(days), list(days.values()))


async def erasures_wait(res: Resources) -> bool:
    """Whether somebody is still to be taken out of archived files."""
    return bool(await res.db.raw.fetchval(_WAITING))
