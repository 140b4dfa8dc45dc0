"""Issues by the page: filtered, sorted, counted."""

from collections.abc import Iterator

import sqlalchemy
from sqlalchemy import ColumnElement
from sqlmodel import col, func, select

from core.keyset import Key, Order, at, number, unique
from domain.access import Actor, Scope
from domain.filters import check_text
from domain.issue import IssueFilter, IssueOrder, IssueOrderField
from domain.page import PageRequest
from domain.search.reading import read_search
from domain.short_id import normalise_short_id
from models import Issue, IssueCounter
from resolvers.asked import asked_projects
from resolvers.issue.filter import issue_conditions
from resolvers.issue.search import search_condition
from resolvers.paging import Page, count_rows, merged, read_page
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
    projects = asked_projects(actor, filter.project).subquery()
    of_project = (
        select(*(key.column for key in by.keys))
        .select_from(Issue)
        .join(IssueCounter, col(IssueCounter.issue_id) == Issue.id)
        .where(Issue.project_id == projects.c.id, IssueCounter.project_id == projects.c.id)
        .where(col(Issue.merged_into_id).is_(None), *_conditions(res, actor, filter, search))
    )
    rows = merged(projects, of_project, by, page)
    query = (
        sqlalchemy.select(Issue, IssueCounter)
        .join(IssueCounter, col(IssueCounter.issue_id) == Issue.id)
        .join(rows, col(Issue.id) == rows.c[by.keys[-1].name])
    )
    async with res.db.reading() as session:
        if search:
            await session.plan_by_values()
        return await read_page(session, query, by, page)


async def count_issues(
    res: Resources, actor: Actor, *, filter: IssueFilter | None = None, search: str | None = None
) -> int:
    """How many issues pass filter and search, counting no further than 10,000.

    Raises: PermissionDenied, InvalidInput.
    """
    actor.require(Scope.READ)
    filter = filter or IssueFilter()
    projects = asked_projects(actor, filter.project)
    query = select(Issue.id).where(col(Issue.project_id).in_(projects), col(Issue.merged_into_id).is_(None))
    if filter.last_seen is not None or search:
        query = query.join(IssueCounter, col(IssueCounter.issue_id) == Issue.id)
    async with res.db.reading() as session:
        if search:
            await session.plan_by_values()
        return await count_rows(session, query.where(*_conditions(res, actor, filter, search)))


def _conditions(res: Resources, actor: Actor, filter: IssueFilter, search: str | None) -> Iterator[ColumnElement[bool]]:
    now = res.clock.now()
    yield from issue_conditions(filter, now)
    if search:
        yield search_condition(actor, read_search(search, now))


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
