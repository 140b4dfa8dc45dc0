"""Who there is."""

from uuid import UUID

from sqlalchemy import func
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from core.db import ReadSession
from core.keyset import Order, text, unique
from domain.access import Actor, Scope
from domain.developer import DeveloperFilter
from domain.page import PageRequest
from models import Developer, DeveloperService
from resolvers.developer.on_duty import ends_of_duty
from resolvers.developer.sight import developer_in_sight
from resolvers.paging import Page, count_rows, read_page
from resolvers.resources import Resources

_BY_NAME = Order("developer", (text(col(Developer.name)), unique(col(Developer.id))), descending=False)


async def list_developers(
    res: Resources, actor: Actor, *, filter: DeveloperFilter, page: PageRequest
) -> Page[Developer]:
    """A page of the developers in sight that pass the filter, by name.

    Raises: PermissionDenied, InvalidInput.
    """
    actor.require(Scope.READ)
    async with res.db.reading() as session:
        return await read_page(session, await _matching(res, session, actor, filter), _BY_NAME, page)


async def count_developers(res: Resources, actor: Actor, *, filter: DeveloperFilter) -> int:
    """How many developers are in sight and pass the filter, counting no further than 10,000.

    Raises: PermissionDenied.
    """
    actor.require(Scope.READ)
    async with res.db.reading() as session:
        return await count_rows(session, await _matching(res, session, actor, filter))


async def find_developer(res: Resources, actor: Actor, *, developer_id: UUID) -> Developer | None:
    """The developer of that id, or none in sight.

    Raises: PermissionDenied.
    """
    actor.require(Scope.READ)
    async with res.db.reading() as session:
        query = select(Developer).where(Developer.id == developer_id, developer_in_sight(actor))
        return (await session.exec(query)).first()


async def find_developer_by_email(res: Resources, actor: Actor, *, email: str) -> Developer | None:
    """The developer with that mail address, whatever its case, or none in sight.

    Raises: PermissionDenied.
    """
    actor.require(Scope.READ)
    async with res.db.reading() as session:
        query = select(Developer).where(func.lower(Developer.email) == email.lower(), developer_in_sight(actor))
        return (await session.exec(query)).first()


async def _matching(
    res: Resources, session: ReadSession, actor: Actor, filter: DeveloperFilter
) -> SelectOfScalar[Developer]:
    query = select(Developer).where(developer_in_sight(actor))
    if filter.service is not None:
        knows = select(DeveloperService).where(
            col(DeveloperService.developer_id) == col(Developer.id), DeveloperService.service == filter.service
        )
        query = query.where(knows.exists())
    if filter.on_call is not None:
        on_duty = col(Developer.id).in_(await ends_of_duty(session, res.clock.now()))
        query = query.where(on_duty if filter.on_call else ~on_duty)
    return query
