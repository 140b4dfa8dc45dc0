"""The runs of jobs that are on record."""

from sqlmodel import col, select

from core.keyset import Order, at, unique
from domain.access import Actor, Scope
from domain.page import PageRequest
from domain.timetable import find_job
from models import ScheduledRun
from resolvers.paging import Page, read_page
from resolvers.resources import Resources

_LATEST_FIRST = Order("scheduled run", (at(col(ScheduledRun.started_at)), unique(col(ScheduledRun.id))))


async def list_runs(res: Resources, actor: Actor, *, job: str | None, page: PageRequest) -> Page[ScheduledRun]:
    """A page of the runs, of all jobs or of one, the latest first.

    Raises: PermissionDenied, InvalidInput (no such job, a cursor that is none).
    """
    actor.require(Scope.READ)
    query = select(ScheduledRun)
    if job is not None:
        query = query.where(ScheduledRun.job == find_job(job))
    async with res.db.reading() as session:
        return await read_page(session, query, _LATEST_FIRST, page)
