"""Figures of the issues that had events in a range: how many there are, in which states, and which had most."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import CTE, BigInteger, ColumnElement, Uuid, cast, func, literal, null, select, union_all

from core.db import AnySelect, ReadSession
from domain.access import Actor
from domain.issue import IssueStatus
from domain.stats import Coverage, Figure, StatsFilter
from resolvers.rollups import counted_issues, regressed_within


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
    """What is asked of the issues of a range, `first` of the busiest among it: one statement adds their days up."""

    actor: Actor
    filter: StatsFilter
    coverage: Coverage
    figures: Collection[Figure]
    first: int
    _found: tuple[list[State], list[UUID]] | None = None

    async def states(self, session: ReadSession) -> list[State]:
        """How many issues are in each state, new ones and those that came back among them."""
        return (await self._read(session))[0]

    async def busiest(self, session: ReadSession) -> list[UUID]:
        """The ids of the issues that have most events, the busiest first."""
        return (await self._read(session))[1]

    async def _read(self, session: ReadSession) -> tuple[list[State], list[UUID]]:
        if self._found is None:
            issues = counted_issues(self.actor, self.filter, self.coverage).cte("counted").prefix_with("MATERIALIZED")
            rows = await session.rows(select(union_all(self._by_state(issues), self._with_most(issues)).subquery()))
            states = [State(*row[1:]) for row in rows if row[0] is None]
            most = sorted((-row[2], row[0]) for row in rows if row[0] is not None)
            self._found = states, [id for _, id in most]
        return self._found

    def _by_state(self, issues: CTE) -> AnySelect:
        covered = self.coverage
        is_new = (issues.c.first_seen_at >= covered.since) & (issues.c.first_seen_at < covered.until)
        back: ColumnElement[int] = literal(0)
        if Figure.REGRESSIONS in self.figures:
            regressed = regressed_within(self.actor, self.filter.project, covered.since, covered.until)
            back = func.count().filter(issues.c.issue_id.in_(regressed))
        counts = (func.count(), func.count().filter(is_new), back)
        return select(cast(null(), Uuid()), issues.c.status, *counts).group_by(issues.c.status)

    def _with_most(self, issues: CTE) -> AnySelect:
        columns: tuple[Any, ...] = (issues.c.issue_id, issues.c.status, cast(issues.c.event_count, BigInteger))
        query = select(*columns, literal(0), literal(0)).order_by(issues.c.event_count.desc(), issues.c.issue_id)
        return select(query.limit(self.first).subquery())
