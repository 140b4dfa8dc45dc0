"""Whose contact methods and rules somebody may see and set: their own, and as ADMIN those of everybody."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, true
from sqlmodel import select

from core.db import Transaction
from domain.access import Actor, Scope
from domain.errors import InvalidInput, NotFound
from models import Developer


def is_in_charge(actor: Actor, developer_id: Any) -> ColumnElement[bool]:
    """The condition that a row belongs to the actor's developer, or the actor sets things for everybody."""
    if Scope.ADMIN in actor.scopes and actor.project_ids is None:
        return true()
    condition: ColumnElement[bool] = developer_id == actor.developer_id
    return condition


async def lock_developer(tx: Transaction, actor: Actor, developer_id: UUID | None) -> Developer:
    """The developer, or else the actor's own, locked, so that what belongs to them is counted right.

    Raises: NotFound, InvalidInput (the actor acts for nobody, and names nobody).
    """
    whose = developer_id or actor.developer_id
    if whose is None:
        raise InvalidInput("You act for nobody: name a developer.", ("developerId",))
    query = select(Developer).where(Developer.id == whose, is_in_charge(actor, Developer.id))
    developer = (await tx.session.exec(query.with_for_update(key_share=True))).first()
    if developer is None:
        raise NotFound("No such developer.")
    return developer
