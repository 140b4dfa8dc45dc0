"""Who would be told what, when and how: an alert is judged and climbs as always, on a clock of its own, and undone."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete
from sqlmodel import col, select

from core.clock import ManualClock
from core.db import Transaction
from core.ids import uuid7
from domain.access import Actor, Scope, system
from domain.alert import AlertStatus, AlertTrigger
from domain.errors import InvalidInput
from domain.event import Severity
from domain.issue import ActivityKind, IssueStatus
from domain.notification import Channel, NotificationStatus
from domain.project import INTERNAL
from models import Activity, Alert, Issue, Notification, Project, Triage
from resolvers.escalation.climb import climb
from resolvers.escalation.plan import plan_of
from resolvers.issue.hold import Hold
from resolvers.resources import Resources
from resolvers.sight import in_sight
from resolvers.triage import weigh

FARTHEST = timedelta(days=366)
_NO_ALERT = "Nobody would be called: it does not matter enough by itself, and no alert rule minds it."
# As many levels as a policy has steps at most; how often it repeats them is no news.
_MOST_LEVELS = 20


@dataclass(frozen=True, slots=True)
class Simulated:
    """One message that would be sent, or why none would be."""

    at: datetime
    level: int
    developer_id: UUID | None = None
    channel: Channel | None = None
    destination: str | None = None
    warning: str | None = None


async def simulate_alert(
    res: Resources,
    actor: Actor,
    *,
    service: str,
    severity: Severity,
    at: datetime | None = None,
    project: str | None = None,
) -> list[Simulated]:
    """Each message that a new issue of that service and severity would cause then, nobody acknowledging it.

    All is as it is set now: on-call, loads, policies, rules. Steps that are repeated are shown once. Nothing is left of
    it. Without a project it is the one in sight that has the service, or the only one
    besides that of our own errors.

    Raises: PermissionDenied, InvalidInput (a project that is not in sight, none or several that it could be, a time
    more than a year away).
    """
    actor.require(Scope.READ)
    now = res.clock.now()
    clock = ManualClock(at or now)
    if abs(clock.now() - now) > FARTHEST:
        raise InvalidInput("`at` must be within a year from now.", ("at",))
    async with res.db.trying() as tx:
        project_id = await _project(tx, actor, project, service)
        return await _play(replace(res, clock=clock), tx, clock, _issue(project_id, service, severity, clock))


async def _project(tx: Transaction, actor: Actor, slug: str | None, service: str) -> UUID:
    """The project that is meant.

    Raises: InvalidInput.
    """
    query = select(Project.id).where(in_sight(actor, col(Project.id)))
    if slug is not None:
        query = query.where(Project.slug == slug)
    has_it = select(Issue.id).where(Issue.project_id == Project.id, Issue.service == service).exists()
    found = (await tx.session.exec(query.where(has_it).limit(2))).all()
    if not found:
        # Our own errors are nobody's service.
        ours = query if slug is not None else query.where(Project.slug != INTERNAL)
        found = (await tx.session.exec(ours.limit(2))).all()
    if slug is not None and not found:
        raise InvalidInput("There is no such project.", ("project",))
    if len(found) != 1:
        raise InvalidInput("Name the `project`: it could be several, or none.", ("project",))
    return found[0]


def _issue(project_id: UUID, service: str, severity: Severity, clock: ManualClock) -> Issue:
    id = uuid7(clock.now())
    return Issue(
        id=id,
        project_id=project_id,
        short_id=f"SIMULATED-{id.hex}",
        title="Simulated",
        error_type="Simulated",
        message="",
        service=service,
        severity=severity,
        status=IssueStatus.UNRESOLVED,
        first_seen_at=clock.now(),
    )


async def _play(res: Resources, tx: Transaction, clock: ManualClock, issue: Issue) -> list[Simulated]:
    """Let it be judged, and its alert climb to the top."""
    tx.session.add(issue)
    await tx.session.flush()
    held = Hold(res, tx, system(), issue, None, clock.now())
    await weigh(held, _row(issue, clock.now()))
    if held.alert is None:
        return [Simulated(held.at, 0, warning=_NO_ALERT)]
    simulated = await _told_now(held, held.alert)
    while (due := _next_climb(held, held.alert)) is not None:
        await clock.move_to(due)
        held.at = due
        await climb(held, held.alert)
        simulated += await _told_now(held, held.alert)
    return sorted(simulated, key=lambda one: (one.at, one.level))


def _row(issue: Issue, at: datetime) -> Triage:
    return Triage(
        id=uuid7(at),
        project_id=issue.project_id,
        issue_id=issue.id,
        event_id=issue.id,
        trigger=AlertTrigger.NEW_ISSUE,
        severity=issue.severity,
        created_at=at,
    )


def _next_climb(held: Hold, alert: Alert) -> datetime | None:
    """When the alert takes a step that it has not taken; none when it has taken all."""
    steps = len(plan_of(held.res.settings, alert, held.issue).steps)
    rings = alert.status is AlertStatus.TRIGGERED and alert.level < min(steps, _MOST_LEVELS)
    return alert.next_escalation_at if rings else None


async def _told_now(held: Hold, alert: Alert) -> list[Simulated]:
    """What was written since this was asked last, which is then forgotten; or why nothing was."""
    query = select(Notification).where(Notification.issue_id == held.issue.id).order_by(col(Notification.id))
    rows = (await held.tx.session.exec(query)).all()
    simulated = [_simulated(row, alert.level) for row in _worth_showing(rows)]
    notes = select(Activity).where(
        Activity.issue_id == held.issue.id, Activity.kind == ActivityKind.NOBODY_NOTIFIED, Activity.at == held.at
    )
    if not simulated:
        note = (await held.tx.session.exec(notes.order_by(col(Activity.id).desc()).limit(1))).first()
        simulated = [Simulated(held.at, alert.level, warning=note.note if note else "Nobody would be told.")]
    await held.tx.session.exec(delete(Notification).where(col(Notification.issue_id) == held.issue.id))
    return simulated


def _worth_showing(rows: Sequence[Notification]) -> list[Notification]:
    """All but what is on the dashboard of those who are told otherwise: everything is there."""
    reached = {row.recipient_id for row in rows if row.channel is not Channel.DASHBOARD}
    return [row for row in rows if row.channel is not Channel.DASHBOARD or row.recipient_id not in reached]


def _simulated(row: Notification, level: int) -> Simulated:
    is_held = row.status is NotificationStatus.SUPPRESSED
    return Simulated(
        at=row.next_attempt_at or row.created_at,
        level=level,
        developer_id=row.recipient_id,
        channel=row.channel,
        destination=row.destination or None,
        warning=row.reason if is_held else None,
    )
