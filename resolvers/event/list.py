"""Events by the page, the newest first."""

from string import hexdigits
from uuid import UUID

from sqlalchemy.orm import aliased
from sqlmodel import col, select

from core.db import ReadSession
from domain.access import Actor, Scope
from domain.dialects.graphql import normalise_event_id
from domain.event import EventFilter
from domain.filters import check_text
from domain.page import PageRequest
from models import Event, EventKey
from models.event import UNLISTED
from models.kept import KEPT_EVENT
from resolvers.asked import asked_projects
from resolvers.event.asked import Asked, newest_first
from resolvers.event.kept import find_kept
from resolvers.event.loaders import without_payload
from resolvers.event.meant import as_meant, newest_of
from resolvers.paging import Page, count_rows, looked_through, merged, read_page
from resolvers.resources import Resources

_HEX_DIGITS = 32
COLUMNS = [column for column in Event.metadata.tables["event"].columns if column.name not in UNLISTED]


async def list_events(
    res: Resources,
    actor: Actor,
    *,
    filter: EventFilter | None = None,
    search: str | None = None,
    page: PageRequest | None = None,
) -> Page[Event]:
    """The page of events that pass filter and search, without their payloads.

    With a search, no more than 20,000 events are looked at: where these fill no page, it leads on behind them. Slips in
    it are mended on each page where none of the newest 20,000 passes as it is written.

    Raises: PermissionDenied, InvalidInput.
    """
    actor.require(Scope.READ)
    asked, page = Asked.read(actor, filter or EventFilter(), search, res.clock.now()), page or PageRequest()
    async with res.db.reading() as session:
        if page != PageRequest(page.size or 1):  # it does not tell what is among the newest
            return await _read(session, await as_meant(session, asked), page)
        found = await _read(session, asked, page)
        if found.items or (meant := await as_meant(session, asked, finds_nothing=True)) == asked:
            return found
        return await _read(session, meant, page)


async def _read(session: ReadSession, asked: Asked, page: PageRequest) -> Page[Event]:
    parts = await asked.parts(session)
    last = await asked.last_looked_at(session, parts, page)
    if asked.search is not None:
        await session.plan_in_order()
    of_part = select(*COLUMNS).where(*asked.conditions(parts, last, backward=page.backward))
    rows = aliased(Event, merged(parts.each, of_part, newest_first(col(Event.id)), page))
    query = select(rows).options(without_payload(rows))
    order = newest_first(col(rows.id))
    return looked_through(await read_page(session, query, order, page), order, last, page)


async def count_events(
    res: Resources, actor: Actor, *, filter: EventFilter | None = None, search: str | None = None
) -> int:
    """How many events pass filter and search, counting no further than 10,000; of a search, among the newest 20,000.

    Raises: PermissionDenied, InvalidInput.
    """
    actor.require(Scope.READ)
    asked = Asked.read(actor, filter or EventFilter(), search, res.clock.now())
    async with res.db.reading() as session:
        count = await count_rows(session, await newest_of(session, asked))
        if not count and (meant := await as_meant(session, asked, finds_nothing=True)) != asked:
            count = await count_rows(session, await newest_of(session, meant))
        return count


async def find_event(res: Resources, actor: Actor, *, event_id: str, project: str | None = None) -> Event | None:
    """The event that its reporter, or the door, gave that id; of several projects, the newest.

    A reporter's id is known for as long as it makes logging happen once, the door's for as long as the event is kept.

    Raises: PermissionDenied, InvalidInput.
    """
    actor.require(Scope.READ)
    check_text(event_id, "by", "eventId", "eventId")
    check_text(project, "by", "eventId", "project")
    name = normalise_event_id(event_id)
    projects = asked_projects(actor, None if project is None else [project])
    named = select(EventKey.id).where(col(EventKey.project_id).in_(projects), EventKey.event_id == name)
    async with res.db.reading() as session:
        ids = {*(await session.exec(named)).all(), *_as_row_id(name)}
        query = (
            select(Event)
            .options(without_payload())
            .where(col(Event.id).in_(ids), col(Event.project_id).in_(projects), Event.event_id == name)
            .order_by(col(Event.id).desc())
        )
        found = (await session.exec(query)).first()
        if found is None:
            its = KEPT_EVENT.c
            conditions = its.project_id.in_(projects) & (its.event_id == name)
            found = next(iter(await find_kept(session, conditions, most=1)), None)
    return found


def _as_row_id(name: str) -> list[UUID]:
    """The row's id, where the text could be one: the door gives its hex."""
    return [UUID(name)] if len(name) == _HEX_DIGITS and not set(name) - set(hexdigits) else []
