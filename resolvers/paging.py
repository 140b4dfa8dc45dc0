"""One way to read a page of any list."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

from sqlalchemy import CTE, FromClause, Row, Subquery, func, select, true
from sqlalchemy.sql.selectable import LateralFromClause

from core.db import AnySelect, ReadSession
from core.keyset import InvalidCursor, Order
from domain.errors import InvalidInput
from domain.page import COUNT_LIMIT, PageRequest

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Page(Generic[Item]):
    """Some rows of a list in its order, a cursor for each, and whether there are more on either side.

    `start` and `end` are the cursors from where to go on: of the outermost rows, unless more was looked at than found.
    """

    items: list[Item]
    cursors: list[str]
    has_next: bool
    has_previous: bool
    looked_up_to: str | None = None
    backward: bool = False

    @property
    def start(self) -> str | None:
        """The cursor from where to go on backward."""
        return self._outermost(0, looked=self.backward)

    @property
    def end(self) -> str | None:
        """The cursor from where to go on forward."""
        return self._outermost(-1, looked=not self.backward)

    def _outermost(self, place: int, *, looked: bool) -> str | None:
        if looked and self.looked_up_to is not None:
            return self.looked_up_to
        return self.cursors[place] if self.cursors else self.looked_up_to


async def read_page(session: ReadSession, query: AnySelect, order: Order, request: PageRequest) -> Page[Any]:
    """The page of a query that was asked for; items are entities, or tuples where the query selects several.

    Raises: InvalidInput for a cursor that is none.
    """
    paged = cut_to_page(query.add_columns(*(key.column for key in order.keys)), order, request)
    return make_page(await session.rows(paged), order, request)


def cut_to_page(query: AnySelect, order: Order, request: PageRequest) -> AnySelect:
    """The query of the page's rows alone, and of one more: sorted in the direction in which the page is read.

    Raises: InvalidInput for a cursor that is none.
    """
    within = _within(query, order, request)
    return within.order_by(*order.by(backward=request.backward)).limit(request.size + 1)


def make_page(rows: Sequence[Row[*tuple[Any, ...]]], order: Order, request: PageRequest) -> Page[Any]:
    """The page of rows that were read in its direction, one more than it holds where there are more.

    A row ends in the columns of the order.
    """
    more = len(rows) > request.size
    held = rows[: request.size]
    if request.backward:
        held = held[::-1]
    width = len(order.keys)
    return Page(
        items=[row[0] if len(row) == width + 1 else tuple(row[:-width]) for row in held],
        cursors=[order.cursor(row[-width:]) for row in held],
        has_next=request.before is not None if request.backward else more,
        has_previous=more if request.backward else request.after is not None,
    )


def merged(parts: FromClause, rows: AnySelect, order: Order, request: PageRequest) -> Subquery:
    """The page's rows out of a list that lies in parts, each sorted by an index of its own.

    `rows` are those of one part, and refer to the columns of `parts`; so no more than a page is read of each, and no
    index over all is needed, which every write would pay for. What comes out goes through `read_page` again.

    Raises: InvalidInput for a cursor that is none.
    """
    each = nearest(parts, rows, order, request)
    of_all = select(each).select_from(parts).join(each, true())
    return of_all.order_by(*order.over(each).by(backward=request.backward)).limit(request.size + 1).subquery()


def all_at_once(query: AnySelect) -> CTE:
    """The query planned for all of its rows, of however few are taken: with a limit it is hoped to meet them soon."""
    return query.cte("found").prefix_with("MATERIALIZED")


def nearest(parts: FromClause, rows: AnySelect, order: Order, request: PageRequest) -> LateralFromClause:
    """The first rows of each part, so many as the page holds and one more.

    Raises: InvalidInput for a cursor that is none.
    """
    return cut_to_page(rows, order, request).correlate(parts).lateral()


async def last_looked_at(
    session: ReadSession, parts: FromClause, rows: AnySelect, order: Order, request: PageRequest
) -> Row[*tuple[Any, ...]] | None:
    """The sort values of the last row of a page of that size; none where there are fewer.

    `rows` are those of one part in the columns of the order alone, so that an index answers.

    Raises: InvalidInput for a cursor that is none.
    """
    looked = merged(parts, rows, order, request)
    its = order.over(looked)
    last = select(*(key.column for key in its.keys)).order_by(*its.by(backward=request.backward))
    return next(iter(await session.rows(last.offset(request.size - 1).limit(1))), None)


def looked_through(
    page: Page[Item], order: Order, last: Row[*tuple[Any, ...]] | None, request: PageRequest
) -> Page[Item]:
    """The page of rows up to the last one looked at: where it is not full, the list goes on behind that one."""
    if last is None or (page.has_previous if request.backward else page.has_next):
        return page
    up_to = order.cursor(last)
    if request.backward:
        return replace(page, has_previous=True, looked_up_to=up_to, backward=True)
    return replace(page, has_next=True, looked_up_to=up_to)


async def count_rows(session: ReadSession, query: AnySelect) -> int:
    """How many rows the query has, counting no further than 10,000."""
    ((count,),) = await session.rows(select(func.count()).select_from(query.limit(COUNT_LIMIT).subquery()))
    return int(count)


def _within(query: AnySelect, order: Order, request: PageRequest) -> AnySelect:
    for name, cursor, backward in (("after", request.after, False), ("before", request.before, True)):
        if cursor is not None:
            try:
                query = query.where(order.beyond(cursor, backward=backward))
            except InvalidCursor as error:
                raise InvalidInput(f"`{name}` is not a cursor of this list.", (name,)) from error
    return query
