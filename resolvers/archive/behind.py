"""Which projects have more events than they keep, and not all of those too many in files yet?"""

from typing import NamedTuple
from uuid import UUID

from resolvers.archive.confirmed import ARCHIVING, Connection, known_up_to
from resolvers.event.count import nth_newest
from resolvers.resources import Resources

_BOUNDED = "SELECT id, number, max_events FROM project WHERE max_events IS NOT NULL ORDER BY id"


class Behind(NamedTuple):
    """A project whose events are to be archived, up to an id."""

    project_id: UUID
    number: int
    up_to: UUID


async def is_behind(res: Resources) -> bool:
    """Whether events wait for being archived because there are too many, and nobody archives now."""
    async with res.db.raw.acquire() as connection:
        if not await connection.fetchval("SELECT pg_try_advisory_lock($1)", ARCHIVING):
            return False
        await connection.execute("SELECT pg_advisory_unlock($1)", ARCHIVING)
        return bool(await projects_behind(connection))


async def projects_behind(connection: Connection) -> list[Behind]:
    """The projects, and up to where to archive: to the middle of what they keep, so that it is not due soon again."""
    behind = []
    for project_id, number, most in await connection.fetch(_BOUNDED):
        last = await nth_newest(connection, project_id, most)
        if last is not None and await known_up_to(connection, project_id, last) < last:
            middle = await nth_newest(connection, project_id, most // 2)
            behind.append(Behind(project_id, number, middle or last))
    return behind
