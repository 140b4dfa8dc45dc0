"""Which alert rules there are, and when they fired last."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlmodel import col, func, or_, select

from domain.access import Actor, Scope
from models import AlertRule, AlertRuleFiring, Project
from resolvers.asked import one_of
from resolvers.resources import Resources
from resolvers.sight import in_sight


def rule_in_sight(actor: Actor) -> ColumnElement[bool]:
    """The condition that a rule is of a project in the actor's sight, or of each project."""
    return or_(col(AlertRule.project_id).is_(None), in_sight(actor, col(AlertRule.project_id)))


async def list_alert_rules(res: Resources, actor: Actor, *, project: str | None = None) -> list[AlertRule]:
    """All rules in the actor's sight, by name; of one project those that are its own, and those of each project.

    Raises: PermissionDenied.
    """
    actor.require(Scope.READ)
    query = select(AlertRule).where(rule_in_sight(actor)).order_by(AlertRule.name)
    if project is not None:
        asked = select(Project.id).where(Project.slug == project, in_sight(actor, col(Project.id)))
        query = query.where(or_(col(AlertRule.project_id).is_(None), col(AlertRule.project_id).in_(asked)))
    async with res.db.reading() as session:
        return list((await session.exec(query)).all())


async def alert_rules_by_id(res: Resources, actor: Actor, ids: Sequence[UUID]) -> list[AlertRule | None]:
    """The rule of each id, none where it is out of sight.

    Raises: PermissionDenied.
    """
    actor.require(Scope.READ)
    query = select(AlertRule).where(one_of(AlertRule.id, ids), rule_in_sight(actor))
    async with res.db.reading() as session:
        found = {rule.id: rule for rule in (await session.exec(query)).all()}
    return [found.get(key) for key in ids]


async def last_fired_by_rule_id(res: Resources, actor: Actor, ids: Sequence[UUID]) -> list[datetime | None]:
    """When each rule fired last in the projects in the actor's sight, none where it never did.

    Raises: PermissionDenied.
    """
    actor.require(Scope.READ)
    query = (
        select(AlertRuleFiring.rule_id, func.max(AlertRuleFiring.at))
        .where(one_of(AlertRuleFiring.rule_id, ids), in_sight(actor, col(AlertRuleFiring.project_id)))
        .group_by(col(AlertRuleFiring.rule_id))
    )
    async with res.db.reading() as session:
        found = dict((await session.exec(query)).all())
    return [found.get(key) for key in ids]
