"""Delivering what was claimed: sent outside of any transaction, then recorded; what failed is tried again."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from random import random
from typing import TypeAlias
from uuid import UUID

import asyncpg
import structlog
from sqlalchemy import update
from sqlmodel import col, select

from core.away import AWAY
from core.db import Transaction
from domain.notification import Channel, NotificationStatus, Outcome, next_attempt, put_off
from models import DeliveryAttempt, Issue, Notification
from resolvers.notification.claim import Claim
from resolvers.notification.outbox import record_undelivered
from resolvers.notification.recording import Recorder, Tried, attempt_at, attempt_of
from resolvers.resources import Resources
from resolvers.turn import take_turn

_log = structlog.get_logger()
_RECORD_AGAIN_S = 0.25

Send: TypeAlias = Callable[[Notification], Awaitable[Outcome]]


async def deliver(res: Resources, claim: Claim, senders: Mapping[Channel, Send], recorder: Recorder) -> None:
    """Send what was claimed, and leave recorded what came of it."""
    outcome = claim.verdict or await _outcome(claim, senders)
    tried = Tried(claim, outcome, res.clock.now() - claim.at)
    while not await _is_recorded(res, tried, recorder):
        await res.clock.sleep(_RECORD_AGAIN_S)


async def _outcome(claim: Claim, senders: Mapping[Channel, Send]) -> Outcome:
    """What comes of sending it."""
    try:
        return await senders[claim.notification.channel](claim.notification)
    except Exception as error:  # noqa: BLE001 - a message that we cannot make is retried and given up like any other
        _log.exception("notification failed", notification_id=str(claim.notification.id))
        return Outcome(succeeded=False, detail=f"Our own fault: {type(error).__name__}")


async def _is_recorded(res: Resources, tried: Tried, recorder: Recorder) -> bool:
    """Write down what came of it; false where the database is away or refuses, and the lease has not ended.

    What was sent and is not written down is sent again, so that a deadlock, say, is worth another try.
    """
    try:
        if tried.outcome.succeeded:
            await recorder.record_sent(tried)
        else:
            await _record_failed(res, tried)
    except (*AWAY, asyncpg.PostgresError):
        if res.clock.now() >= tried.claim.lease_until:
            raise
        return False
    return True


async def _record_failed(res: Resources, tried: Tried) -> None:
    claim, outcome = tried.claim, tried.outcome
    async with res.db.transaction() as tx:
        # The issue before all else, as everywhere (ADR 0004): its timeline may have to tell that this was in vain.
        issue = await _hold_issue(tx, claim.notification.issue_id)
        locked = select(Notification).where(col(Notification.id) == claim.notification.id).with_for_update()
        row = (await tx.session.exec(locked)).one()
        tx.session.add(attempt_of(tried, res.clock.now()))
        if (row.attempt_count, row.lease_until) == (claim.attempt, claim.lease_until):
            await _conclude(res, tx, row, outcome)
            if issue is not None and row.status is NotificationStatus.DEAD:
                record_undelivered(res, tx, row, issue, why=outcome.detail)
        else:
            _log.warning("notification recorded after its lease", notification_id=str(row.id))
    _log.info(
        "notification tried",
        notification_id=str(row.id),
        attempt=claim.attempt,
        status=row.status,
        detail=outcome.detail,
    )


async def _hold_issue(tx: Transaction, issue_id: UUID | None) -> Issue | None:
    if issue_id is None:
        return None
    await take_turn(tx, issue_id)
    query = select(Issue).where(col(Issue.id) == issue_id).with_for_update(key_share=True)
    return (await tx.session.exec(query)).first()


async def _conclude(res: Resources, tx: Transaction, row: Notification, outcome: Outcome) -> None:
    """Leave the row, and what travelled in it, as this outcome of its latest try makes them."""
    at, settings = res.clock.now(), res.settings
    wait = next_attempt(
        row.attempt_count,
        most=settings.notification_attempts,
        base_s=settings.notification_backoff_s,
        random=random(),  # noqa: S311 - spreads retries, guards nothing
    )
    is_over = wait is None or outcome.is_final
    row.lease_until = None
    row.status = NotificationStatus.DEAD if is_over else NotificationStatus.RETRYING
    row.next_attempt_at = None if is_over else at + put_off(wait or timedelta(), outcome.retry_after_s)
    tx.session.add(row)
    # What travelled in one that is given up is due now, so that each is ended with its own issue held.
    carried = update(Notification).where(
        col(Notification.carrier_id) == row.id, col(Notification.status) == NotificationStatus.SENDING
    )
    await tx.session.exec(carried.values(status=NotificationStatus.RETRYING, next_attempt_at=at if is_over else None))


async def record_later(res: Resources, notification_id: UUID, attempt: int, outcome: Outcome) -> None:
    """Leave recorded what a server tells later of what it took at that try, once.

    What did not arrive is tried again, or given up, as if it had been refused; unless more has happened to it since.
    """
    async with res.db.transaction() as tx:
        known = await tx.session.get(Notification, notification_id)
        if known is None:
            return
        issue = None if outcome.succeeded else await _hold_issue(tx, known.issue_id)
        locked = select(Notification).where(col(Notification.id) == notification_id).with_for_update()
        row = (await tx.session.exec(locked.execution_options(populate_existing=True))).one()
        word = attempt_at(notification_id, outcome, began_at=res.clock.now(), took=timedelta(), at=res.clock.now())
        told = select(DeliveryAttempt.id).where(
            col(DeliveryAttempt.notification_id) == notification_id, col(DeliveryAttempt.detail) == word.detail
        )
        if (await tx.session.exec(told)).first() is not None:
            return
        tx.session.add(word)
        if outcome.succeeded or (row.status, row.attempt_count) != (NotificationStatus.SENT, attempt):
            return
        row.sent_at = None
        # What came in the same message did not arrive either.
        with_it = update(Notification).where(
            col(Notification.carrier_id) == row.id, col(Notification.status) == NotificationStatus.SENT
        )
        await tx.session.exec(with_it.values(status=NotificationStatus.SENDING, sent_at=None))
        await _conclude(res, tx, row, outcome)
        if issue is not None and row.status is NotificationStatus.DEAD:
            record_undelivered(res, tx, row, issue, why=outcome.detail)
