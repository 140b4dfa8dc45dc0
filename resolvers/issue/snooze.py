"""Putting an issue to sleep, and waking those that have slept long enough."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import col, select

from core.db import Transaction
from core.ids import uuid7
from domain import triage
from domain.access import Actor, Scope, system
from domain.alert import AlertTrigger
from domain.event import Severity
from domain.issue import ActivityKind, IssueStatus
from domain.messages import Job, wake
from domain.snooze import snooze_end
from domain.triage import TriageState
from domain.wording import read_note
from models import Issue, IssueCounter, Triage
from resolvers.issue.hold import Hold, hold_issue
from resolvers.resources import Resources
from resolvers.states import read_state, write_state
from resolvers.timeline import record_activity


async def snooze_issue(
    res: Resources,
    actor: Actor,
    *,
    issue_id: UUID,
    until: datetime | None = None,
    span: timedelta | None = None,
    event_count: int | None = None,
    note: str | None = None,
) -> Issue:
    """Leave the issue asleep, and its alert resolved, until a time, for a span, or until it has had so many events.

    Raises: PermissionDenied, NotFound, InvalidInput, Conflict (it is resolved, or snoozed until then already).
    """
    actor.require(Scope.TRIAGE)
    words = read_note(note)
    async with hold_issue(res, actor, "snoozeIssue", issue_id=issue_id) as held:
        counted = await _event_count(held)
        end = snooze_end(now=held.at, counted=counted, until=until, span=span, event_count=event_count)
        after = triage.snooze(held.state, end)
        await held.end_alert()
        details = {"until": end.at and end.at.isoformat(), "untilEventCount": end.event_count}
        held.change(after, ActivityKind.SNOOZED, note=words, details=details)
    return held.issue


async def wake_snoozed(res: Resources) -> int:
    """Leave no issue asleep whose time has come, but those that somebody holds just now; return how many woke.

    A transaction for each, so that none stays open for long, and the feed has the rows of an issue in their order: a
    transaction has its place in the feed from its first lock on.
    """
    woken = 0
    while await _wake_next(res):
        woken += 1
    return woken


async def _wake_next(res: Resources) -> bool:
    due = (
        select(Issue)
        .where(
            Issue.status == IssueStatus.SNOOZED,
            col(Issue.snoozed_until) <= res.clock.now(),
            col(Issue.merged_into_id).is_(None),
        )
        .order_by(col(Issue.snoozed_until), col(Issue.id))
        .limit(1)
        .with_for_update(key_share=True, skip_locked=True)
    )
    async with res.db.transaction() as tx:
        issue = (await tx.session.exec(due)).first()
        if issue is None:
            return False
        until = issue.snoozed_until and issue.snoozed_until.isoformat()
        write_state(issue, triage.reopen(read_state(issue, TriageState)))
        record_activity(res, tx, system(), issue, ActivityKind.WOKEN, details={"until": until})
        await _call_again(res, tx, issue)
    return True


async def _call_again(res: Resources, tx: Transaction, issue: Issue) -> None:
    """Leave it to be judged whether somebody is called for, as the writer does with an issue that an event wakes."""
    query = select(IssueCounter.last_event_id).where(IssueCounter.issue_id == issue.id)
    event_id = (await tx.session.exec(query)).first()
    if event_id is None or issue.severity.rank < Severity.HIGH.rank:
        return
    at = res.clock.now()
    row = Triage(
        id=uuid7(at),
        project_id=issue.project_id,
        issue_id=issue.id,
        event_id=event_id,
        trigger=AlertTrigger.UNRESOLVED_FOR,
        severity=issue.severity,
        created_at=at,
    )
    tx.session.add(row)
    tx.send(wake(Job.TAKE_TRIAGE))


async def _event_count(held: Hold) -> int:
    query = select(IssueCounter.event_count).where(IssueCounter.issue_id == held.issue.id)
    return (await held.tx.session.exec(query)).first() or 0
