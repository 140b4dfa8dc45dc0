"""What the writer left to be judged: each new or regressed issue that matters becomes an alert, and somebody's."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import structlog
from sqlalchemy import delete, update
from sqlmodel import col, or_, select

from core.away import is_away
from core.db import Transaction
from core.ids import uuid7
from domain.access import Role, system
from domain.alert import AlertStatus, AlertTrigger
from domain.issue import ActivityKind, IssueStatus
from domain.notification import NotificationKind
from models import Alert, Developer, Issue, Triage
from resolvers.notification.outbox import notify
from resolvers.resources import Resources
from resolvers.routing import can_be_assigned, choose_assignee, fallback_owner, give_issue
from resolvers.timeline import record_activity
from resolvers.turn import take_turn

_log = structlog.get_logger()
_BATCH = 20
_AGAIN_AFTER = timedelta(seconds=5)
_KINDS = {
    AlertTrigger.NEW_ISSUE: NotificationKind.NEW_ISSUE,
    AlertTrigger.REGRESSION: NotificationKind.REGRESSION,
    AlertTrigger.EVENT_COUNT: NotificationKind.ALERT,
    AlertTrigger.UNRESOLVED_FOR: NotificationKind.ALERT,
}
_HEADLINES = {
    AlertTrigger.NEW_ISSUE: "New issue",
    AlertTrigger.REGRESSION: "Regression",
    AlertTrigger.EVENT_COUNT: "Awake again after so many events",
    AlertTrigger.UNRESOLVED_FOR: "Awake again after its time",
}


@dataclass(frozen=True, slots=True)
class _Case:
    """One triage row that is being judged, with its issue, which is locked, and the alert that is open for it."""

    row: Triage
    issue: Issue
    alert: Alert


async def take_triage(res: Resources) -> int:
    """Judge the oldest rows that the writer left, each in a transaction of its own, and return how many were judged.

    At most 20 at once, so that what they cause can be sent meanwhile. A row is gone in the transaction that does what
    it asks for, so that a crash neither loses nor doubles it, and other workers may do the same at once. One that
    fails is logged, and waits, and holds up no other.
    """
    taken = 0
    for row_id, issue_id in await _waiting(res):
        taken += await _take(res, row_id, issue_id)
    return taken


async def _waiting(res: Resources) -> list[tuple[UUID, UUID]]:
    """The rows that are due, oldest first, and their issues; not locked yet."""
    query = (
        select(Triage.id, Triage.issue_id)
        .where(or_(col(Triage.retry_at).is_(None), col(Triage.retry_at) <= res.clock.now()))
        .order_by(col(Triage.id))
        .limit(_BATCH)
    )
    async with res.db.reading() as session:
        return list((await session.exec(query)).all())


async def _take(res: Resources, id: UUID, issue_id: UUID) -> bool:
    """Judge one row, and say whether it was ours to judge."""
    try:
        async with res.db.transaction() as tx:
            return await _judge(res, tx, id, issue_id)
    except Exception as error:  # noqa: BLE001 - whatever is wrong with one row, the others must not wait for it
        log = _log.warning if is_away(error) else _log.exception
        log("triage failed", triage_id=str(id), issue_id=str(issue_id), error=type(error).__name__)
    async with res.db.transaction() as tx:
        later = update(Triage).where(col(Triage.id) == id).values(retry_at=res.clock.now() + _AGAIN_AFTER)
        await tx.session.exec(later)
    return False


async def _judge(res: Resources, tx: Transaction, id: UUID, issue_id: UUID) -> bool:
    """Open the alert, give the issue to somebody, tell them.

    The issue is locked before the row: locking a row takes a transaction id, and the feed is ordered by those.
    """
    await take_turn(tx, issue_id)
    locked = select(Issue).where(col(Issue.id) == issue_id).with_for_update(key_share=True)
    issue = (await tx.session.exec(locked)).first()
    # A merge may have led the row to another issue meanwhile: then it is judged there, next time.
    claimed = select(Triage).where(col(Triage.id) == id, col(Triage.issue_id) == issue_id)
    row = (await tx.session.exec(claimed.with_for_update(skip_locked=True))).first()
    if row is None:
        return False
    await tx.session.exec(delete(Triage).where(col(Triage.id) == id))
    if issue is not None and issue.status is IssueStatus.UNRESOLVED:
        await _call(res, tx, _Case(row, issue, await _alert(res, tx, row, issue)))
    return True


async def _alert(res: Resources, tx: Transaction, row: Triage, issue: Issue) -> Alert:
    """The alert that is open for the issue, or a new one that rings."""
    query = select(Alert).where(col(Alert.issue_id) == issue.id, col(Alert.status) != AlertStatus.RESOLVED)
    if alert := (await tx.session.exec(query)).first():
        return alert
    at = res.clock.now()
    alert = Alert(
        id=uuid7(at),
        project_id=issue.project_id,
        issue_id=issue.id,
        status=AlertStatus.TRIGGERED,
        trigger=row.trigger,
        severity=issue.severity,
        message=f"{_HEADLINES[row.trigger]} in {issue.service}: {issue.title}",
        triggered_at=at,
    )
    tx.session.add(alert)
    await tx.session.flush()
    return alert


async def _call(res: Resources, tx: Transaction, case: _Case) -> None:
    """Tell whose the issue is; find somebody first where it is nobody's."""
    if assignee := await _present_assignee(tx, case.issue):
        await _tell(res, tx, case, assignee, "The issue is yours.")
        return
    choice = await choose_assignee(res, tx, project_id=case.issue.project_id, service=case.issue.service)
    if choice.developer_id is not None:
        chosen = await tx.session.get_one(Developer, choice.developer_id)
        await give_issue(res, tx, system(), case.issue, chosen, reason=choice.reason)
        await _tell(res, tx, case, chosen, f"The issue was given to you: {choice.reason}.")
    else:
        await _fall_back(res, tx, case, choice.reason)


async def _present_assignee(tx: Transaction, issue: Issue) -> Developer | None:
    """Whose the issue is already, if they may still work on it."""
    if issue.assignee_id is None:
        return None
    if not await can_be_assigned(tx, developer_id=issue.assignee_id, project_id=issue.project_id):
        return None
    return await tx.session.get_one(Developer, issue.assignee_id)


async def _fall_back(res: Resources, tx: Transaction, case: _Case, why: str) -> None:
    """Give the issue to who answers for the project, and say that nobody on call was told."""
    owner = await fallback_owner(tx, project_id=case.issue.project_id)
    told = f"{owner.name}, who answers for the project, was told instead" if owner else "the administrators were told"
    record_activity(
        res, tx, system(), case.issue, ActivityKind.NOBODY_NOTIFIED, note=f"Nobody on call was told: {why}; {told}."
    )
    if owner:
        await give_issue(res, tx, system(), case.issue, owner, reason=f"answers for the project, since {why}")
        await _tell(res, tx, case, owner, f"You answer for the project, and {why}.")
        return
    for admin in await _administrators(tx):
        await _tell(res, tx, case, admin, f"You are an administrator, and {why}; the issue is nobody's.")


async def _administrators(tx: Transaction) -> list[Developer]:
    query = select(Developer).where(col(Developer.role).in_((Role.OWNER, Role.ADMIN))).order_by(col(Developer.id))
    return list((await tx.session.exec(query)).all())


async def _tell(res: Resources, tx: Transaction, case: _Case, recipient: Developer, reason: str) -> None:
    await notify(
        res,
        tx,
        kind=_KINDS[case.row.trigger],
        issue=case.issue,
        alert=case.alert,
        recipient=recipient,
        reason=reason,
        dedup=f"triage:{case.row.id}",
        event_id=case.row.event_id,
    )
