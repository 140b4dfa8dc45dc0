"""Archiving what the database will keep no longer, before it goes."""

from datetime import date
from typing import NamedTuple

from domain.access import Actor, Scope
from models.partitions import EVENT
from resolvers.archive.confirmed import Connection, begin, confirm, projects_left
from resolvers.archive.place import open_archive, told
from resolvers.archive.write import ProjectDay, archive_day
from resolvers.partitions import existing_partitions, first_day_kept
from resolvers.resources import Resources

_NUMBERS = "SELECT id, number FROM project WHERE id = ANY($1::uuid[])"


class Archived(NamedTuple):
    """A day of a project that is in the archive now."""

    project_number: int
    day: date
    event_count: int


async def archive_expired(res: Resources, actor: Actor, *, before: date | None = None) -> list[Archived]:
    """Leave all events of the days before one in files; without a day, of those that no project keeps any longer.

    What is archived already costs little. A day that cannot be archived ends it; those before it are.

    Raises: PermissionDenied, NotFound, Unavailable, Conflict for an event that cannot be read.
    """
    actor.require(Scope.ADMIN)
    before = before or await first_day_kept(res, EVENT)
    done: list[Archived] = []
    async with open_archive(res) as (connection, files):
        for partition in await existing_partitions(connection, EVENT):
            if EVENT.day(partition) >= before:
                continue
            for what in await _left(connection, partition):
                await begin(connection, what.project_id, what.day, res.clock.now())
                with told(res):
                    count = await archive_day(connection, files, what)
                await confirm(connection, what.project_id, what.day, count, res.clock.now())
                done.append(Archived(what.project_number, what.day, count))
    return done


async def _left(connection: Connection, partition: str) -> list[ProjectDay]:
    """What of a partition is not known to be in files."""
    left = await projects_left(connection, partition)
    numbers = {row["id"]: row["number"] for row in await connection.fetch(_NUMBERS, left)}
    return [ProjectDay(project_id, numbers[project_id], partition) for project_id in left]
