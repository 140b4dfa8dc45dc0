"""Taking people out of archived files: each that has something of them is written anew, in place of the old one."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import asyncpg
import orjson

from core.files import Files
from domain.access import Actor, Scope
from domain.archive import ArchiveName, read_name
from domain.erasure import Person
from models.archived_event import ID, PAYLOAD, id_of
from resolvers.archive.confirmed import Connection
from resolvers.archive.outcome import ERASE, note_success
from resolvers.archive.part import Part, batches, opened
from resolvers.archive.place import names_of, open_archive, told
from resolvers.erasure.rows import EventText, Theirs
from resolvers.erasure.steps import finish_erasure
from resolvers.resources import Resources

_NEXT = """
SELECT erasure.id, project_id, person, after_file, project.number AS project_number
  FROM erasure JOIN project ON project.id = project_id
 WHERE finished_at IS NULL AND is_in_archive AND erasure.id = coalesce($1, erasure.id) ORDER BY erasure.id LIMIT 1
"""
_PROGRESS = """
UPDATE erasure SET after_file = $2, events_read = events_read + $3, events_changed = events_changed + $4 WHERE id = $1
"""
# Whose erasure wrote a file last, and how many events that changed: for the count of one that was cut off after it.
_ERASURE, _CHANGED = "tocsin.erasure", "tocsin.changed"


async def erase_archived(res: Resources, actor: Actor, *, only: UUID | None = None) -> int:
    """Finish each erasure that waits for archived files; return how many those were.

    One that is cut off goes on after the last file that was done.

    Raises: PermissionDenied, NotFound, Unavailable.
    """
    actor.require(Scope.ADMIN)
    finished = 0
    async with open_archive(res) as (connection, files):
        while job := await connection.fetchrow(_NEXT, only):
            await _erase_one(res, connection, files, job)
            finished += 1
    if only is None:
        await note_success(res, ERASE)
    return finished


@dataclass(slots=True)
class _Found:
    """What one file has of a person."""

    read: int = 0
    changed: int = 0
    theirs: Theirs = field(default_factory=Theirs)


async def _erase_one(res: Resources, connection: Connection, files: Files, job: asyncpg.Record) -> None:
    """Leave no file of the project with anything of the person, and the erasure finished."""
    who = Person(tuple(sorted(job["person"].items())))
    done = read_name(job["after_file"] or "")
    with told(res):
        names = names_of(files, job["project_number"])
    for name in names:
        if done is None or name > done:
            with told(res):
                found = _look_through(files, name, who)
            # Before the file: what is found there only once must be forgotten once it is gone from there.
            async with connection.transaction():
                await found.theirs.forget_besides(connection, job["project_id"])
            with told(res):
                changed = _write_anew(files, name, who, job["id"], found)
            await connection.execute(_PROGRESS, job["id"], str(name), found.read, changed)
    async with connection.transaction():
        await finish_erasure(res, connection, job, who)


def _look_through(files: Files, name: ArchiveName, who: Person) -> _Found:
    found = _Found()
    for batch in batches(files, str(name)):
        found.theirs.look_at((_text(row) for row in batch.to_pylist()), who)
        found.read += batch.num_rows
        found.changed += len(found.theirs.changed)
        found.theirs.changed.clear()
    return found


def _write_anew(files: Files, name: ArchiveName, who: Person, erasure_id: UUID, found: _Found) -> int:
    """Leave the file without the person; return how many of its events this erasure changed, now or before."""
    if not found.changed:
        return _changed_before(files, name, erasure_id)
    part = Part(files, name, {_ERASURE: str(erasure_id), _CHANGED: str(found.changed)})
    for batch in batches(files, str(name)):
        theirs = Theirs()
        rows = batch.to_pylist()
        theirs.look_at((_text(row) for row in rows), who)
        erased = {event.id: event for event in theirs.changed}
        for row in rows:
            part.add(_erased(row, erased.get(id_of(row))))
    part.finish()
    return found.changed


def _changed_before(files: Files, name: ArchiveName, erasure_id: UUID) -> int:
    with opened(files, str(name)) as file:
        notes = {key.decode(): value.decode() for key, value in (file.metadata.metadata or {}).items()}
    return int(notes[_CHANGED]) if notes.get(_ERASURE) == str(erasure_id) else 0


def _text(row: dict[str, Any]) -> EventText:
    return EventText(UUID(row[ID]), row["message"], row["culprit"], orjson.loads(row[PAYLOAD]))


def _erased(row: dict[str, Any], event: EventText | None) -> dict[str, Any]:
    """The row as it is to be written; as it is, where there is nothing to be erased."""
    if event is None:
        return row
    payload = orjson.dumps(event.payload).decode()
    return {**row, "message": event.message, "culprit": event.culprit, PAYLOAD: payload}
