"""Archiving what the database will keep no longer, before it goes."""

from collections.abc import AsyncIterator, Sequence
from datetime import date
from typing import NamedTuple, Self
from uuid import UUID

import asyncpg

from core.files import Files
from core.ids import made_at
from domain.access import Actor, Scope
from domain.kept import oldest_day
from models.partitions import EVENT
from resolvers.archive.behind import projects_behind
from resolvers.archive.confirmed import Connection, begin, confirm, projects_left
from resolvers.archive.outcome import RUN, note_success
from resolvers.archive.place import open_archive, told
from resolvers.archive.write import ProjectDay, archive_day
from resolvers.partitions import existing_partitions
from resolvers.resources import Resources

_PROJECTS = "SELECT id, number, retention_days FROM project ORDER BY id"


class Archived(NamedTuple):
    """A day of a project that is in the archive now."""

    project_number: int
    day: date
    event_count: int


async def archive_expired(
    res: Resources, actor: Actor, *, before: date | None = None, today: date | None = None
) -> list[Archived]:
    """Leave all events of the days before one in files; without that, those which their project keeps no longer.

    That is those past their time, and those past their count: with these, the older half of what the project keeps.
    What is archived already costs little. A day that cannot be archived ends it; those before it are.

    Raises: PermissionDenied, NotFound, Unavailable, Conflict for an event that cannot be read.
    """
    actor.require(Scope.ADMIN)
    today = today or res.clock.now().date()
    async with open_archive(res) as (connection, files):
        projects = [_Due.of(row, before, today) for row in await connection.fetch(_PROJECTS)]
        done = [await _archive(res, connection, files, what) async for what in _past_their_time(connection, projects)]
        if before is None:
            done += [await _archive(res, connection, files, what) async for what in _too_many(connection)]
            await note_success(res, RUN)
    return done


async def _archive(res: Resources, connection: Connection, files: Files, what: ProjectDay) -> Archived:
    await begin(connection, what.project_id, what.day, res.clock.now())
    with told(res):
        found = await archive_day(connection, files, what)
    await confirm(connection, what.project_id, what.day, found, res.clock.now())
    return Archived(what.project_number, what.day, found.event_count)


class _Due(NamedTuple):
    """A project, and the first day of its own that is not to be archived."""

    project_id: UUID
    number: int
    before: date

    @classmethod
    def of(cls, row: asyncpg.Record, before: date | None, today: date) -> Self:
        """A project of the database."""
        return cls(row["id"], row["number"], before or oldest_day(today, row["retention_days"]))


async def _past_their_time(connection: Connection, projects: "Sequence[_Due]") -> AsyncIterator[ProjectDay]:
    for partition in await existing_partitions(connection, EVENT):
        for what in await _left(connection, partition, projects):
            yield what


async def _too_many(connection: Connection) -> AsyncIterator[ProjectDay]:
    partitions = await existing_partitions(connection, EVENT)
    for one in await projects_behind(connection):
        for partition in partitions:
            is_due = EVENT.day(partition) <= made_at(one.up_to).date()
            if is_due and await projects_left(connection, partition, [one.project_id]):
                yield ProjectDay(one.project_id, one.number, partition, one.up_to)


async def _left(connection: Connection, partition: str, projects: Sequence[_Due]) -> list[ProjectDay]:
    """What of a partition is due, and not known to be in files."""
    due = {one.project_id: one.number for one in projects if EVENT.day(partition) < one.before}
    left = await projects_left(connection, partition, list(due)) if due else []
    return [ProjectDay(project_id, due[project_id], partition) for project_id in left]
