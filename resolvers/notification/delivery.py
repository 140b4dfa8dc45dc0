"""Delivering what is in the outbox: claim, send, record; killing anything at any moment loses no notification.

A claim is a short transaction that sets SENDING and a lease. While it holds, `next_attempt_at` is the lease's end,
so that one index finds what is due, what is to be retried, and what a dead worker left.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import random
from typing import TypeAlias
from uuid import UUID

import structlog
from sqlalchemy.exc import DBAPIError
from sqlmodel import col, select

from core.db import Transaction
from core.ids import uuid7
from domain.alert import AlertStatus
from domain.notification import (
    Channel,
    NotificationStatus,
    Outcome,
    is_given_up,
    is_outdated,
    next_attempt,
    one_line,
    put_off,
)
from models import Alert, DeliveryAttempt, Issue, Notification
from resolvers.notification.outbox import record_undelivered
from resolvers.resources import Resources
from resolvers.turn import take_turn

_log = structlog.get_logger()
_LONGEST_DETAIL = 500
_RECORD_AGAIN_S = 0.25
LOST = "The worker that was sending it went away."
_LOST_FOR_GOOD = Outcome(succeeded=False, detail=LOST, is_final=True)

Send: TypeAlias = Callable[[Notification], Awaitable[Outcome]]


@dataclass(frozen=True, slots=True)
class Claim:
    """One notification that is ours to send until the lease ends."""

    notification: Notification
    attempt: int
    at: datetime
    lease_until: datetime
    is_given_up: bool = False


async def claim_due(res: Resources, *, most: int) -> list[Claim]:
    """Take up to so many notifications that are due, those that wait longest first; nobody else has them now.

    Of those that waited on purpose, what somebody has meanwhile is held back for good, and not taken.
    """
    at = res.clock.now()
    lease_until = at + timedelta(seconds=res.settings.notification_lease_s)
    query = (
        select(Notification)
        .where(col(Notification.next_attempt_at) <= at)
        .order_by(col(Notification.next_attempt_at))
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    async with res.db.transaction() as tx:
        due = await _hold_back_outdated(tx, (await tx.session.exec(query)).all())
        given_up = [_claim(res, tx, row, lease_until=lease_until) for row in due]
    return [Claim(row, row.attempt_count, at, lease_until, gone) for row, gone in zip(due, given_up, strict=True)]


async def _hold_back_outdated(tx: Transaction, rows: Sequence[Notification]) -> list[Notification]:
    """Leave those SUPPRESSED whose alert somebody has; return the others."""
    delayed = {row.alert_id for row in rows if row.alert_id and _waited(row)}
    if not delayed:
        return list(rows)
    found = (await tx.session.exec(select(Alert).where(col(Alert.id).in_(delayed)))).all()
    statuses: dict[UUID | None, AlertStatus] = {alert.id: alert.status for alert in found}
    kept: list[Notification] = []
    for row in rows:
        if is_outdated(statuses.get(row.alert_id), was_delayed=_waited(row)):
            row.reason = f"Held back: the alert was {statuses[row.alert_id].lower()} before it was due."
            _end(row, NotificationStatus.SUPPRESSED)
            tx.session.add(row)
        else:
            kept.append(row)
    return kept


def _waited(row: Notification) -> bool:
    """Whether it waited on purpose until now; what was tried before is tried to its end."""
    return row.attempt_count == 0 and bool(row.content.get("is_delayed"))


async def deliver(res: Resources, claim: Claim, senders: Mapping[Channel, Send]) -> None:
    """Send what was claimed, outside of any transaction, and leave recorded what came of it."""
    outcome = await _outcome(claim, senders)
    took = res.clock.now() - claim.at
    while not await _record(res, claim, outcome, took):
        await res.clock.sleep(_RECORD_AGAIN_S)


async def _outcome(claim: Claim, senders: Mapping[Channel, Send]) -> Outcome:
    """What comes of sending it."""
    if claim.is_given_up:
        return _LOST_FOR_GOOD
    try:
        return await senders[claim.notification.channel](claim.notification)
    except Exception as error:  # noqa: BLE001 - a message that we cannot make is retried and given up like any other
        _log.exception("notification failed", notification_id=str(claim.notification.id))
        return Outcome(succeeded=False, detail=f"Our own fault: {type(error).__name__}")


def _claim(res: Resources, tx: Transaction, row: Notification, *, lease_until: datetime) -> bool:
    """Take the row, after noting the death of who had it before; true where it killed too many to be sent again."""
    tx.session.add(row)
    row.lease_until = row.next_attempt_at = lease_until
    if row.status is NotificationStatus.SENDING:
        if is_given_up(row.attempt_count, most=res.settings.notification_attempts):
            return True
        _add_attempt(res, tx, row.id, Outcome(succeeded=False, detail=LOST), at=res.clock.now(), took=timedelta())
    row.status = NotificationStatus.SENDING
    row.attempt_count += 1
    return False


async def _record(res: Resources, claim: Claim, outcome: Outcome, took: timedelta) -> bool:
    """Write down what came of it; false where the database is away and the lease has not ended."""
    try:
        async with res.db.transaction() as tx:
            # The issue before all else, as everywhere (ADR 0004): its timeline may have to tell that this was in vain.
            issue = None if outcome.succeeded else await _hold_issue(tx, claim.notification.issue_id)
            locked = select(Notification).where(col(Notification.id) == claim.notification.id).with_for_update()
            row = (await tx.session.exec(locked)).one()
            _add_attempt(res, tx, row.id, outcome, at=claim.at, took=took)
            if (row.attempt_count, row.lease_until) == (claim.attempt, claim.lease_until):
                _conclude(res, row, outcome)
                tx.session.add(row)
                if issue is not None and row.status is NotificationStatus.DEAD:
                    record_undelivered(res, tx, row, issue, why=outcome.detail)
            else:
                _log.warning("notification recorded after its lease", notification_id=str(row.id))
    except (DBAPIError, OSError):
        if res.clock.now() >= claim.lease_until:
            raise
        return False
    _log.info(
        "notification tried",
        notification_id=str(row.id),
        attempt=claim.attempt,
        status=row.status,
        detail=outcome.detail,
    )
    return True


async def _hold_issue(tx: Transaction, issue_id: UUID | None) -> Issue | None:
    if issue_id is None:
        return None
    await take_turn(tx, issue_id)
    query = select(Issue).where(col(Issue.id) == issue_id).with_for_update(key_share=True)
    return (await tx.session.exec(query)).first()


def _conclude(res: Resources, row: Notification, outcome: Outcome) -> None:
    """Leave the row as this outcome of its latest try makes it."""
    at, settings = res.clock.now(), res.settings
    if outcome.succeeded:
        row.sent_at = at
        if outcome.receipt is not None:
            row.receipt, row.shown_status = dict(outcome.receipt), AlertStatus.TRIGGERED
        _end(row, NotificationStatus.SENT)
        return
    wait = next_attempt(
        row.attempt_count,
        most=settings.notification_attempts,
        base_s=settings.notification_backoff_s,
        random=random(),  # noqa: S311 - spreads retries, guards nothing
    )
    if wait is None or outcome.is_final:
        _end(row, NotificationStatus.DEAD)
    else:
        row.status, row.lease_until, row.next_attempt_at = (
            NotificationStatus.RETRYING,
            None,
            at + put_off(wait, outcome.retry_after_s),
        )


def _end(row: Notification, status: NotificationStatus) -> None:
    row.status, row.lease_until, row.next_attempt_at = status, None, None


def _add_attempt(
    res: Resources, tx: Transaction, notification_id: UUID, outcome: Outcome, *, at: datetime, took: timedelta
) -> None:
    tx.session.add(
        DeliveryAttempt(
            id=uuid7(res.clock.now()),
            notification_id=notification_id,
            at=at,
            succeeded=outcome.succeeded,
            status_code=outcome.status_code,
            detail=outcome.detail and one_line(outcome.detail, _LONGEST_DETAIL),
            duration_ms=round(took / timedelta(milliseconds=1)),
        )
    )
