"""Warning before an issue runs out of time: once for each beginning and target, whoever is killed meanwhile."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import ColumnElement, Interval, and_, literal
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from core.away import is_away
from core.db import Transaction
from domain.contact import Importance
from domain.event import Severity
from domain.issue import IssueStatus
from domain.notification import NotificationKind
from domain.target import BEGINNINGS, ENDS, WARNED_FOR, Aim, warning_of
from models import Activity, Developer, Issue, IssueCounter, TargetWarning
from resolvers.developer.on_duty import away_now
from resolvers.escalation.warning import administrators
from resolvers.notification.outbox import notify
from resolvers.resources import Resources
from resolvers.routing import can_be_assigned, fallback_owner, route
from resolvers.target.holding import holding, of_kinds, within_of

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class _Running:
    """An issue, whose row is locked, that runs out of time, and the step from which on the time runs."""

    issue: Issue
    aim: Aim
    step_id: UUID
    began_at: datetime
    within: timedelta


async def warn_of_targets(res: Resources) -> int:
    """Leave somebody warned of each issue that has used up the share of its time; return of how many they were.

    A transaction for each, in which it is also written that they were, so that they are once. One that fails is
    logged, and tried again with the next call.
    """
    warned, failed = 0, set[UUID]()
    for aim in Aim:
        while (step_id := await _warn_next(res, aim, failed)) is not None:
            warned += step_id not in failed
    return warned


async def _warn_next(res: Resources, aim: Aim, failed: set[UUID]) -> UUID | None:
    """The step whose issue was warned of next, or added to those that failed; none where there is none."""
    found: _Running | None = None
    try:
        async with res.db.transaction() as tx:
            found = await _claim(tx, res.clock.now(), aim, failed)
            if found is not None:
                await _warn(res, tx, found)
    except Exception as error:
        if found is None or is_away(error):
            raise
        _log.exception("not warned of a target", issue_id=str(found.issue.id), aim=aim)
        failed.add(found.step_id)
    return found.step_id if found else None


async def _claim(tx: Transaction, now: datetime, aim: Aim, failed: set[UUID]) -> _Running | None:
    """The next of which nobody was warned, recorded as one of which somebody was."""
    row = (await tx.session.exec(_running(now, aim, failed))).first()
    if row is None:
        return None
    issue, step_id, began_at, within = row
    values = {"step_id": step_id, "aim": aim, "issue_id": issue.id, "at": now}
    added = insert(TargetWarning).values(values).on_conflict_do_nothing().returning(col(TargetWarning.step_id))
    is_ours = (await tx.session.exec(added)).first() is not None
    return _Running(issue, aim, step_id, began_at, within) if is_ours else None


def _running(now: datetime, aim: Aim, failed: set[UUID]) -> Any:
    """The next open issue that has used up the share of its time: those that began in a bounded span are looked at."""
    target, later, warned = holding(), aliased(Activity), aliased(TargetWarning)
    within = within_of(target, aim)
    is_over = (
        select(col(later.id))
        .where(col(later.issue_id) == col(Activity.issue_id), col(later.id) > col(Activity.id))
        .where(of_kinds(later, (*BEGINNINGS[aim], *ENDS[aim])))
        .exists()
    )
    is_told = (
        select(col(warned.step_id)).where(col(warned.step_id) == col(Activity.id), col(warned.aim) == aim).exists()
    )
    not_taken: Sequence[ColumnElement[bool]] = [col(Issue.acknowledged_at).is_(None)] if aim is Aim.ACKNOWLEDGE else []
    query: Any = (
        select(Issue, col(Activity.id), col(Activity.at), within)
        .select_from(target)
        .join(Activity, col(Activity.project_id) == target.c.project_id)
        .join(Issue, and_(col(Issue.id) == col(Activity.issue_id), col(Issue.severity) == target.c.severity))
        .where(
            of_kinds(Activity, BEGINNINGS[aim]),
            col(Activity.at) <= literal(now) - within.op("*", return_type=Interval())(target.c.warn_at),
            col(Activity.at) > literal(now) - within - WARNED_FOR,
            col(Activity.id).not_in(failed),
            col(Issue.status) == IssueStatus.UNRESOLVED,
            col(Issue.merged_into_id).is_(None),
            *not_taken,
            ~is_over,
            ~is_told,
        )
        .order_by(col(Activity.id))
        .limit(1)
        .with_for_update(of=Issue, key_share=True, skip_locked=True)
    )
    return query


async def _warn(res: Resources, tx: Transaction, running: _Running) -> None:
    issue = running.issue
    what = warning_of(running.aim, issue.severity, running.within, began_at=running.began_at, now=res.clock.now())
    for person, why in await _people(res, tx, issue):
        await notify(
            res,
            tx,
            kind=NotificationKind.TARGET,
            issue=issue,
            alert=None,
            recipient=person,
            reason=f"{what} {why}",
            dedup=f"target:{running.aim}:{running.step_id}",
            importance=Importance.IMPORTANT if issue.severity.rank >= Severity.HIGH.rank else Importance.NORMAL,
            can_wait=False,
        )


async def _people(res: Resources, tx: Transaction, issue: Issue) -> list[tuple[Developer, str]]:
    """Whose it is, and where they are away or it is nobody's, who is on call; else who answers for the project."""
    people: list[tuple[Developer, str]] = []
    away = "It is nobody's"
    if assignee := await _assignee(tx, issue):
        people.append((assignee, "The issue is yours."))
        missing = await away_now(tx.session, res.clock.now(), assignee.id)
        if missing is None:
            return people
        away = f"{assignee.name}, whose it is, {missing}"
    event_id = (
        await tx.session.exec(select(IssueCounter.last_event_id).where(IssueCounter.issue_id == issue.id))
    ).first()
    choice = await route(res, tx, (issue, event_id))
    if choice.developer_id is not None:
        chosen = await tx.session.get_one(Developer, choice.developer_id)
        return [*people, (chosen, f"{away}, so you are told: {choice.reason}.")]
    if people:
        return people
    owner = await fallback_owner(tx, project_id=issue.project_id)
    others = [owner] if owner else await administrators(tx)
    return [(person, f"{away}, {choice.reason}, and you answer for the project.") for person in others]


async def _assignee(tx: Transaction, issue: Issue) -> Developer | None:
    """Whose the issue is, if they may still work on it."""
    id = issue.assignee_id
    if id is None or not await can_be_assigned(tx, developer_id=id, project_id=issue.project_id):
        return None
    return await tx.session.get_one(Developer, id)
