"""The issues that had most events in a range, without adding up what all the others had.

How many events an issue ever had is kept, in an index, and how many on a day at most: it had no more in the range. So
those that can have had most are added up first; what can have had fewer than the last of the best of these is not among
the best. That is the threshold algorithm of Fagin, Lotem and Naor (Optimal aggregation algorithms for middleware, PODS
2001) for one list: it stops at the first bound that nobody beyond can pass.
"""

from collections.abc import Callable, Collection, Iterator
from typing import Any, NamedTuple, TypeAlias
from uuid import UUID

from sqlalchemy import BigInteger, ColumnElement, FromClause, ScalarSelect, cast, false, func, literal, select, true
from sqlalchemy.sql.selectable import LateralFromClause
from sqlmodel import col

from core.db import AnySelect, ReadSession
from domain.stats import DAY, Coverage, StatsFilter
from models import DailyCount, GroupingKey, Issue, IssueCounter, IssueSeen, IssueSpan, Project
from resolvers.asked import among
from resolvers.paging import all_at_once
from resolvers.rollups import days_of_issue, on_days
from resolvers.spans import issues_of_spans, kinds_of_span, names_kinds, touching

# Of so few days what an issue had on one at most says more than what it had ever.
_FEW_DAYS = 7
# For each issue that is asked for so many are added up to find the bound, and in all at most so many.
_FIRST_LOOK, _LAST_LOOK = 6, 2_000
# So many issues of each project that were seen lately are walked past at most.
_FARTHEST = 1_000
_AtLeast: TypeAlias = int | ScalarSelect[int]


class _Source(NamedTuple):
    """Where candidates come from.

    `able_to` selects so many that can have had most events, of those that can have had so many at least. `is_cut` says
    whether some of these are beyond what the source looks at.
    """

    able_to: Callable[[int, _AtLeast], AnySelect]
    is_cut: Callable[[_AtLeast], ColumnElement[bool]]


async def busiest_issues(
    session: ReadSession, projects: Collection[UUID], filter: StatsFilter, covered: Coverage, *, first: int
) -> list[UUID]:
    """The ids of the issues of these projects that had most such events, the busiest first.

    Events are counted on the UTC days that the range touches.
    """
    if filter.issue is None:
        asked = projects, filter, covered, first
        found = await _found(session, _by_bound(_walked, *asked)) if _is_long(covered) else None
        if found is None:
            found = await _found(session, _by_bound(_gathered, *asked))
        if found is not None:
            return found
    return [row.issue_id for row in await session.rows(_of_all(projects, filter, covered, first))]


async def _found(session: ReadSession, by_bound: AnySelect) -> list[UUID] | None:
    """The busiest of a source; none where there might be others, or too many would be added up."""
    rows = await session.rows(by_bound)
    if rows[0].is_cut or rows[0].looked_at > _LAST_LOOK:
        return None
    return [row.issue_id for row in rows if row.issue_id is not None]


def _is_long(covered: Coverage) -> bool:
    return _length(covered) > _FEW_DAYS


def _length(covered: Coverage) -> int:
    """How many UTC days the range touches."""
    since, until = covered.days
    return (until - since) // DAY


def _of_all(projects: Collection[UUID], filter: StatsFilter, covered: Coverage, first: int) -> AnySelect:
    """All are added up: days by key before anything is joined, since there are many of them, and few keys.

    Where services are named, only their keys are looked at.
    """
    had = cast(func.sum(DailyCount.event_count), BigInteger).label("had")
    by_key: AnySelect = select(col(DailyCount.key_id), had).where(
        col(DailyCount.project_id).in_(projects), *on_days(covered), *_of_events(filter)
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


def _by_bound(
    source_of: Callable[[Collection[UUID], StatsFilter, Coverage], _Source],
    projects: Collection[UUID],
    filter: StatsFilter,
    covered: Coverage,
    first: int,
) -> AnySelect:
    """Those that can be among the best are added up, unless they are too many; how many they are is `looked_at`."""
    source = source_of(projects, filter, covered)
    best_of_few = _last_of_the_best(source.able_to(_FIRST_LOOK * first, 0), filter, covered, first)
    bound = select(select(best_of_few.label("had")).cte("bound").c.had).scalar_subquery()
    able = source.able_to(_LAST_LOOK + 1, bound).cte("able").prefix_with("MATERIALIZED")
    its = _had(able, filter, covered)
    best = select(able.c.issue_id, its.c.had).select_from(able).join(its, true()).where(its.c.had > 0)
    rows = best.order_by(its.c.had.desc(), able.c.issue_id).limit(first).subquery()
    number = select(func.count().label("looked_at"), source.is_cut(bound).label("is_cut")).select_from(able).subquery()
    query = select(rows.c.issue_id, number.c.looked_at, number.c.is_cut).select_from(number).outerjoin(rows, true())
    return query.order_by(rows.c.had.desc(), rows.c.issue_id)


def _walked(projects: Collection[UUID], filter: StatsFilter, covered: Coverage) -> _Source:
    """Issues of each project by what they ever had, in the order of an index, so that most are not read.

    Where few issues are of a kind they are far apart: no more than so many that were seen lately are asked for it.
    """
    each = select(col(Project.id)).where(col(Project.id).in_(projects), *_has_service(filter)).subquery()

    def nearest(at_least: _AtLeast) -> AnySelect:
        its = _seen_lately(col(IssueCounter.event_count), covered).where(
            col(IssueCounter.project_id) == each.c.id, col(IssueCounter.event_count) >= at_least
        )
        return its.order_by(col(IssueCounter.event_count).desc()).limit(_FARTHEST).correlate(each)

    def able_to(most: int, at_least: _AtLeast) -> AnySelect:
        its = nearest(at_least).subquery()
        passing = select(its).where(*_of_service(filter, its.c), *_of_kind(filter, covered, its.c)).limit(most)
        first_ones = passing.correlate(each).lateral()
        of_all: AnySelect = select(first_ones.c.issue_id).select_from(each).join(first_ones, true())
        return of_all.order_by(first_ones.c.bound.desc()).limit(most)

    def is_cut(at_least: _AtLeast) -> ColumnElement[bool]:
        last = nearest(at_least).offset(_FARTHEST - 1).limit(1).lateral()
        return select(true()).select_from(each).join(last, true()).exists()

    return _Source(able_to, is_cut)


def _gathered(projects: Collection[UUID], filter: StatsFilter, covered: Coverage) -> _Source:
    """All issues seen lately by what they can have had, read once.

    Of few days these are few. Of many days they are asked for where few of them are of a kind, which is joined then.
    """
    on_days = col(IssueCounter.most_a_day) * _length(covered)
    those = _seen_lately(func.least(col(IssueCounter.event_count), on_days), covered)
    if filter.service is not None:
        since, _ = covered.days
        those = those.join(IssueSeen, col(IssueSeen.issue_id) == IssueCounter.issue_id).where(
            col(IssueSeen.project_id).in_(projects),
            col(IssueSeen.last_day) >= since.date(),
            *among((col(IssueSeen.service), filter.service)),
        )
    if _is_long(covered) and names_kinds(filter):
        seen_so = issues_of_spans(filter, col(IssueSpan.project_id).in_(projects), *touching(covered))
        those = those.where(col(IssueCounter.issue_id).in_(seen_so))
    gathered = all_at_once(those.where(col(IssueCounter.project_id).in_(projects)))

    def able_to(most: int, at_least: _AtLeast) -> AnySelect:
        # The innermost is sorted first, so that no more are asked for their kind than are taken.
        of_bound = select(gathered).where(gathered.c.bound >= at_least).order_by(gathered.c.bound.desc())
        its = of_bound.offset(0).subquery()
        query: AnySelect = select(its.c.issue_id).where(*_of_kind(filter, covered, its.c))
        return query.limit(most)

    return _Source(able_to, lambda _: false())


def _seen_lately(bound: Any, covered: Coverage) -> AnySelect:
    """The issues that had an event since the range began, and their bounds."""
    since, _ = covered.days
    query: AnySelect = select(col(IssueCounter.project_id), col(IssueCounter.issue_id), bound.label("bound"))
    return query.where(col(IssueCounter.last_seen_at) >= since)


def _has_service(filter: StatsFilter) -> Iterator[ColumnElement[bool]]:
    """The condition that a project has issues of the services, where some are named: the others are not walked."""
    if filter.service is not None:
        its: AnySelect = select(true()).where(
            col(Issue.project_id) == Project.id, *among((col(Issue.service), filter.service))
        )
        yield its.correlate(Project).exists()


def _of_service(filter: StatsFilter, of: Any) -> Iterator[ColumnElement[bool]]:
    """The condition that the issue of a row is of the services, where some are named.

    A limit keeps it from being joined: it is asked row by row, of few.
    """
    if filter.service is not None:
        its: AnySelect = select(true()).where(
            col(IssueSeen.issue_id) == of.issue_id, *among((col(IssueSeen.service), filter.service))
        )
        yield its.correlate_except(IssueSeen).limit(1).scalar_subquery()


def _of_kind(filter: StatsFilter, covered: Coverage, of: Any) -> Iterator[ColumnElement[bool]]:
    """The condition that the issue of a row was seen so, where environments or severities are named; likewise."""
    if names_kinds(filter):
        span: AnySelect = select(true()).where(
            col(IssueSpan.project_id) == of.project_id,
            col(IssueSpan.issue_id) == of.issue_id,
            *touching(covered),
            *among(*kinds_of_span(filter)),
        )
        yield span.correlate_except(IssueSpan).limit(1).scalar_subquery()


def _last_of_the_best(able: AnySelect, filter: StatsFilter, covered: Coverage, first: int) -> ScalarSelect[int]:
    """How many events in the range the last of the best of these had; none where there are not so many of them."""
    those = able.subquery()
    its = _had(those, filter, covered)
    last = select(its.c.had).select_from(those).join(its, true()).where(its.c.had > 0).order_by(its.c.had.desc())
    return select(func.coalesce(last.offset(first - 1).limit(1).scalar_subquery(), literal(0))).scalar_subquery()


def _had(those: FromClause, filter: StatsFilter, covered: Coverage) -> LateralFromClause:
    """How many events each of those issues had in the range: `had`, from the index of the days of its keys."""
    had = cast(func.sum(DailyCount.event_count), BigInteger).label("had")
    total = days_of_issue(had, those.c.issue_id, covered).where(*_of_events(filter))
    return total.correlate(those).lateral()


def _of_events(filter: StatsFilter) -> Iterator[ColumnElement[bool]]:
    """What the filter says of the events of counts by day."""
    return among((col(DailyCount.environment), filter.environment), (col(DailyCount.severity), filter.severities))
