"""Which tags there are in the projects that somebody may see, by the index that has each of them once for many rows."""

from typing import Any

import sqlalchemy
from sqlalchemy import ColumnElement, func, literal, true
from sqlmodel import col

from core.db import AnySelect
from domain.access import Actor
from models import KeyFacet, Project
from models.issue import TAG
from resolvers.sight import in_sight

# So many of a project are looked at, in their order: each is one step in the index, however many rows have it.
MOST_STEPS = 1_000


def tag_keys(actor: Actor) -> AnySelect:
    """The keys of tags that are noted with issues: of the first 1,000 of each project."""
    kinds = _each(actor, col(KeyFacet.kind))
    key = func.substr(kinds.c.name, len(TAG) + 1)
    return sqlalchemy.select(key.label("key")).where(kinds.c.name.startswith(TAG, autoescape=True)).distinct()


def tag_values(actor: Actor, key: str) -> AnySelect:
    """The values of a tag that are noted with issues: of the first 1,000 of each project."""
    values = _each(actor, col(KeyFacet.value), col(KeyFacet.kind) == f"{TAG}{key}")
    return sqlalchemy.select(values.c.name).distinct()


def _each(actor: Actor, column: Any, *conditions: ColumnElement[bool]) -> Any:
    """Each value of the column, once a project: the next is the least that is greater than the one before."""

    def least(project_id: Any, *beyond: ColumnElement[bool]) -> Any:
        query = sqlalchemy.select(column.label("name")).where(KeyFacet.project_id == project_id, *conditions, *beyond)
        return query.order_by(column).limit(1).lateral()

    first = least(Project.id)
    begun = sqlalchemy.select(col(Project.id).label("project_id"), first.c.name, literal(1).label("step"))
    each = begun.join(first, true()).where(in_sight(actor, col(Project.id))).cte("each", recursive=True)
    following = least(each.c.project_id, column > each.c.name)
    step = sqlalchemy.select(each.c.project_id, following.c.name, each.c.step + 1).join(following, true())
    return each.union_all(step.where(each.c.step < MOST_STEPS))
