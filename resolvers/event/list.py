"""Events by the page, the newest first."""

from string import hexdigits
from uuid import UUID

from sqlalchemy import ColumnElement, FromClause, and_
from sqlalchemy.orm import aliased
from sqlalchemy.sql.elements import SQLCoreOperations
from sqlmodel import col, select

from core.keyset import Order, unique
from domain.access import Actor, Scope
from domain.dialects.graphql import normalise_event_id
from domain.event import EventFilter
from domain.filters import check_text
from domain.page import PageRequest
from models import Event, EventKey, GroupingKey
from models.kept import KEPT_EVENT
from resolvers.asked import asked_projects
from resolvers.event.filter import event_conditions
from resolvers.event.kept import find_kept
from resolvers.event.loaders import without_payload
from resolvers.paging import Page, count_rows, merged, read_page
from resolvers.resources import Resources

_ORDER = "EVENTS"
_HEX_DIGITS = 32
# All but the payload.
COLUMNS = [column for column in Event.metadata.tables["event"].columns if column.name != "payload"]


async def list_events(
    res: Resources, actor: Actor, *, filter: EventFilter | None = None, page: PageRequest | None = None
) -> Page[Event]:
    """The page of events that was asked for, without their payloads.

    Raises: PermissionDenied, InvalidInput.
    """
    actor.require(Scope.READ)
    filter, page = filter or EventFilter(), page or PageRequest()
    parts = _parts(actor, filter)
    of_part = select(*COLUMNS).where(*_in_part(parts, filter), *event_conditions(filter, res.clock.now()))
    rows = aliased(Event, merged(parts, of_part, newest_first(col(Event.id)), page))
    query = select(rows).options(without_payload(rows))
    async with res.db.reading() as session:
        return await read_page(session, query, newest_first(col(rows.id)), page)


async def count_events(res: Resources, actor: Actor, *, filter: EventFilter | None = None) -> int:
    """How many events pass, counting no further than 10,000.

    Raises: PermissionDenied, InvalidInput.
    """
    actor.require(Scope.READ)
    filter = filter or EventFilter()
    parts = _parts(actor, filter)
    query = select(Event.id).join(parts, and_(*_in_part(parts, filter)))
    async with res.db.reading() as session:
        return await count_rows(session, query.where(*event_conditions(filter, res.clock.now())))


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


def newest_first(id: SQLCoreOperations[UUID]) -> Order:
    """The order of events: ids sort by the time they were made."""
    return Order(_ORDER, (unique(id),))


def _parts(actor: Actor, filter: EventFilter) -> FromClause:
    """What the list is merged from: grouping keys where issues were named, else projects."""
    projects = asked_projects(actor, filter.project)
    if filter.issue is None:
        return projects.subquery()
    keys = select(GroupingKey.project_id, GroupingKey.id)
    return keys.where(col(GroupingKey.issue_id).in_(filter.issue), col(GroupingKey.project_id).in_(projects)).subquery()


def _in_part(parts: FromClause, filter: EventFilter) -> list[ColumnElement[bool]]:
    """The conditions that an event is in one of the parts."""
    if filter.issue is None:
        return [col(Event.project_id) == parts.c.id]
    return [col(Event.project_id) == parts.c.project_id, col(Event.grouping_key_id) == parts.c.id]
