"""Which patterns there are, which issues are of them, and when they occurred."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import UTC, datetime, time
from typing import NamedTuple
from uuid import UUID

import sqlalchemy
from sqlalchemy import FromClause, func
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from core.db import AnySelect, ReadSession
from core.keyset import Key, Order, at, number, unique
from domain.access import Actor, Scope
from domain.event import Severity
from domain.filters import check_text
from domain.page import PageRequest
from domain.pattern import PatternOrder
from domain.stats import Bucket, Coverage, Point
from models import DailyCount, GroupingKey, Issue, Pattern, PatternIssue
from resolvers.pages import Children, PageKey, count_children, read_pages
from resolvers.paging import Page, count_rows, read_page
from resolvers.resources import Resources
from resolvers.sight import in_sight

_KEYS: dict[PatternOrder, Key] = {
    PatternOrder.EVENT_COUNT: number(col(Pattern.event_count)),
    PatternOrder.LAST_SEEN: at(col(Pattern.last_seen_at)),
    PatternOrder.TREND: number(col(Pattern.trend_rank)),
}


class TimelineOf(NamedTuple):
    """Of which pattern, and of which days."""

    pattern_id: UUID
    covered: Coverage


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
    """The pattern of each id, none where it is out of sight."""
    actor.require(Scope.READ)
    query = select(Pattern).where(col(Pattern.id).in_(set(ids)), in_sight(actor, col(Pattern.project_id)))
    async with res.db.reading() as session:
        found = {row.id: row for row in (await session.exec(query)).all()}
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
    actor.require(Scope.READ)
    found: dict[TimelineOf, list[Point]] = {}
    async with res.db.reading() as session:
        for covered in {one.covered for one in asked}:
            ids = {one.pattern_id for one in asked if one.covered == covered}
            found |= await _timelines(session, actor, ids, covered)
    return [found[one] for one in asked]


def _patterns(actor: Actor, service: str | None) -> SelectOfScalar[Pattern]:
    """The patterns in sight.

    Raises: InvalidInput.
    """
    query = select(Pattern).where(in_sight(actor, col(Pattern.project_id)))
    if service is None:
        return query
    check_text(service, "service")
    return query.where(col(Pattern.services).contains([service]))


def _issues(actor: Actor) -> Children:
    def parts(ids: Collection[UUID]) -> FromClause:
        query: AnySelect = sqlalchemy.select(col(Pattern.id).label("parent_id"))
        return query.where(col(Pattern.id).in_(ids), in_sight(actor, col(Pattern.project_id))).subquery()

    def rows(parts: FromClause) -> AnySelect:
        columns = Issue.metadata.tables[str(Issue.__tablename__)].columns
        link = col(PatternIssue.issue_id) == col(Issue.id)
        of_pattern = sqlalchemy.select(*columns).join(PatternIssue, link)
        return of_pattern.where(col(PatternIssue.pattern_id) == parts.c.parent_id, col(Issue.merged_into_id).is_(None))

    return Children(Issue, Order("issue of pattern", (unique(col(Issue.id)),)), parts, rows)


async def _timelines(
    session: ReadSession, actor: Actor, ids: Collection[UUID], covered: Coverage
) -> dict[TimelineOf, list[Point]]:
    since, until = covered.days
    query = (
        sqlalchemy.select(
            col(PatternIssue.pattern_id),
            col(DailyCount.day),
            col(DailyCount.severity),
            func.sum(DailyCount.event_count),
        )
        .join(GroupingKey, col(GroupingKey.issue_id) == col(PatternIssue.issue_id))
        .join(DailyCount, col(DailyCount.key_id) == col(GroupingKey.id))
        .where(
            col(PatternIssue.pattern_id).in_(ids),
            in_sight(actor, col(DailyCount.project_id)),
            col(DailyCount.day) >= since.date(),
            col(DailyCount.day) < until.date(),
        )
        .group_by(col(PatternIssue.pattern_id), col(DailyCount.day), col(DailyCount.severity))
    )
    counts: defaultdict[tuple[UUID, datetime], dict[Severity, int]] = defaultdict(dict)
    for pattern_id, day, severity, count in await session.rows(query):
        counts[pattern_id, datetime.combine(day, time(), UTC)][severity] = int(count)
    return {
        TimelineOf(id, covered): [
            Point(start, {each: counts[id, start].get(each, 0) for each in Severity})
            for start in covered.starts(Bucket.DAY)
        ]
        for id in ids
    }
