"""The issues that had most events in a range, without adding up what all the others had.

How many events an issue ever had is kept, in an index, and is no less than what it had in the range. So those that had
most ever are added up first; who ever had fewer than the last of the best of these cannot be among the best. That is
the threshold algorithm of Fagin, Lotem and Naor (Optimal aggregation algorithms for middleware, PODS 2001) for one
list: it stops at the first bound that nobody beyond can pass.
"""

from collections.abc import Callable, Collection, Sequence
from datetime import timedelta
from typing import Any, TypeAlias
from uuid import UUID

from sqlalchemy import BigInteger, ColumnElement, FromClause, ScalarSelect, cast, func, literal, select, true
from sqlalchemy.sql.selectable import LateralFromClause
from sqlmodel import col

from core.db import AnySelect, ReadSession
from domain.stats import DAY, Coverage, StatsFilter
from models import DailyCount, GroupingKey, Issue, IssueCounter, Project
from resolvers.asked import among
from resolvers.paging import all_at_once

# So few days are added up for the issues of all services sooner than for the first of them.
_FEW_DAYS = 3 * DAY
# For each issue that is asked for so many are added up to find the bound, and in all at most so many.
_FIRST_LOOK, _LAST_LOOK = 6, 2_000
# So many issues with most events ever, of those that had so many at least.
_MostEver: TypeAlias = Callable[[int, int | ScalarSelect[int]], AnySelect]


async def busiest_issues(
    session: ReadSession, projects: Collection[UUID], filter: StatsFilter, covered: Coverage, *, first: int
) -> list[UUID]:
    """The ids of the issues of these projects that had most such events, the busiest first.

    Events are counted on the UTC days that the range touches.
    """
    if filter.issue is None and (filter.service is not None or _length(covered) > _FEW_DAYS):
        await session.plan_by_values()
        rows = await session.rows(_by_bound(projects, filter, covered, first))
        if not rows or rows[0].looked_at <= _LAST_LOOK:
            return [row.issue_id for row in rows]
    return [row.issue_id for row in await session.rows(_of_all(projects, filter, covered, first))]


def _length(covered: Coverage) -> timedelta:
    since, until = covered.days
    return until - since


def _of_all(projects: Collection[UUID], filter: StatsFilter, covered: Coverage, first: int) -> AnySelect:
    """All are added up: days by key before anything is joined, since there are many of them, and few keys.

    Where services are named, only their keys are looked at.
    """
    had = cast(func.sum(DailyCount.event_count), BigInteger).label("had")
    by_key: AnySelect = select(col(DailyCount.key_id), had).where(
        col(DailyCount.project_id).in_(projects), *_counted(filter, covered)
    )
    named = list(among((col(Issue.service), filter.service), (col(Issue.id), filter.issues)))
    if named:
        theirs: AnySelect = select(col(GroupingKey.id)).join(Issue, col(Issue.id) == GroupingKey.issue_id)
        by_key = by_key.where(col(DailyCount.key_id).in_(theirs.where(*named)))
    keys = by_key.group_by(col(DailyCount.key_id)).subquery()
    query: AnySelect = (
        select(col(GroupingKey.issue_id))
        .join(keys, keys.c.key_id == GroupingKey.id)
        .group_by(col(GroupingKey.issue_id))
        .order_by(func.sum(keys.c.had).desc(), col(GroupingKey.issue_id))
    )
    return query.limit(first)


def _by_bound(projects: Collection[UUID], filter: StatsFilter, covered: Coverage, first: int) -> AnySelect:
    """Those that can be among the best are added up, unless they are too many; how many they are is `looked_at`."""
    most_ever = _by_project(projects, covered) if filter.service is None else _of_services(projects, filter, covered)
    bound = _last_of_the_best(most_ever(_FIRST_LOOK * first, 0), filter, covered, first)
    able = most_ever(_LAST_LOOK + 1, bound).cte("able").prefix_with("MATERIALIZED")
    its = _had(able, filter, covered)
    looked_at = select(func.count()).select_from(able).scalar_subquery().label("looked_at")
    rows = select(able.c.issue_id, looked_at).select_from(able).join(its, true())
    return rows.where(its.c.had > 0).order_by(its.c.had.desc(), able.c.issue_id).limit(first)


def _by_project(projects: Collection[UUID], covered: Coverage) -> _MostEver:
    """Issues of each project in the order of an index, so that those that are not wanted are not read."""

    def most_ever(most: int, at_least: int | ScalarSelect[int]) -> AnySelect:
        each = select(col(Project.id)).where(col(Project.id).in_(projects)).subquery()
        its = _seen_lately(covered).where(
            col(IssueCounter.project_id) == each.c.id, col(IssueCounter.event_count) >= at_least
        )
        first_ones = its.order_by(col(IssueCounter.event_count).desc()).limit(most).correlate(each).lateral()
        of_all: AnySelect = select(first_ones.c.issue_id).select_from(each).join(first_ones, true())
        return of_all.order_by(first_ones.c.event_count.desc()).limit(most)

    return most_ever


def _of_services(projects: Collection[UUID], filter: StatsFilter, covered: Coverage) -> _MostEver:
    """The issues of these services, gathered once: walked in order, a project without them would be read to its end."""
    gathered = all_at_once(
        _seen_lately(covered)
        .join(Issue, col(Issue.id) == IssueCounter.issue_id)
        .where(col(Issue.project_id).in_(projects), *among((col(Issue.service), filter.service)))
    )

    def most_ever(most: int, at_least: int | ScalarSelect[int]) -> AnySelect:
        query: AnySelect = select(gathered.c.issue_id).where(gathered.c.event_count >= at_least)
        return query.order_by(gathered.c.event_count.desc()).limit(most)

    return most_ever


def _seen_lately(covered: Coverage) -> AnySelect:
    """The issues that had an event since the range began, and how many ever."""
    since, _ = covered.days
    query: AnySelect = select(col(IssueCounter.issue_id), col(IssueCounter.event_count))
    return query.where(col(IssueCounter.last_seen_at) >= since)


def _last_of_the_best(most_ever: AnySelect, filter: StatsFilter, covered: Coverage, first: int) -> ScalarSelect[int]:
    """How many events in the range the last of the best of these had; none where there are not so many of them."""
    those = most_ever.subquery()
    its = _had(those, filter, covered)
    last = select(its.c.had).select_from(those).join(its, true()).where(its.c.had > 0).order_by(its.c.had.desc())
    return select(func.coalesce(last.offset(first - 1).limit(1).scalar_subquery(), literal(0))).scalar_subquery()


def _had(those: FromClause, filter: StatsFilter, covered: Coverage) -> LateralFromClause:
    """How many events each of those issues had in the range: `had`, from the index of the days of its keys."""
    total: AnySelect = (
        select(cast(func.sum(DailyCount.event_count), BigInteger).label("had"))
        .select_from(GroupingKey)
        .join(
            DailyCount,
            (col(DailyCount.key_id) == GroupingKey.id) & (col(DailyCount.project_id) == GroupingKey.project_id),
        )
        .where(col(GroupingKey.issue_id) == those.c.issue_id, *_counted(filter, covered))
    )
    return total.correlate(those).lateral()


def _counted(filter: StatsFilter, covered: Coverage) -> Sequence[ColumnElement[bool] | Any]:
    """The conditions on counts by day: the UTC days that the range touches, and what the filter says of events."""
    since, until = covered.days
    return (
        col(DailyCount.day) >= since.date(),
        col(DailyCount.day) < until.date(),
        *among((col(DailyCount.environment), filter.environment), (col(DailyCount.severity), filter.severities)),
    )
