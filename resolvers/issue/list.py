"""Issues by the page: filtered, sorted, counted."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy
from sqlalchemy import ColumnElement
from sqlmodel import col, func, select

from core.db import AnySelect, ReadSession
from core.keyset import Key, Order, at, number, unique
from domain.access import Actor, Scope
from domain.filters import check_text
from domain.issue import IssueFilter, IssueOrder, IssueOrderField
from domain.page import PageRequest
from domain.search.expression import Expression
from domain.search.reading import read_search
from domain.short_id import normalise_short_id
from models import Issue, IssueCounter
from resolvers.asked import asked_projects
from resolvers.issue.filter import issue_conditions
from resolvers.issue.meant import find_meant
from resolvers.issue.narrow import read_all, read_passing
from resolvers.issue.search import search_condition
from resolvers.paging import Page, count_rows
from resolvers.resources import Resources
from resolvers.sight import in_sight

# The id comes from the table of the other column, so that one index has both.
_KEYS: dict[IssueOrderField, tuple[Key, Key]] = {
    IssueOrderField.LAST_SEEN: (at(col(IssueCounter.last_seen_at)), unique(col(IssueCounter.issue_id))),
    IssueOrderField.FIRST_SEEN: (at(col(Issue.first_seen_at)), unique(col(Issue.id))),
    IssueOrderField.EVENT_COUNT: (number(col(IssueCounter.event_count)), unique(col(IssueCounter.issue_id))),
    IssueOrderField.USER_COUNT: (number(col(IssueCounter.user_count)), unique(col(IssueCounter.issue_id))),
    IssueOrderField.SEVERITY: (number(col(Issue.severity_rank)), unique(col(Issue.id))),
}


async def list_issues(
    res: Resources,
    actor: Actor,
    *,
    filter: IssueFilter | None = None,
    search: str | None = None,
    order: IssueOrder | None = None,
    page: PageRequest | None = None,
) -> Page[tuple[Issue, IssueCounter]]:
    """The page of the issues that pass filter and search, with their counters; the latest seen first by default.

    Raises: PermissionDenied, InvalidInput.
    """
    actor.require(Scope.READ)
    filter, order, page = filter or IssueFilter(), order or IssueOrder(), page or PageRequest()
    by = Order(order.field, _KEYS[order.field], order.descending)
    asked = _Asked(actor, filter, res.clock.now())
    meant = read_search(search, asked.now) if search else None
    async with res.db.reading() as session:
        found = await asked.read(session, meant, by, page)
        none_passes = not (page.after or page.before or found.has_next or found.has_previous)
        if not found.items and (meant := await asked.find_meant(session, meant, is_empty=none_passes)):
            found = await asked.read(session, meant, by, page)
    return found


async def count_issues(
    res: Resources, actor: Actor, *, filter: IssueFilter | None = None, search: str | None = None
) -> int:
    """How many issues pass filter and search, counting no further than 10,000.

    Raises: PermissionDenied, InvalidInput.
    """
    actor.require(Scope.READ)
    asked = _Asked(actor, filter or IssueFilter(), res.clock.now())
    meant = read_search(search, asked.now) if search else None
    async with res.db.reading() as session:
        if meant is not None:
            await session.plan_by_values()
        count = await count_rows(session, asked.ids(meant))
        if not count and (meant := await asked.find_meant(session, meant, is_empty=True)):
            count = await count_rows(session, asked.ids(meant))
    return count


@dataclass(frozen=True, slots=True)
class _Asked:
    """Who asks for which issues, and when."""

    actor: Actor
    filter: IssueFilter
    now: datetime

    async def read(self, session: ReadSession, search: Expression | None, by: Order, page: PageRequest) -> Page[Any]:
        """The page of the issues and counters that pass."""
        projects, conditions = asked_projects(self.actor, self.filter.project), list(self._conditions(search))
        if not conditions:
            return await read_all(session, projects, by, page)
        return await read_passing(session, projects, conditions, by, page)

    def ids(self, search: Expression | None) -> AnySelect:
        """The ids of all that pass."""
        projects = asked_projects(self.actor, self.filter.project)
        query = sqlalchemy.select(col(Issue.id)).where(col(Issue.project_id).in_(projects))
        if self.filter.last_seen is not None or search is not None:
            query = query.join(IssueCounter, col(IssueCounter.issue_id) == Issue.id)
        return query.where(col(Issue.merged_into_id).is_(None), *self._conditions(search))

    async def find_meant(self, session: ReadSession, search: Expression | None, *, is_empty: bool) -> Expression | None:
        """The search with its slips mended, where it finds nothing as it is written, which may be known."""
        if search is None:
            return None
        exact = None if is_empty else self.ids(search)
        return await find_meant(session, asked_projects(self.actor, self.filter.project), search, exact)

    def _conditions(self, search: Expression | None) -> Iterator[ColumnElement[bool]]:
        yield from issue_conditions(self.filter, self.now)
        if search is not None:
            yield search_condition(self.actor, search)


async def find_issue(res: Resources, actor: Actor, *, short_id: str) -> Issue | None:
    """The issue of that short id, as a person may have typed it, or the one it was merged into; none out of sight.

    Raises: PermissionDenied, InvalidInput.
    """
    actor.require(Scope.READ)
    check_text(short_id, "by", "shortId")
    named = select(func.coalesce(Issue.merged_into_id, Issue.id)).where(Issue.short_id == normalise_short_id(short_id))
    query = select(Issue).where(col(Issue.id) == named.scalar_subquery(), in_sight(actor, col(Issue.project_id)))
    async with res.db.reading() as session:
        return (await session.exec(query)).first()
