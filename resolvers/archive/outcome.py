"""How the commands that work on the archive ended, so that a failure is seen by who does not read logs."""

from datetime import datetime

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select

from models import ArchiveOutcome
from resolvers.resources import Resources

RUN, ERASE = "run", "erase"
_LONGEST_FAILURE = 1_000


async def note_success(res: Resources, command: str) -> None:
    """Leave it known that the command went well now, whatever failed before."""
    await _note(res, command, {"succeeded_at": res.clock.now(), "failed_at": None, "failure": None})


async def note_failure(res: Resources, command: str, why: str) -> None:
    """Leave it known that the command failed now, and why, until it goes well again."""
    await _note(res, command, {"failed_at": res.clock.now(), "failure": why[:_LONGEST_FAILURE]})


async def outcomes(res: Resources) -> list[ArchiveOutcome]:
    """How each command ended last; one that never ran is not there."""
    async with res.db.reading() as session:
        return list((await session.exec(select(ArchiveOutcome).order_by(col(ArchiveOutcome.command)))).all())


async def _note(res: Resources, command: str, values: "dict[str, datetime | str | None]") -> None:
    row = insert(ArchiveOutcome).values(command=command, **values)
    async with res.db.transaction() as tx:
        await tx.session.exec(row.on_conflict_do_update(index_elements=["command"], set_=values))
