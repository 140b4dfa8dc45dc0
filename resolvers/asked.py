"""What the parts of a filter mean in SQL, where several nouns share them."""

from collections.abc import Collection, Iterable, Iterator
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Text, Uuid, any_, cast, literal
from sqlalchemy.sql.elements import SQLCoreOperations
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from domain.access import Actor
from domain.span import Span
from models import Project
from resolvers.sight import in_sight


def asked_projects(actor: Actor, slugs: Collection[str] | None) -> SelectOfScalar[UUID]:
    """The ids of the projects in the actor's sight, of these slugs where some are given."""
    query = select(Project.id).where(in_sight(actor, col(Project.id)))
    return query if slugs is None else query.where(col(Project.slug).in_(slugs))


def among(*parts: tuple[SQLCoreOperations[Any] | Any, Collection[Any] | None]) -> Iterator[ColumnElement[bool]]:
    """The condition of each column that has values to choose from; no values at all let nothing pass."""
    for column, values in parts:
        if values is not None:
            yield column.in_(values)


def one_of(column: Any, ids: Iterable[UUID]) -> ColumnElement[bool]:
    """The condition that a column of ids has one of these.

    They are one array, so that it is the same statement for any number of them: each other would be built, sent to be
    parsed, and kept by each connection. It goes as text: of an array of ids each connection would ask PostgreSQL first
    what that is, which takes it ten milliseconds. What a text means is known only as it runs, so that no partition is
    left out by it: not for the ids of events.
    """
    listed = literal(f"{{{','.join(map(str, {*ids}))}}}", Text)
    return col(column) == any_(cast(listed, ARRAY(Uuid)))


def within(column: SQLCoreOperations[Any] | Any, span: Span) -> Iterator[ColumnElement[bool]]:
    """The conditions that an instant lies in a span."""
    if span.since is not None:
        yield column >= span.since
    if span.until is not None:
        yield column < span.until
