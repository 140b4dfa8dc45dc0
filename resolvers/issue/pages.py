"""What belongs to issues, by the page: for many issues at once."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy
from sqlalchemy import FromClause
from sqlmodel import col

from core.db import AnySelect
from core.keyset import Order, unique
from domain.access import Actor, Scope
from models import Activity, Alert, Event, GroupingKey, Issue, Notification
from models.event import UNLISTED
from resolvers.asked import one_of
from resolvers.event.asked import newest_first
from resolvers.event.list import COLUMNS
from resolvers.pages import Children, PageKey, count_children, read_pages
from resolvers.paging import Page
from resolvers.resources import Resources
from resolvers.sight import in_sight


async def event_pages_by_issue(res: Resources, actor: Actor, keys: Sequence[PageKey]) -> list[Page[Event]]:
    """A page of the events of each issue, newest first, without their payloads.

    Raises: PermissionDenied, InvalidInput.
    """
    return await _read(res, actor, keys, _events(actor))


async def event_counts_by_issue_id(res: Resources, actor: Actor, ids: Sequence[UUID]) -> list[int]:
    """How many events of each issue are kept, counting no further than 10,000.

    Raises: PermissionDenied.
    """
    return await _count(res, actor, ids, _events(actor))


async def alert_pages_by_issue(res: Resources, actor: Actor, keys: Sequence[PageKey]) -> list[Page[Alert]]:
    """A page of the alerts of each issue, newest first.

    Raises: PermissionDenied, InvalidInput.
    """
    return await _read(res, actor, keys, _rows_about(Alert, actor))


async def activity_pages_by_issue(res: Resources, actor: Actor, keys: Sequence[PageKey]) -> list[Page[Activity]]:
    """A page of what happened to each issue, newest first.

    Raises: PermissionDenied, InvalidInput.
    """
    return await _read(res, actor, keys, _rows_about(Activity, actor))


async def notification_pages_by_issue(
    res: Resources, actor: Actor, keys: Sequence[PageKey]
) -> list[Page[Notification]]:
    """A page of the notifications about each issue, newest first.

    Raises: PermissionDenied, InvalidInput.
    """
    return await _read(res, actor, keys, _rows_about(Notification, actor))


async def notification_counts_by_issue_id(res: Resources, actor: Actor, ids: Sequence[UUID]) -> list[int]:
    """How many notifications there are about each issue, counting no further than 10,000.

    Raises: PermissionDenied.
    """
    return await _count(res, actor, ids, _rows_about(Notification, actor))


async def _read(res: Resources, actor: Actor, keys: Sequence[PageKey], children: Children) -> list[Page[Any]]:
    actor.require(Scope.READ)
    async with res.db.reading() as session:
        return await read_pages(session, children, keys)


async def _count(res: Resources, actor: Actor, ids: Sequence[UUID], children: Children) -> list[int]:
    actor.require(Scope.READ)
    async with res.db.reading() as session:
        return await count_children(session, children, ids)


def _events(actor: Actor) -> Children:
    """The events of issues lie in parts: those of each of their grouping keys."""

    def parts(ids: Collection[UUID]) -> FromClause:
        query: AnySelect = sqlalchemy.select(
            col(GroupingKey.issue_id).label("parent_id"), col(GroupingKey.project_id), col(GroupingKey.id)
        )
        return query.where(one_of(GroupingKey.issue_id, ids), in_sight(actor, col(GroupingKey.project_id))).subquery()

    def rows(parts: FromClause) -> AnySelect:
        return sqlalchemy.select(*COLUMNS).where(
            col(Event.project_id) == parts.c.project_id, col(Event.grouping_key_id) == parts.c.id
        )

    return Children(Event, newest_first(col(Event.id)), parts, rows, lacks=UNLISTED)


def _rows_about(entity: type[Activity | Alert | Notification], actor: Actor) -> Children:
    """The rows of a table that knows its issue; ids sort by the time they were made."""

    def parts(ids: Collection[UUID]) -> FromClause:
        query: AnySelect = sqlalchemy.select(col(Issue.id).label("parent_id"))
        return query.where(one_of(Issue.id, ids), in_sight(actor, col(Issue.project_id))).subquery()

    def rows(parts: FromClause) -> AnySelect:
        columns = entity.metadata.tables[str(entity.__tablename__)].columns
        return sqlalchemy.select(*columns).where(col(entity.issue_id) == parts.c.parent_id)

    return Children(entity, Order(entity.__name__, (unique(col(entity.id)),)), parts, rows)
