"""Alerts: the demands for a human that are open, and those that were, and answering them."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import col, select

from core.keyset import Order, unique
from domain import alert as alerts
from domain.access import Actor, Scope
from domain.alert import AlertState, AlertStatus
from domain.issue import ActivityKind
from domain.page import PageRequest
from domain.wording import read_note
from models import Alert
from resolvers.asked import one_of
from resolvers.escalation.climb import escalate
from resolvers.escalation.loaders import level_of
from resolvers.issue.acknowledge import acknowledge
from resolvers.issue.hold import hold_alert
from resolvers.paging import Page, read_page
from resolvers.resources import Resources
from resolvers.sight import in_sight
from resolvers.states import read_state

# Ids sort by the time they were made.
_NEWEST_FIRST = Order("alert", (unique(col(Alert.id)),))


async def list_alerts(
    res: Resources,
    actor: Actor,
    *,
    page: PageRequest,
    status: Sequence[AlertStatus] | None = None,
) -> Page[Alert]:
    """A page of the alerts in sight, newest first: all, or those in one of these states.

    Raises: PermissionDenied, InvalidInput (a cursor that is none).
    """
    actor.require(Scope.READ)
    query = select(Alert).where(in_sight(actor, col(Alert.project_id)))
    if status is not None:
        query = query.where(col(Alert.status).in_(status))
    async with res.db.reading() as session:
        return await read_page(session, query, _NEWEST_FIRST, page)


async def alerts_by_id(res: Resources, actor: Actor, ids: Sequence[UUID]) -> list[Alert | None]:
    """The alert of each id, none where it is out of sight.

    Raises: PermissionDenied.
    """
    actor.require(Scope.READ)
    query = select(Alert).where(one_of(Alert.id, ids), in_sight(actor, col(Alert.project_id)))
    async with res.db.reading() as session:
        found = {alert.id: alert for alert in (await session.exec(query)).all()}
    return [found.get(key) for key in ids]


async def open_alerts_by_issue_id(res: Resources, actor: Actor, ids: Sequence[UUID]) -> list[Alert | None]:
    """The open alert of each issue, none where nobody is called for.

    Raises: PermissionDenied.
    """
    actor.require(Scope.READ)
    query = select(Alert).where(
        one_of(Alert.issue_id, ids),
        Alert.status != AlertStatus.RESOLVED,
        in_sight(actor, col(Alert.project_id)),
    )
    async with res.db.reading() as session:
        found = {alert.issue_id: alert for alert in (await session.exec(query)).all()}
    return [found.get(key) for key in ids]


async def acknowledge_alert(res: Resources, actor: Actor, *, alert_id: UUID, note: str | None = None) -> Alert:
    """Leave the alert acknowledged, and with it its issue.

    Raises: PermissionDenied, NotFound, InvalidInput, Conflict (somebody has, or it is over).
    """
    actor.require(Scope.TRIAGE)
    words = read_note(note)
    async with hold_alert(res, actor, "acknowledgeAlert", alert_id=alert_id) as (held, alert):
        await acknowledge(held, note=words)
    return alert


async def escalate_alert(
    res: Resources, actor: Actor, *, alert_id: UUID, note: str | None = None, to_developer_id: UUID | None = None
) -> Alert:
    """Leave the alert a level higher, ringing there, and the next in line (or the one named) told.

    Raises: PermissionDenied, NotFound, InvalidInput, Conflict (it is over, or somebody else escalates it at
    this moment), NobodyOnCall.
    """
    actor.require(Scope.TRIAGE)
    reason = read_note(note) or f"{actor.name} calls for help."
    seen_level = await level_of(res, col(Alert.id) == alert_id)
    async with hold_alert(res, actor, "escalateAlert", alert_id=alert_id) as (held, alert):
        await escalate(held, reason=reason, to_developer_id=to_developer_id, seen_level=seen_level)
    return alert


async def resolve_alert(res: Resources, actor: Actor, *, alert_id: UUID, note: str | None = None) -> Alert:
    """Leave the alert resolved, so that nobody is called for; the issue stays as it is.

    Raises: PermissionDenied, NotFound, InvalidInput, Conflict (it is over).
    """
    actor.require(Scope.TRIAGE)
    words = read_note(note)
    async with hold_alert(res, actor, "resolveAlert", alert_id=alert_id) as (held, alert):
        await held.put_alert(alerts.end(read_state(alert, AlertState), at=held.at))
        held.change(held.state, ActivityKind.ALERT_RESOLVED, note=words, details={"alertId": str(alert.id)})
    return alert
