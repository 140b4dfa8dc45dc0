"""Relay cursor connections, made once for all lists."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any, Generic, TypeAlias, TypeVar

import strawberry

from resolvers.paging import Page
from schema.scalars import Count


@strawberry.type(description="Where a page lies in its list.")
class PageInfo:
    """Where a page lies in its list."""

    has_next_page: bool = strawberry.field(description="Whether rows follow this page.")
    has_previous_page: bool = strawberry.field(description="Whether rows precede this page.")
    start_cursor: str | None = strawberry.field(description="Where to go on before this page: the first row's cursor.")
    end_cursor: str | None = strawberry.field(description="Where to go on after this page: the last row's cursor.")


def page_info(page: Page[Any]) -> PageInfo:
    """The page info of a page."""
    return PageInfo(
        has_next_page=page.has_next,
        has_previous_page=page.has_previous,
        start_cursor=page.start,
        end_cursor=page.end,
    )


NodeType = TypeVar("NodeType")

Size: TypeAlias = Annotated[int | None, strawberry.argument(description="How many, at most 200.")]
# The arguments of a list that can be read from both ends.
First: TypeAlias = Annotated[
    int | None, strawberry.argument(description="So many from the front, at most 200; 25 where neither is given.")
]
After: TypeAlias = Annotated[str | None, strawberry.argument(description="Only what comes after this cursor.")]
Last: TypeAlias = Annotated[int | None, strawberry.argument(description="So many from the back, at most 200.")]
Before: TypeAlias = Annotated[str | None, strawberry.argument(description="Only what comes before this cursor.")]


@strawberry.type(description="One row of a list, and its cursor.")
class Edge(Generic[NodeType]):
    """One row of a list, and its cursor."""

    cursor: str = strawberry.field(description="What to pass as `after` or `before` to go on from here.")
    node: NodeType = strawberry.field(description="The row itself.")


@strawberry.type(name="Connection", description="One page of a list.")
class Connection(Generic[NodeType]):
    """One page of a list."""

    edges: list[Edge[NodeType]] = strawberry.field(description="The rows with their cursors.")
    nodes: list[NodeType] = strawberry.field(description="The rows alone.")
    page_info: PageInfo = strawberry.field(description="Where this page lies in the list.")


@strawberry.type(name="Connection", description="One page of a list that can be counted.")
class CountedConnection(Connection[NodeType]):
    """One page of a list that can be counted."""

    count: strawberry.Private[Callable[[], Awaitable[int]]]

    @strawberry.field(description="How many rows the whole list has, counting no further than 10,000.")
    async def total_count(self) -> Count:
        """How many rows the whole list has; costs only those who select it."""
        return Count(await self.count())


def connection(page: Page[Any], node: Callable[[Any], NodeType]) -> Connection[NodeType]:
    """The connection of a page, each item made a node."""
    nodes = [node(item) for item in page.items]
    return Connection(edges=_edges(page, nodes), nodes=nodes, page_info=page_info(page))


def counted_connection(
    page: Page[Any], node: Callable[[Any], NodeType], count: Callable[[], Awaitable[int]]
) -> CountedConnection[NodeType]:
    """The connection of a page that can be counted, when somebody asks."""
    nodes = [node(item) for item in page.items]
    return CountedConnection(edges=_edges(page, nodes), nodes=nodes, page_info=page_info(page), count=count)


def _edges(page: Page[Any], nodes: list[NodeType]) -> list[Edge[NodeType]]:
    return [Edge(cursor=cursor, node=node) for cursor, node in zip(page.cursors, nodes, strict=True)]
