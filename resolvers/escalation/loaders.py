"""Escalations: the steps that alerts climbed."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlmodel import col, select

from domain.access import Actor, Scope
from domain.alert import AlertStatus
from models import Alert, Escalation
from resolvers.asked import one_of
from resolvers.resources import Resources
from resolvers.sight import in_sight


async def escalations_by_id(res: Resources, actor: Actor, ids: Sequence[UUID]) -> list[Escalation | None]:
    """The escalation of each id, none where it is out of sight.

    Raises: PermissionDenied.
    """
    actor.require(Scope.READ)
    query = select(Escalation).where(one_of(Escalation.id, ids), in_sight(actor, col(Escalation.project_id)))
    async with res.db.reading() as session:
        found = {escalation.id: escalation for escalation in (await session.exec(query)).all()}
    return [found.get(key) for key in ids]


async def escalations_by_alert_id(res: Resources, actor: Actor, ids: Sequence[UUID]) -> list[list[Escalation]]:
    """The steps that each alert climbed, first to last.

    Raises: PermissionDenied.
    """
    actor.require(Scope.READ)
    query = select(Escalation).where(one_of(Escalation.alert_id, ids), in_sight(actor, col(Escalation.project_id)))
    async with res.db.reading() as session:
        rows = (await session.exec(query.order_by(col(Escalation.id)))).all()
    climbed: dict[UUID, list[Escalation]] = {key: [] for key in ids}
    for row in rows:
        climbed[row.alert_id].append(row)
    return [climbed[key] for key in ids]


async def escalations_by_issue_id(res: Resources, actor: Actor, ids: Sequence[UUID]) -> list[list[Escalation]]:
    """The steps that all alerts of each issue climbed, first to last.

    Raises: PermissionDenied.
    """
    actor.require(Scope.READ)
    query = (
        select(Alert.issue_id, Escalation)
        .join(Escalation, col(Escalation.alert_id) == Alert.id)
        .where(one_of(Alert.issue_id, ids), in_sight(actor, col(Alert.project_id)))
        .order_by(col(Escalation.id))
    )
    async with res.db.reading() as session:
        rows = (await session.exec(query)).all()
    climbed: dict[UUID, list[Escalation]] = {key: [] for key in ids}
    for issue_id, row in rows:
        climbed[issue_id].append(row)
    return [climbed[key] for key in ids]


async def level_of(res: Resources, alert: ColumnElement[bool]) -> int:
    """How high that alert has climbed, if it is open; else 0. To be read before its issue is held."""
    async with res.db.reading() as session:
        return (await session.exec(select(Alert.level).where(alert, Alert.status != AlertStatus.RESOLVED))).first() or 0
