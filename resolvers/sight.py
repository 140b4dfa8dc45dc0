"""The one condition that confines every query to what the caller may see."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, true
from sqlalchemy.sql.elements import SQLCoreOperations

from domain.access import Actor


def in_sight(actor: Actor, project_id: SQLCoreOperations[UUID] | Any) -> ColumnElement[bool]:
    """The condition that a row's project is one that the actor may see."""
    if actor.project_ids is None:
        return true()
    condition: ColumnElement[bool] = project_id.in_(sorted(actor.project_ids))
    return condition
