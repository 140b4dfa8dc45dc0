"""How often something occurred on each UTC day, by the counts of the grouping keys that are its."""

from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from datetime import UTC, datetime, time
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import col

from core.db import AnySelect, ReadSession
from domain.access import Actor, Scope
from domain.event import Severity
from domain.stats import Bucket, Coverage, Point
from models import DailyCount, GroupingKey
from resolvers.asked import one_of
from resolvers.resources import Resources
from resolvers.sight import in_sight


class TimelineOf(NamedTuple):
    """Of what, and of which days."""

    id: UUID
    covered: Coverage


async def timelines_by_issue(res: Resources, actor: Actor, asked: Sequence[TimelineOf]) -> list[list[Point]]:
    """How often each issue occurred on each of the days, oldest first, those without any too.

    Raises: PermissionDenied.
    """
    return await daily_timelines(res, actor, asked, _keys_of_issues)


async def daily_timelines(
    res: Resources, actor: Actor, asked: Sequence[TimelineOf], keys: Callable[[Collection[UUID]], AnySelect]
) -> list[list[Point]]:
    """The timelines that are asked for; `keys` selects the pairs of `parent_id` and `key_id` of these ids.

    Raises: PermissionDenied.
    """
    actor.require(Scope.READ)
    found: dict[TimelineOf, list[Point]] = {}
    async with res.db.reading() as session:
        for covered in {one.covered for one in asked}:
            ids = {one.id for one in asked if one.covered == covered}
            found |= await _timelines(session, actor, keys(ids), ids, covered)
    return [found[one] for one in asked]


def _keys_of_issues(ids: Collection[UUID]) -> AnySelect:
    query: AnySelect = select(col(GroupingKey.issue_id).label("parent_id"), col(GroupingKey.id).label("key_id"))
    return query.where(one_of(GroupingKey.issue_id, ids))


async def _timelines(
    session: ReadSession, actor: Actor, keys: AnySelect, ids: Collection[UUID], covered: Coverage
) -> dict[TimelineOf, list[Point]]:
    since, until = covered.days
    of = keys.subquery()
    query: AnySelect = (
        select(of.c.parent_id, col(DailyCount.day), col(DailyCount.severity), func.sum(DailyCount.event_count))
        .join(DailyCount, col(DailyCount.key_id) == of.c.key_id)
        .where(
            in_sight(actor, col(DailyCount.project_id)),
            col(DailyCount.day) >= since.date(),
            col(DailyCount.day) < until.date(),
        )
        .group_by(of.c.parent_id, col(DailyCount.day), col(DailyCount.severity))
    )
    counts: defaultdict[tuple[UUID, datetime], dict[Severity, int]] = defaultdict(dict)
    for id, day, severity, count in await session.rows(query):
        counts[id, datetime.combine(day, time(), UTC)][severity] = int(count)
    starts, none = covered.starts(Bucket.DAY), dict.fromkeys(Severity, 0)
    return {
        TimelineOf(id, covered): [Point(start, none | counts.get((id, start), {})) for start in starts] for id in ids
    }
