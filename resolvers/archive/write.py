"""Bringing the events that a project got on a day into files: those that are in none yet, whatever happened before."""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from types import TracebackType
from typing import Any, Self
from uuid import UUID

import asyncpg
from pyarrow import parquet

from core.files import Files
from domain.archive import ArchiveName
from domain.errors import Conflict
from models.archived_event import ID, SCHEMA, archived
from models.partitions import EVENT
from resolvers.archive.confirmed import Connection, InFiles
from resolvers.archive.part import Part, opened
from resolvers.archive.place import names_of

_STEP = 200
# docs: a file ends after so many bytes, uncompressed, so that it can be copied in a bucket and rewritten in a minute.
_PART_BYTES = 512 * 2**20
_LOWEST, _HIGHEST = UUID(int=0), UUID(int=2**128 - 1)
_OWN = ", ".join(f"e.{name}" for name in SCHEMA.names if name != "issue")
_READ = f"""
SELECT {_OWN}, issue.short_id AS issue FROM {{partition}} e
  LEFT JOIN grouping_key ON grouping_key.id = e.grouping_key_id
  LEFT JOIN issue ON issue.id = grouping_key.issue_id
 WHERE e.project_id = $1 AND e.id > $2 AND e.id <= $3 ORDER BY e.id LIMIT $4
"""  # noqa: S608 - the names of our own columns


@dataclass(frozen=True, slots=True)
class ProjectDay:
    """What is archived at a time: the events of a day, or those of them up to an id."""

    project_id: UUID
    project_number: int
    partition: str
    up_to: UUID = _HIGHEST

    @property
    def day(self) -> date:
        """Which day it is."""
        return EVENT.day(self.partition)


async def archive_day(connection: Connection, files: Files, what: ProjectDay) -> InFiles:
    """Leave each event of a project's day in one file; return which those are.

    Events that an earlier try left in a file are not written again. The caller holds the archive.

    Raises: Conflict, Unavailable, OSError.
    """
    # A partition is named by us, so it may stand in the statement.
    statement = _READ.format(partition=what.partition)
    there = [name for name in names_of(files, what.project_number) if name.day == what.day]
    seen, after = 0, _LOWEST
    with _Known(files, there) as known, _Parts(files, what, there) as parts:
        while rows := await connection.fetch(statement, what.project_id, after, what.up_to, _STEP):
            parts.add(known.without(_as_archived(rows)))
            seen, after = seen + len(rows), rows[-1][ID]
        parts.finish()
    return InFiles(seen, after if seen else None)


def _as_archived(rows: Sequence[asyncpg.Record]) -> list[dict[str, Any]]:
    """The rows as they stand in files.

    Raises: Conflict that names the event which cannot be read.
    """
    try:
        return [archived(dict(row)) for row in rows]
    except ValueError as error:
        raise Conflict(str(error)) from error


class _Known:
    """The events of a day that are in files already."""

    def __init__(self, files: Files, names: Sequence[ArchiveName]) -> None:
        self._files = files
        self._names = names
        self._open = ExitStack()
        self._readers: list[parquet.ParquetFile] = []

    def __enter__(self) -> Self:
        self._readers = [self._open.enter_context(opened(self._files, str(name))) for name in self._names]
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._open.close()

    def without(self, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Those of the rows, which are in the order of their ids, that are in no file."""
        first, last = rows[0][ID], rows[-1][ID]
        known = {id for reader in self._readers for id in _ids_between(reader, first, last)}
        return [row for row in rows if row[ID] not in known]


class _Parts:
    """The files that a day's events go to, one after the other; none while there is no event."""

    def __init__(self, files: Files, what: ProjectDay, there: Sequence[ArchiveName]) -> None:
        self._files = files
        self._what = what
        self._next = max((name.part for name in there), default=0) + 1
        self._part: Part | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        # What was not finished stands under a name that whoever comes next clears away.
        self._part = None

    def add(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Write the rows; a file that has become large is finished."""
        for row in rows:
            if self._part is None:
                name = ArchiveName(self._what.project_number, self._what.day, self._next)
                self._part, self._next = Part(self._files, name), self._next + 1
            self._part.add(row)
            if self._part.bytes >= _PART_BYTES:
                self.finish()

    def finish(self) -> None:
        """Leave all that was added in its place."""
        if self._part is not None:
            self._part.finish()
            self._part = None


def _ids_between(file: parquet.ParquetFile, first: str, last: str) -> list[str]:
    """The ids of a file from one to another, and some around them; what cannot have any is not read."""
    place = SCHEMA.get_field_index(ID)
    groups = []
    for number in range(file.num_row_groups):
        bounds = file.metadata.row_group(number).column(place).statistics
        if bounds is None or not bounds.has_min_max or (bounds.min <= last and bounds.max >= first):
            groups.append(number)
    return [*file.read_row_groups(groups, columns=[ID])[ID].to_pylist()] if groups else []
