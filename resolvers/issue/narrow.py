"""Out of many issues the page of those that pass: by the order where many pass, by the conditions where few do.

The planner cannot know which. It takes conditions to hold as often together as each by itself says, so it walked all
issues in their order for what is not there, or gathered and sorted a third of them for what the next rows hold.
"""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from sqlalchemy import ColumnElement, Subquery
from sqlalchemy import select as columns
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from core.db import AnySelect, ReadSession
from core.keyset import Order
from domain.page import PageRequest
from models import Issue, IssueCounter
from resolvers.paging import Page, all_at_once, cut_to_page, merged, read_page

# For each row of the page so many are looked at in the order at first, and at most before it is given up; and how many
# at most, however large the page.
_FIRST_LOOK, _LAST_LOOK, _FARTHEST = 20, 200, 10_000


async def read_passing(
    session: ReadSession,
    projects: SelectOfScalar[UUID],
    conditions: Sequence[ColumnElement[bool]],
    order: Order,
    request: PageRequest,
) -> Page[tuple[Issue, IssueCounter]]:
    """The page of the issues of these projects of which the conditions hold, with their counters.

    Raises: InvalidInput for a cursor that is none.
    """
    await session.plan_by_values()
    conditions = [col(Issue.merged_into_id).is_(None), *conditions]
    look, farthest = _FIRST_LOOK * (request.size + 1), min(_LAST_LOOK * (request.size + 1), _FARTHEST)
    while True:
        next_ones = _next_ones(projects, order, replace(request, size=look))
        page = await read_page(session, _entities(next_ones, order).where(*conditions), order, request)
        if page.has_previous if request.backward else page.has_next:
            return page
        if look >= farthest:
            break
        # So many as should hold the page twice over. That none of the first passes says nothing of those farther on:
        # who resolves what comes leaves the newest resolved, and a backlog behind them.
        look = min(2 * look * (request.size + 1) // len(page.items), farthest) if page.items else farthest
    return await read_page(session, _entities(_gathered(projects, conditions, order, request), order), order, request)


async def read_all(
    session: ReadSession, projects: SelectOfScalar[UUID], order: Order, request: PageRequest
) -> Page[tuple[Issue, IssueCounter]]:
    """The page of all issues of these projects, but for those that went into others.

    Raises: InvalidInput for a cursor that is none.
    """
    each = projects.subquery()
    of_project = _sorted_by(order).where(col(Issue.project_id) == each.c.id, col(IssueCounter.project_id) == each.c.id)
    rows = merged(each, of_project.where(col(Issue.merged_into_id).is_(None)), order, request)
    return await read_page(session, _entities(rows, order), order, request)


def _next_ones(projects: SelectOfScalar[UUID], order: Order, request: PageRequest) -> Subquery:
    """So many issues as come next in the order, and one more, whichever they are: an index of one table tells."""
    each, of_one = projects.subquery(), order.keys[0].table.c
    return merged(
        each, columns(*(key.column for key in order.keys)).where(of_one.project_id == each.c.id), order, request
    )


def _gathered(
    projects: SelectOfScalar[UUID], conditions: Sequence[ColumnElement[bool]], order: Order, request: PageRequest
) -> Subquery:
    """The page's part of all that pass."""
    passing = all_at_once(_sorted_by(order).where(col(Issue.project_id).in_(projects), *conditions))
    return cut_to_page(columns(passing), order.over(passing), request).subquery()


def _sorted_by(order: Order) -> AnySelect:
    """The sort values of issues."""
    return (
        select(*(key.column for key in order.keys))
        .select_from(Issue)
        .join(IssueCounter, col(IssueCounter.issue_id) == Issue.id)
    )


def _entities(rows: Subquery, order: Order) -> AnySelect:
    return (
        columns(Issue, IssueCounter)
        .join(IssueCounter, col(IssueCounter.issue_id) == Issue.id)
        .join(rows, col(Issue.id) == rows.c[order.keys[-1].name])
    )
