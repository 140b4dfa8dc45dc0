"""What a project keeps no longer, taken away in small steps; the telling events are copied out first."""

from dataclasses import dataclass
from uuid import UUID

from core.ids import lowest_uuid7
from domain.kept import oldest_day
from resolvers.archive.confirmed import forget_known, known_up_to
from resolvers.event.count import nth_newest
from resolvers.event.kept import keep_telling
from resolvers.resources import Resources

_STEP = 500
_LOCK_TIMEOUT_MS = 500
_PRUNING = 0x70C53
_LOWEST = UUID(int=0)
# What the longest retention lets go, goes with its partition.
_PROJECTS = """
SELECT id, retention_days, max_events, retention_days < greatest(max(retention_days) OVER (), $1::int) AS is_shorter
  FROM project ORDER BY id
"""
_OLDEST = """
SELECT id FROM event WHERE project_id = $1 AND id <= $2 ORDER BY id LIMIT $3 FOR UPDATE SKIP LOCKED
"""
_DELETE = "DELETE FROM event WHERE project_id = $1 AND id = ANY($2::uuid[])"


@dataclass(frozen=True, slots=True)
class _Bound:
    """What goes from a project: its events up to an id."""

    project_id: UUID
    last: UUID


async def prune_events(res: Resources) -> int:
    """Leave no event that is past its project's own time or count; return how many went.

    Where there is an archive, they stay until they are in there.
    """
    gone = 0
    for bound in await _bounds(res):
        gone += await _prune_all(res, bound)
    return gone


async def keep_telling_of(res: Resources, partition: str) -> None:
    """Leave copies of the telling events of a partition that is about to go."""
    after = (_LOWEST, _LOWEST)
    while step := await _keep_some(res, partition, after):
        after = step


async def _bounds(res: Resources) -> list[_Bound]:
    today = res.clock.now().date()
    async with res.db.raw.acquire() as connection:
        bounds = []
        for row in await connection.fetch(_PROJECTS, res.settings.event_retention_days):
            lasts = []
            if row["is_shorter"]:
                lasts.append(lowest_uuid7(oldest_day(today, row["retention_days"])))
            if row["max_events"] is not None:
                many = await nth_newest(connection, row["id"], row["max_events"])
                lasts += [many] if many else []
            if lasts:
                last = max(lasts)
                if res.settings.archive is not None:
                    last = await known_up_to(connection, row["id"], last)
                bounds.append(_Bound(row["id"], last))
    return bounds


async def _prune_all(res: Resources, bound: _Bound) -> int:
    gone = 0
    while step := await _prune(res, bound):
        gone += step
    return gone


async def _prune(res: Resources, bound: _Bound) -> int:
    """Take one step's worth away; none while another process does."""
    async with res.db.raw.acquire() as connection, connection.transaction():
        await connection.execute(f"SET LOCAL lock_timeout = {_LOCK_TIMEOUT_MS}")
        if not await connection.fetchval("SELECT pg_try_advisory_xact_lock($1)", _PRUNING):
            return 0
        rows = await connection.fetch(_OLDEST, bound.project_id, bound.last, _STEP)
        ids = [row["id"] for row in rows]
        if ids:
            await keep_telling(connection, [bound.project_id] * len(ids), ids)
            await connection.execute(_DELETE, bound.project_id, ids)
            await forget_known(connection, bound.project_id, ids)
    return len(ids)


async def _keep_some(res: Resources, partition: str, after: tuple[UUID, UUID]) -> tuple[UUID, UUID] | None:
    """Copy out of one step's worth; hand back where it ended, none at the partition's end."""
    # A partition is named by us, so it may stand in the statement.
    read = (
        f"SELECT project_id, id FROM {partition} WHERE (project_id, id) > ($1, $2)"  # noqa: S608
        f" ORDER BY project_id, id LIMIT {_STEP}"
    )
    async with res.db.raw.acquire() as connection, connection.transaction():
        rows = await connection.fetch(read, *after)
        if not rows:
            return None
        await keep_telling(connection, [row["project_id"] for row in rows], [row["id"] for row in rows])
    return rows[-1]["project_id"], rows[-1]["id"]
