"""How issues are asked for."""

from typing import Annotated
from uuid import UUID

import strawberry

import models
from domain.issue import IssueFilter as AskedIssues
from domain.issue import IssueOrder as AskedOrder
from domain.page import PageRequest, page_request
from resolvers.issue.list import count_issues, find_issue, list_issues
from schema.connection import After, Before, CountedConnection, First, Last, counted_connection
from schema.context import Info
from schema.filter import IssueFilter, IssueOrder
from schema.issue import Issue
from schema.node import ID, read_id


@strawberry.input(one_of=True, description="One way to name an issue.")
class IssueBy:
    """One way to name an issue."""

    id: ID | None = strawberry.field(default=strawberry.UNSET, description="The global id.")
    short_id: str | None = strawberry.field(
        default=strawberry.UNSET, description="The short id, in capitals or not: CHECKOUT-1F."
    )


@strawberry.type
class IssueQuery:
    """Questions about issues."""

    @strawberry.field(
        description="The issue of that name, or the one it was merged into; null where you see none."
        " `node` hands out one that was merged as it stands."
    )
    async def issue(
        self, info: Info, by: Annotated[IssueBy, strawberry.argument(description="Which one.")]
    ) -> Issue | None:
        """The issue of that name."""
        if by.id:
            row = await _leading(info, read_id(by.id, "Issue", "by", "id"))
        else:
            row = await find_issue(info.context.resources, info.context.actor, short_id=by.short_id or "")
        return Issue.from_row(row) if row else None

    @strawberry.field(
        description="The issues that pass the filter and the search, the latest seen first unless otherwise said."
    )
    async def issues(
        self,
        info: Info,
        *,
        filter: Annotated[IssueFilter | None, strawberry.argument(description="Which ones; left out, all.")] = None,
        search: Annotated[
            str | None,
            strawberry.argument(
                description="Which of them, in words: free text and key:value terms, as in"
                " `timeout service:checkout is:unresolved severity:>=high last:24h`. Text is looked for in title, type,"
                " culprit, short id, message and the frames of the stack."
            ),
        ] = None,
        order_by: Annotated[IssueOrder | None, strawberry.argument(description="Sorted by what.")] = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> CountedConnection[Issue] | None:
        """The issues that pass the filter and the search."""
        page = page_request(first, after, last, before)
        order = order_by.to_domain() if order_by else None
        return await issue_connection(info, filter.to_domain() if filter else None, page, order, search)


async def _leading(info: Info, id: UUID) -> models.Issue | None:
    """The issue of that id, or the one that has its events since it was merged."""
    row = await info.context.loaders.issue_by_id.load(id)
    return await info.context.loaders.issue_by_id.load(row.merged_into_id) if row and row.merged_into_id else row


async def issue_connection(
    info: Info,
    filter: AskedIssues | None,
    page: PageRequest,
    order: AskedOrder | None = None,
    search: str | None = None,
) -> CountedConnection[Issue]:
    """A page of the issues that pass the filter and the search."""
    res, actor = info.context.resources, info.context.actor
    rows = await list_issues(res, actor, filter=filter, search=search, order=order, page=page)
    return counted_connection(
        rows, lambda row: Issue.from_row(*row), lambda: count_issues(res, actor, filter=filter, search=search)
    )
