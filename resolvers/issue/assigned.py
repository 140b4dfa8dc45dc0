"""The issues that developers have, by the page: for many developers at once."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import NamedTuple
from uuid import UUID

import sqlalchemy
from sqlalchemy import FromClause
from sqlmodel import col

from core.db import AnySelect
from core.keyset import Order, at, unique
from domain.access import Actor, Scope
from domain.issue import IssueStatus
from domain.page import PageRequest
from models import Developer, Issue, IssueCounter
from resolvers.asked import among, one_of
from resolvers.pages import Children, PageKey, count_children, read_pages
from resolvers.paging import Page
from resolvers.resources import Resources
from resolvers.sight import in_sight

_LATEST_SEEN = Order("ASSIGNED", (at(col(IssueCounter.last_seen_at)), unique(col(Issue.id))))
_COLUMNS = Issue.metadata.tables["issue"].columns


class Assigned(NamedTuple):
    """Which of a developer's issues: those in one of these states, or all."""

    developer_id: UUID
    status: tuple[IssueStatus, ...] | None


class AssignedPage(NamedTuple):
    """Which page of them."""

    asked: Assigned
    request: PageRequest


async def assigned_pages(res: Resources, actor: Actor, keys: Sequence[AssignedPage]) -> list[Page[Issue]]:
    """A page of each developer's issues, the latest seen first.

    Raises: PermissionDenied, InvalidInput.
    """
    actor.require(Scope.READ)
    found: dict[AssignedPage, Page[Issue]] = {}
    async with res.db.reading() as session:
        for status, alike in _by_status([key.asked for key in keys]).items():
            wanted = [key for key in keys if key.asked in alike]
            pages = [PageKey(key.asked.developer_id, key.request) for key in wanted]
            read = await read_pages(session, _issues(actor, status), pages)
            found |= dict(zip(wanted, read, strict=True))
    return [found[key] for key in keys]


async def assigned_counts(res: Resources, actor: Actor, keys: Sequence[Assigned]) -> list[int]:
    """How many issues each developer has, counting no further than 10,000.

    Raises: PermissionDenied.
    """
    actor.require(Scope.READ)
    found: dict[Assigned, int] = {}
    async with res.db.reading() as session:
        for status, alike in _by_status(keys).items():
            ids = [key.developer_id for key in alike]
            found |= dict(zip(alike, await count_children(session, _issues(actor, status), ids), strict=True))
    return [found[key] for key in keys]


def _by_status(keys: Sequence[Assigned]) -> dict[tuple[IssueStatus, ...] | None, list[Assigned]]:
    alike: defaultdict[tuple[IssueStatus, ...] | None, list[Assigned]] = defaultdict(list)
    for key in keys:
        alike[key.status].append(key)
    return alike


def _issues(actor: Actor, status: Collection[IssueStatus] | None) -> Children:
    def parts(ids: Collection[UUID]) -> FromClause:
        return sqlalchemy.select(col(Developer.id).label("parent_id")).where(one_of(Developer.id, ids)).subquery()

    def rows(parts: FromClause) -> AnySelect:
        query: AnySelect = sqlalchemy.select(*_COLUMNS, col(IssueCounter.last_seen_at))
        return query.join(IssueCounter, col(IssueCounter.issue_id) == Issue.id).where(
            col(Issue.assignee_id) == parts.c.parent_id,
            col(Issue.merged_into_id).is_(None),
            in_sight(actor, col(Issue.project_id)),
            *among((col(Issue.status), status)),
        )

    return Children(Issue, _LATEST_SEEN, parts, rows)
