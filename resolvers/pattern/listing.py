"""Which patterns there are, which issues are of them, and when they occurred."""

from collections.abc import Collection, Sequence
from uuid import UUID

import sqlalchemy
from sqlalchemy import ColumnElement, FromClause, and_, func
from sqlalchemy.orm import aliased
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from core.db import AnySelect
from core.keyset import Key, Order, at, number, unique
from domain.access import Actor, Scope
from domain.filters import check_text
from domain.page import PageRequest
from domain.pattern import FEWEST_ISSUES, PatternOrder
from domain.stats import Point
from models import GroupingKey, Issue, Pattern, PatternIssue
from resolvers.asked import one_of
from resolvers.daily import TimelineOf, daily_timelines
from resolvers.pages import Children, PageKey, count_children, read_pages
from resolvers.paging import Page, count_rows, read_page
from resolvers.resources import Resources
from resolvers.sight import in_sight

_KEYS: dict[PatternOrder, Key] = {
    PatternOrder.EVENT_COUNT: number(col(Pattern.event_count)),
    PatternOrder.LAST_SEEN: at(col(Pattern.last_seen_at)),
    PatternOrder.TREND: number(col(Pattern.trend_rank)),
}


async def list_patterns(
    res: Resources, actor: Actor, *, service: str | None, order: PatternOrder, page: PageRequest
) -> Page[Pattern]:
    """A page of the patterns in sight, of all services or of one; most first.

    Raises: PermissionDenied, InvalidInput.
    """
    actor.require(Scope.READ)
    by = Order(f"pattern {order}", (_KEYS[order], unique(col(Pattern.id))))
    async with res.db.reading() as session:
        return await read_page(session, _patterns(actor, service), by, page)


async def count_patterns(res: Resources, actor: Actor, *, service: str | None) -> int:
    """How many patterns there are in sight, counting no further than 10,000.

    Raises: PermissionDenied, InvalidInput.
    """
    actor.require(Scope.READ)
    async with res.db.reading() as session:
        return await count_rows(session, _patterns(actor, service))


async def patterns_by_id(res: Resources, actor: Actor, ids: Sequence[UUID]) -> list[Pattern | None]:
    """The pattern that each id leads to, none where it is out of sight.

    Raises: PermissionDenied.
    """
    actor.require(Scope.READ)
    asked = aliased(Pattern)
    stands = col(Pattern.id) == func.coalesce(col(asked.merged_into_id), col(asked.id))
    query: AnySelect = sqlalchemy.select(col(asked.id), Pattern).join(Pattern, stands)
    query = query.where(one_of(asked.id, ids), _is_known(), in_sight(actor, col(Pattern.project_id)))
    async with res.db.reading() as session:
        found = dict(map(tuple, await session.rows(query)))
    return [found.get(id) for id in ids]


async def patterns_by_issue_id(res: Resources, actor: Actor, ids: Sequence[UUID]) -> list[Pattern | None]:
    """The pattern of each issue, none where it is of none that has several, or out of sight.

    Raises: PermissionDenied.
    """
    actor.require(Scope.READ)
    link = col(PatternIssue.pattern_id) == col(Pattern.id)
    query: AnySelect = sqlalchemy.select(col(PatternIssue.issue_id), Pattern).join(Pattern, link)
    query = query.where(one_of(PatternIssue.issue_id, ids), _is_shown(), in_sight(actor, col(Pattern.project_id)))
    async with res.db.reading() as session:
        found = dict(map(tuple, await session.rows(query)))
    return [found.get(id) for id in ids]


async def issue_pages_by_pattern(res: Resources, actor: Actor, keys: Sequence[PageKey]) -> list[Page[Issue]]:
    """A page of the issues of each pattern, newest first.

    Raises: PermissionDenied, InvalidInput.
    """
    actor.require(Scope.READ)
    async with res.db.reading() as session:
        return await read_pages(session, _issues(actor), keys)


async def issue_counts_by_pattern_id(res: Resources, actor: Actor, ids: Sequence[UUID]) -> list[int]:
    """How many issues each pattern has, counting no further than 10,000.

    Raises: PermissionDenied.
    """
    actor.require(Scope.READ)
    async with res.db.reading() as session:
        return await count_children(session, _issues(actor), ids)


async def timelines_by_pattern(res: Resources, actor: Actor, asked: Sequence[TimelineOf]) -> list[list[Point]]:
    """How often each pattern occurred on each of the days, oldest first, those without any too.

    Raises: PermissionDenied.
    """
    return await daily_timelines(res, actor, asked, _keys_of_patterns)


def _patterns(actor: Actor, service: str | None) -> SelectOfScalar[Pattern]:
    """The patterns in sight.

    Raises: InvalidInput.
    """
    query = select(Pattern).where(in_sight(actor, col(Pattern.project_id)), _is_shown())
    if service is None:
        return query
    check_text(service, "service")
    return query.where(col(Pattern.services).contains([service]))


def _is_known() -> ColumnElement[bool]:
    """The condition that people can have seen it: one that had a single issue all along is nobody's business."""
    return col(Pattern.detected_at).is_not(None)


def _is_shown() -> ColumnElement[bool]:
    """The condition that it has several issues now."""
    return and_(col(Pattern.issue_count) >= FEWEST_ISSUES, col(Pattern.merged_into_id).is_(None), _is_known())


def _issues(actor: Actor) -> Children:
    def parts(ids: Collection[UUID]) -> FromClause:
        query: AnySelect = sqlalchemy.select(col(Pattern.id).label("parent_id"))
        return query.where(one_of(Pattern.id, ids), in_sight(actor, col(Pattern.project_id))).subquery()

    def rows(parts: FromClause) -> AnySelect:
        columns = Issue.metadata.tables[str(Issue.__tablename__)].columns
        link = col(PatternIssue.issue_id) == col(Issue.id)
        of_pattern = sqlalchemy.select(*columns).join(PatternIssue, link)
        return of_pattern.where(col(PatternIssue.pattern_id) == parts.c.parent_id, col(Issue.merged_into_id).is_(None))

    return Children(Issue, Order("issue of pattern", (unique(col(Issue.id)),)), parts, rows)


def _keys_of_patterns(ids: Collection[UUID]) -> AnySelect:
    parent_id, key_id = col(PatternIssue.pattern_id), col(GroupingKey.id)
    query: AnySelect = sqlalchemy.select(parent_id.label("parent_id"), key_id.label("key_id"))
    return query.join(GroupingKey, col(GroupingKey.issue_id) == col(PatternIssue.issue_id)).where(
        one_of(PatternIssue.pattern_id, ids)
    )
