"""Coming to the archive: making sure that it is the right one, and that nobody else changes it meanwhile."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress

import pyarrow as pa

from core.files import Files, open_files
from domain.archive import MARK, ArchiveName, folder_of, is_left_over, read_name
from domain.errors import NotFound, Unavailable
from resolvers.archive.confirmed import ARCHIVING, Connection
from resolvers.resources import Resources

_AGAIN_S = 1.0
_KNOWN = "SELECT count(*) FROM archived_day WHERE has_files"
_WHAT_IT_IS = b"Events that Tocsin has archived. Without this file it takes the place for one that is not mounted.\n"


@asynccontextmanager
async def open_archive(res: Resources) -> AsyncIterator[tuple[Connection, Files]]:
    """The archive and a connection, while no other process writes there; what one left half-written is gone.

    Raises: NotFound, Unavailable.
    """
    files = place(res)
    async with res.db.raw.acquire() as connection:
        while not await connection.fetchval("SELECT pg_try_advisory_lock($1)", ARCHIVING):  # noqa: ASYNC110 - set by others
            await asyncio.sleep(_AGAIN_S)
        try:
            known = await connection.fetchval(_KNOWN)
            with told(res):
                _make_sure(res, files, known)
            yield connection, files
        finally:
            # A connection that is lost has unlocked already.
            if not connection.is_closed():
                await connection.execute("SELECT pg_advisory_unlock($1)", ARCHIVING)


def place(res: Resources) -> Files:
    """The place that is set, which may be away.

    Raises: NotFound, Unavailable.
    """
    if res.settings.archive is None:
        raise NotFound("There is no archive: TOCSIN_ARCHIVE is not set.")
    with told(res):
        return open_files(res.settings)


def names_of(files: Files, project_number: int) -> list[ArchiveName]:
    """The files of a project, in their order."""
    return sorted(name for stored in files.list(folder_of(project_number)) if (name := read_name(stored.name)))


@contextmanager
def told(res: Resources) -> Iterator[None]:
    """Let what files cannot do be a failure that names the archive.

    Raises: Unavailable.
    """
    try:
        yield
    except (OSError, pa.ArrowException) as error:
        raise Unavailable(f"The archive {res.settings.archive} does not work: {error}") from error


def _make_sure(res: Resources, files: Files, known: int) -> None:
    """Leave the archive marked as such, and without what somebody began to write.

    Raises: Unavailable where it has no mark, but should have files.
    """
    if not files.exists(MARK):
        if known:
            raise Unavailable(
                f"{res.settings.archive} has no file `{MARK}`, though {known} days were archived: is it mounted?"
            )
        with files.create(MARK) as stream:
            stream.write(_WHAT_IT_IS)
    for stored in files.list():
        if is_left_over(stored.name):
            with suppress(FileNotFoundError):
                files.remove(stored.name)
