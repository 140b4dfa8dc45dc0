"""Where in the events of a project a count ends."""

from uuid import UUID

import asyncpg

_NTH = "SELECT id FROM event WHERE project_id = $1 ORDER BY id DESC OFFSET $2 LIMIT 1"


async def nth_newest(
    connection: "asyncpg.pool.PoolConnectionProxy[asyncpg.Record]", project_id: UUID, newer: int
) -> UUID | None:
    """The event of a project that so many are newer than; none where there are no more."""
    id: UUID | None = await connection.fetchval(_NTH, project_id, newer)
    return id
