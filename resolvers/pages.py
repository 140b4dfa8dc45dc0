"""The pages of many lists at once, for the edges of the graph: one statement, however many parents there are."""

from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import FromClause, Row, func, select, true
from sqlalchemy.orm import aliased, defer
from sqlmodel import SQLModel

from core.db import AnySelect, ReadSession
from core.keyset import Order
from domain.page import COUNT_LIMIT, PageRequest
from resolvers.paging import Page, make_page, nearest


class PageKey(NamedTuple):
    """Which page of which parent's list."""

    parent_id: UUID
    request: PageRequest


@dataclass(frozen=True, slots=True)
class Children:
    """The lists of some parents. `parts` has a column `parent_id`: a list may lie in several parts, each with an index.

    `rows` are those of one part, in columns that make up the entity, but for those in `lacks`, which cannot be read
    then; they refer to the columns of `parts`.
    """

    entity: type[SQLModel]
    order: Order
    parts: Callable[[Collection[UUID]], FromClause]
    rows: Callable[[FromClause], AnySelect]
    lacks: tuple[str, ...] = ()


async def read_pages(session: ReadSession, children: Children, keys: Sequence[PageKey]) -> list[Page[Any]]:
    """The page of each key, all of one shape with one statement.

    Raises: InvalidInput for a cursor that is none.
    """
    parents: defaultdict[PageRequest, set[UUID]] = defaultdict(set)
    for key in keys:
        parents[key.request].add(key.parent_id)
    found: dict[PageKey, Page[Any]] = {}
    for request, ids in parents.items():
        rows = await session.rows(_first_of_each(children, ids, request))
        found |= _pages(children, ids, request, rows)
    return [found[key] for key in keys]


async def count_children(session: ReadSession, children: Children, parent_ids: Sequence[UUID]) -> list[int]:
    """How many rows the list of each parent has, counting no further than 10,000."""
    parts = children.parts(set(parent_ids))
    each = children.rows(parts).with_only_columns(true()).limit(COUNT_LIMIT).correlate(parts).lateral()
    query = select(parts.c.parent_id, func.count()).select_from(parts).join(each, true()).group_by(parts.c.parent_id)
    found = {parent_id: min(count, COUNT_LIMIT) for parent_id, count in await session.rows(query)}
    return [found.get(parent_id, 0) for parent_id in parent_ids]


def _first_of_each(children: Children, ids: Collection[UUID], request: PageRequest) -> AnySelect:
    parts = children.parts(ids)
    each = nearest(parts, children.rows(parts), children.order, request)
    by = children.order.over(each).by(backward=request.backward)
    place = func.row_number().over(partition_by=parts.c.parent_id, order_by=by).label("place")
    merged = select(parts.c.parent_id, each, place).select_from(parts).join(each, true()).subquery()
    columns = (key.column for key in children.order.over(merged).keys)
    entity = aliased(children.entity, merged)
    query = select(merged.c.parent_id, entity, *columns)
    query = query.options(*(defer(getattr(entity, name), raiseload=True) for name in children.lacks))
    return query.where(merged.c.place <= request.size + 1).order_by(merged.c.place)


def _pages(
    children: Children, ids: Collection[UUID], request: PageRequest, rows: Sequence[Row[*tuple[Any, ...]]]
) -> dict[PageKey, Page[Any]]:
    of_parent: defaultdict[UUID, list[Any]] = defaultdict(list)
    for parent_id, *row in rows:
        of_parent[parent_id].append(row)
    return {PageKey(id, request): make_page(of_parent[id], children.order, request) for id in ids}
