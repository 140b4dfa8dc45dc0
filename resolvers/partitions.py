"""Partitions made ahead, and dropped when they are too old, in steps that block nobody for long."""

from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from datetime import date, timedelta

import asyncpg
import structlog

from models.partitions import EVENT, FEED, Partitioned
from resolvers.archive.confirmed import projects_left
from resolvers.event.prune import keep_telling_of
from resolvers.resources import Resources

_log = structlog.get_logger()
_LOCK_TIMEOUT_MS = 500
_TRIES = 10
_MIGRATING = 0x70C52
_HALF_DETACHED = """
SELECT relname FROM pg_inherits JOIN pg_class ON oid = inhrelid WHERE inhparent = $1::regclass AND inhdetachpending
"""
# A table beside the parent, of the same owner and with the same columns, that was detached as `drop` detaches: only
# then it has a check which says what was its bound.
_DETACHED = """
WITH parent AS (SELECT * FROM pg_class WHERE oid = $1::regclass),
columns AS (
  SELECT attrelid, array_agg((attname, atttypid, attnotnull)::text ORDER BY attname) AS names
    FROM pg_attribute WHERE attnum > 0 AND NOT attisdropped GROUP BY attrelid
)
SELECT t.relname FROM parent JOIN pg_class AS t USING (relnamespace, relowner)
  JOIN columns AS theirs ON theirs.attrelid = t.oid
  JOIN columns AS ours ON ours.attrelid = parent.oid AND ours.names = theirs.names
 WHERE t.relkind = 'r' AND NOT t.relispartition AND t.relname = ANY($2::text[])
   AND EXISTS (
     SELECT FROM unnest($2::text[], $3::text[], $4::text[]) AS bound (name, first, last)
       JOIN pg_constraint ON conrelid = t.oid AND contype = 'c'
      WHERE bound.name = t.relname AND strpos(pg_get_constraintdef(pg_constraint.oid), bound.first) > 0
        AND strpos(pg_get_constraintdef(pg_constraint.oid), bound.last) > 0)
 ORDER BY t.relname
"""
_NAMED_ALIKE = """
SELECT relname FROM pg_class
 WHERE relkind = 'r' AND NOT relispartition AND starts_with(relname, $1 || '_')
   AND relnamespace = (SELECT relnamespace FROM pg_class WHERE oid = $1::text::regclass)
"""


async def make_partitions(res: Resources, late_days: Collection[date] = ()) -> list[str]:
    """Leave a partition for yesterday, today and each of the days ahead; return the names of those that are new.

    Events have one for each of the late days too.
    """
    today = res.clock.now().date()
    days = [today + timedelta(days=ahead) for ahead in range(-1, res.settings.partitions_ahead_days + 1)]
    made = []
    async with _alone(res) as connection:
        for kind in (EVENT, FEED):
            there = set(await existing_partitions(connection, kind))
            for day in sorted({*days, *late_days} if kind is EVENT else days):
                if kind.name(day) not in there:
                    await _make(connection, kind, day)
                    made.append(kind.name(day))
    return made


async def drop_partitions(res: Resources) -> list[str]:
    """Leave no partition that is wholly older than what is kept; return the names of those dropped.

    That goes for those too whose dropping was cut off. A table that only looks like one of them stays.
    Where there is an archive, one of events that are not all in there stays, which is logged.
    """
    dropped = []
    for kind in (EVENT, FEED):
        oldest = await first_day_kept(res, kind)
        async with _alone(res) as connection:
            dropped += await _finish_dropping(res, connection, kind, oldest)
            for name in await existing_partitions(connection, kind):
                if kind.day(name) < oldest:
                    if kind is EVENT:
                        if not await _may_go(res, connection, name):
                            continue
                        await keep_telling_of(res, name)
                    for statement in kind.drop(name):
                        await _patiently(connection, statement)
                    dropped.append(name)
    return dropped


async def _finish_dropping(
    res: Resources, connection: asyncpg.pool.PoolConnectionProxy, kind: Partitioned, oldest: date
) -> list[str]:
    """Leave no partition that was detached to be dropped, and then was not; return the names of those dropped."""
    for row in await connection.fetch(_HALF_DETACHED, kind.table):
        if (day := kind.read_day(row["relname"])) is not None and day < oldest:
            await _patiently(connection, kind.finish_drop(row["relname"]))
    dropped = []
    for name in await _detached(connection, kind, oldest):
        # What tells more was copied out before it was detached.
        if kind is FEED or await _may_go(res, connection, name):
            await _patiently(connection, kind.drop(name)[1])
            _log.info("dropping of a partition finished that was cut off", partition=name)
            dropped.append(name)
    return dropped


async def _detached(connection: asyncpg.pool.PoolConnectionProxy, kind: Partitioned, oldest: date) -> list[str]:
    """The tables that were partitions of days before one, and are none any more."""
    named = [row["relname"] for row in await connection.fetch(_NAMED_ALIKE, kind.table)]
    days = {name: day for name in named if (day := kind.read_day(name)) is not None and day < oldest}
    bounds = [(name, kind.bound(day), kind.bound(day + timedelta(days=1))) for name, day in days.items()]
    if not bounds:
        return []
    rows = await connection.fetch(_DETACHED, kind.table, *map(list, zip(*bounds, strict=True)))
    return [row["relname"] for row in rows]


async def first_day_kept(res: Resources, kind: Partitioned) -> date:
    """The first day of which some project keeps anything."""
    kept = await _longest_retention(res) if kind is EVENT else res.settings.feed_retention_days
    return res.clock.now().date() - timedelta(days=kept)


async def _longest_retention(res: Resources) -> int:
    most = await res.db.raw.fetchval("SELECT max(retention_days) FROM project")
    return max(int(most or 0), res.settings.event_retention_days)


async def _may_go(res: Resources, connection: asyncpg.pool.PoolConnectionProxy, partition: str) -> bool:
    """Whether nothing is lost when a partition of events goes."""
    if res.settings.archive is None:
        return True
    left = await projects_left(connection, partition)
    if left:
        _log.error("partition kept, for it is not archived", partition=partition, projects=len(left))
    return not left


@asynccontextmanager
async def _alone(res: Resources) -> AsyncIterator[asyncpg.pool.PoolConnectionProxy]:
    """A connection, while no other process makes or drops partitions."""
    async with res.db.raw.acquire() as connection:
        await connection.execute("SELECT pg_advisory_lock($1)", _MIGRATING)
        try:
            yield connection
        finally:
            await connection.execute("SELECT pg_advisory_unlock($1)", _MIGRATING)


async def existing_partitions(connection: asyncpg.pool.PoolConnectionProxy, kind: Partitioned) -> list[str]:
    """The partitions of a table, oldest first."""
    rows = await connection.fetch(
        "SELECT relid::regclass::text AS name FROM pg_partition_tree($1::regclass) WHERE isleaf ORDER BY 1", kind.table
    )
    return [row["name"] for row in rows if row["name"] != kind.table]


async def _make(connection: asyncpg.pool.PoolConnectionProxy, kind: Partitioned, day: date) -> None:
    create, attach = kind.make(day)
    async with connection.transaction():
        await connection.execute(f"SET LOCAL lock_timeout = {_LOCK_TIMEOUT_MS * _TRIES}")
        await connection.execute(create)
        await connection.execute(attach)


async def _patiently(connection: asyncpg.pool.PoolConnectionProxy, statement: str) -> None:
    """Run a statement that needs a lock, giving way to others between tries.

    Raises: asyncpg.LockNotAvailableError when it never gets its turn.
    """
    await connection.execute(f"SET lock_timeout = {_LOCK_TIMEOUT_MS}")
    try:
        for left in reversed(range(_TRIES)):
            try:
                await connection.execute(statement)
            except asyncpg.LockNotAvailableError:
                if not left:
                    raise
            else:
                return
    finally:
        await connection.execute("RESET lock_timeout")
