"""Figures of the issues that had events in a range: how many there are, in which states, and which had most."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import BigInteger, ColumnElement, cast, func, literal, or_, select, true, union
from sqlmodel import col

from core.db import AnySelect, ReadSession
from domain.access import Actor
from domain.issue import IssueStatus
from domain.stats import Coverage, Figure, StatsFilter
from models import DailyCount, IssueSeen, IssueSpan, Project
from resolvers.asked import among
from resolvers.busiest import busiest_issues
from resolvers.rollups import days_of_issue, regressed_within
from resolvers.spans import issues_of_spans, names_kinds, touching


class State(NamedTuple):
    """A state, and how many issues are in it: all, those first seen in the range, those that came back in it.

    Who came back is looked for where that is asked for only, else it is none.
    """

    status: IssueStatus
    all: int
    new: int
    back: int


@dataclass(slots=True)
class IssueFigures:
    """What is asked of the issues of a range, `first` of the busiest among it: each statement is sent once.

    The projects are known by their ids: PostgreSQL plans for how much each of them holds.
    """

    actor: Actor
    projects: Collection[UUID]
    filter: StatsFilter
    coverage: Coverage
    figures: Collection[Figure]
    first: int
    _has_room: bool = False
    _states: list[State] | None = None
    _busiest: list[UUID] | None = None

    async def states(self, session: ReadSession) -> list[State]:
        """How many issues are in each state, new ones and those that came back among them."""
        if self._states is None:
            await self._make_room(session)
            self._states = [State(*row) for row in await session.rows(self._by_state())]
        return self._states

    async def busiest(self, session: ReadSession) -> list[UUID]:
        """The ids of the issues that have most events, the busiest first."""
        if self._busiest is None:
            await self._make_room(session)
            self._busiest = await busiest_issues(session, self.projects, self.filter, self.coverage, first=self.first)
        return self._busiest

    async def _make_room(self, session: ReadSession) -> None:
        if not self._has_room:
            await session.add_up_in_memory()
            self._has_room = True

    def _by_state(self) -> AnySelect:
        """Project by project: what is joined for one of them has more room in the caches of the processor."""
        each = select(col(Project.id)).where(col(Project.id).in_(self.projects)).subquery()
        its = self._states_of(each.c.id).correlate(each).lateral()
        sums = (cast(func.sum(count), BigInteger) for count in (its.c.all, its.c.new, its.c.back))
        query: AnySelect = select(its.c.status, *sums).select_from(each).join(its, true())
        return query.group_by(its.c.status)

    def _states_of(self, project_id: ColumnElement[UUID]) -> AnySelect:
        covered = self.coverage
        is_new = (col(IssueSeen.first_seen_at) >= covered.since) & (col(IssueSeen.first_seen_at) < covered.until)
        back: ColumnElement[int] = literal(0)
        if Figure.REGRESSIONS in self.figures:
            regressed = regressed_within(self.actor, self.filter.project, covered.since, covered.until)
            back = func.count().filter(col(IssueSeen.issue_id).in_(regressed))
        counts = func.count().label("all"), func.count().filter(is_new).label("new"), back.label("back")
        query: AnySelect = select(col(IssueSeen.status), *counts).where(
            col(IssueSeen.project_id) == project_id,
            col(IssueSeen.last_day) >= covered.days[0].date(),
            *among((col(IssueSeen.service), self.filter.service)),
        )
        if names_kinds(self.filter) or self.filter.issue is not None or not _is_of_now(covered):
            query = query.where(col(IssueSeen.issue_id).in_(issues_with_events(project_id, self.filter, covered)))
        return query.group_by(col(IssueSeen.status))


def issues_with_events(project_id: ColumnElement[UUID], filter: StatsFilter, covered: Coverage) -> AnySelect:
    """The ids of the issues of that project with such events on the UTC days that the range touches.

    What was first or last seen within the range had some in it. Of what was seen before it and after it the counts of
    days are asked; where the range takes in the day that is now, there is no such issue.
    """
    since, until = covered.days
    its = col(IssueSpan.project_id) == project_id
    spans = issues_of_spans(filter, its, *touching(covered))
    if _is_of_now(covered):
        return spans
    within = spans.where(or_(col(IssueSpan.first_day) >= since.date(), col(IssueSpan.last_day) < until.date()))
    before_and_after = IssueSpan.first_day < since.date(), IssueSpan.last_day >= until.date()
    across = issues_of_spans(filter, its, *before_and_after)
    counted = days_of_issue(literal(1), col(IssueSpan.issue_id), covered).where(
        col(IssueSpan.environment).in_(("", DailyCount.environment)), col(DailyCount.severity) == IssueSpan.severity
    )
    those = union(within, across.where(counted.correlate(IssueSpan).exists())).subquery()
    return select(those.c.issue_id)


def _is_of_now(covered: Coverage) -> bool:
    return covered.now is not None and covered.days[1] > covered.now
