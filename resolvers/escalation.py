"""Escalations: the steps that an alert climbed, and climbing one more."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlmodel import col, select

from core.ids import uuid7
from domain import triage
from domain.access import Actor, Scope
from domain.alert import AlertStatus
from domain.errors import Conflict, NobodyOnCall
from domain.escalation import next_up
from domain.issue import ActivityKind
from domain.notification import NotificationKind
from models import Alert, Developer, Escalation, Team
from resolvers.issue.hold import Hold
from resolvers.issue.triager import get_triager
from resolvers.notification.outbox import notify
from resolvers.resources import Resources
from resolvers.routing import fallback_owner, may_triage
from resolvers.sight import in_sight

_TO = "toDeveloperId"


async def escalations_by_id(res: Resources, actor: Actor, ids: Sequence[UUID]) -> list[Escalation | None]:
    """The escalation of each id, none where it is out of sight.

    Raises: PermissionDenied.
    """
    actor.require(Scope.READ)
    query = select(Escalation).where(col(Escalation.id).in_(ids), in_sight(actor, col(Escalation.project_id)))
    async with res.db.reading() as session:
        found = {escalation.id: escalation for escalation in (await session.exec(query)).all()}
    return [found.get(key) for key in ids]


async def escalations_by_alert_id(res: Resources, actor: Actor, ids: Sequence[UUID]) -> list[list[Escalation]]:
    """The steps that each alert climbed, first to last.

    Raises: PermissionDenied.
    """
    actor.require(Scope.READ)
    query = select(Escalation).where(col(Escalation.alert_id).in_(ids), in_sight(actor, col(Escalation.project_id)))
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
        .where(col(Alert.issue_id).in_(ids), in_sight(actor, col(Alert.project_id)))
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


async def escalate(held: Hold, *, reason: str, to_developer_id: UUID | None, seen_level: int) -> None:
    """Leave the open alert of the issue that is held, or one opened now, a level higher, and somebody told.

    `seen_level` is where the alert stood when the caller asked: of two who escalate at once, one has called for help,
    and the other need not.

    Raises: NotFound, InvalidInput (the one named may not triage it), Conflict (the issue is not open, or somebody else
    has escalated it meanwhile), NobodyOnCall.
    """
    level = held.alert.level if held.alert else 0
    if level > seen_level:
        raise Conflict(f"Somebody else has escalated it just now, to level {level}.")
    after, alert_after = triage.escalate(held.state, held.alert_state)
    told = await _told(held)
    target = await (_next_up(held, told) if to_developer_id is None else get_triager(held, to_developer_id, _TO))
    alert = await held.put_alert(alert_after, message=reason)
    step = _step(held, alert, told, target, reason)
    held.tx.session.add(step)
    details = {"alertId": str(alert.id), "level": step.level, "developerId": str(target.id), "developer": target.name}
    held.change(after, ActivityKind.ESCALATED, note=reason, details=details)
    await notify(
        held.res,
        held.tx,
        kind=NotificationKind.ESCALATION,
        issue=held.issue,
        alert=alert,
        recipient=target,
        reason=f"{held.actor.name} escalated it to you: {reason}",
        dedup=f"escalation:{step.id}",
    )


def _step(held: Hold, alert: Alert, told: Sequence[UUID], target: Developer, reason: str) -> Escalation:
    return Escalation(
        id=uuid7(held.at),
        project_id=alert.project_id,
        alert_id=alert.id,
        level=alert.level,
        from_id=told[-1] if told else None,
        to_ids=[target.id],
        reason=reason,
        is_automatic=False,
        at=held.at,
    )


async def _told(held: Hold) -> list[UUID]:
    """Who has been told of the alert, in order: whose the issue is, then all to whom the alert has climbed."""
    told = [held.issue.assignee_id] if held.issue.assignee_id else []
    if held.alert is not None:
        query = select(Escalation.to_ids).where(Escalation.alert_id == held.alert.id).order_by(col(Escalation.id))
        for ids in (await held.tx.session.exec(query)).all():
            told.extend(ids)
    return told


async def _next_up(held: Hold, told: Sequence[UUID]) -> Developer:
    """Who is above the one who was told last: their manager, the lead of the team, who answers for the project.

    Raises: NobodyOnCall.
    """
    line = await _line(held, told[-1] if told else None)
    passed = [*told, held.actor.developer_id] if held.actor.developer_id else told
    chosen = next_up(list(line), passed)
    if chosen is None:
        raise NobodyOnCall("There is no manager, no team lead and no owner who could be told. Name a developer.")
    return line[chosen]


async def _line(held: Hold, below: UUID | None) -> dict[UUID, Developer]:
    """Who stands above that person, nearest first, as far as they may triage the issue."""
    session, project_id = held.tx.session, held.issue.project_id
    manager = (await session.exec(select(Developer.manager_id).where(Developer.id == below))).first()
    lead = (await session.exec(select(Team.lead_id).where(Team.id == held.issue.team_id))).first()
    owner = await fallback_owner(held.tx, project_id=project_id)
    above = [key for key in (manager, lead, owner.id if owner else None) if key is not None]
    query = select(Developer).where(col(Developer.id).in_(above), may_triage(project_id))
    fit = {developer.id: developer for developer in (await session.exec(query)).all()}
    return {key: fit[key] for key in above if key in fit}
