"""Looking into the archive: which files there are, and what events they hold."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import orjson
import pyarrow as pa
from pyarrow import compute
from sqlmodel import col, select

from core.files import Files
from domain.access import Actor, Scope
from domain.archive import ArchiveName, read_name
from domain.errors import InvalidInput, NotFound
from models import GroupingKey, Issue, Project
from models.archived_event import ID, PAYLOAD
from resolvers.archive.part import READ_ROWS, opened
from resolvers.archive.place import names_of, place, told
from resolvers.resources import Resources


@dataclass(frozen=True, slots=True)
class ArchivedFile:
    """A file of the archive."""

    name: ArchiveName
    event_count: int
    bytes: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which archived events are asked for: of days from the first to the last, of an issue, of an id."""

    first: date | None = None
    last: date | None = None
    issue: str | None = None
    event_id: str | None = None


def list_archived(res: Resources, actor: Actor) -> Iterator[ArchivedFile]:
    """The files of the archive, in their order.

    Raises: PermissionDenied, NotFound, Unavailable.
    """
    actor.require(Scope.ADMIN)
    files = place(res)
    with told(res):
        for stored in files.list():
            if name := read_name(stored.name):
                with opened(files, stored.name) as file:
                    yield ArchivedFile(name, file.metadata.num_rows, stored.bytes)


async def read_archived(res: Resources, actor: Actor, project: Project, wanted: Wanted) -> Iterator[bytes]:
    """The archived events of a project that are wanted, each as JSON, oldest first.

    An issue has those that came by the grouping keys that it has today, whatever issue they were of then.

    Raises: PermissionDenied, NotFound, InvalidInput, Unavailable.
    """
    actor.require(Scope.ADMIN, project.id)
    if wanted.first and wanted.last and wanted.first > wanted.last:
        raise InvalidInput("The first day must not be after the last.", ("first",))
    keys = await _keys_of(res, project, wanted.issue) if wanted.issue else None
    files = place(res)
    assert project.number is not None
    return _read(res, files, project.number, wanted, keys)


async def _keys_of(res: Resources, project: Project, short_id: str) -> list[UUID]:
    """The grouping keys of an issue.

    Raises: NotFound.
    """
    issues = select(Issue.id).where(Issue.project_id == project.id, Issue.short_id == short_id.upper())
    async with res.db.reading() as session:
        issue_id = (await session.exec(issues)).first()
        if issue_id is None:
            raise NotFound(f"There is no issue {short_id} in {project.slug}.")
        return list((await session.exec(select(GroupingKey.id).where(col(GroupingKey.issue_id) == issue_id))).all())


def _read(
    res: Resources, files: Files, project_number: int, wanted: Wanted, keys: list[UUID] | None
) -> Iterator[bytes]:
    with told(res):
        for name in names_of(files, project_number):
            if (wanted.first or name.day) <= name.day <= (wanted.last or name.day):
                yield from _lines(files, name, _condition(wanted, keys))


def _lines(files: Files, name: ArchiveName, condition: compute.Expression | None) -> Iterator[bytes]:
    with opened(files, str(name)) as file:
        for batch in file.iter_batches(batch_size=READ_ROWS):
            table = pa.Table.from_batches([batch])
            for row in (table if condition is None else table.filter(condition)).to_pylist():
                # The payload is JSON already.
                yield orjson.dumps({**row, PAYLOAD: orjson.Fragment(row[PAYLOAD])})


def _condition(wanted: Wanted, keys: list[UUID] | None) -> compute.Expression | None:
    """What a row must fulfil; none where each does."""
    conditions = []
    if keys is not None:
        conditions.append(compute.field("grouping_key_id").isin([str(key) for key in keys] or [""]))
    if wanted.event_id is not None:
        ids = [wanted.event_id, wanted.event_id.lower()]
        conditions.append(compute.field("event_id").isin(ids) | compute.field(ID).isin(ids))
    if not conditions:
        return None
    first, *others = conditions
    for other in others:
        first = first & other
    return first
