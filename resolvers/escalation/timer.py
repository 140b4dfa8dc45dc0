"""Alerts whose time has come: those that ring climb; those that somebody took long ago remind them, then ring again.

The timer is a column, so that killing any process loses none; nothing is sent here, the outbox is only filled.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from uuid import UUID

import structlog
from sqlalchemy import text, update
from sqlmodel import col, func, select

from core.away import is_away
from core.db import Transaction
from domain import alert as alerts
from domain import triage
from domain.access import system
from domain.alert import AlertState, AlertStatus
from domain.contact import Importance
from domain.issue import ActivityKind
from domain.notification import NotificationKind
from domain.wording import span_in_words
from models import Alert, Developer
from resolvers.escalation.climb import climb
from resolvers.escalation.line import warm_told
from resolvers.escalation.plan import plan_of
from resolvers.escalation.warning import warn_administrators
from resolvers.issue.hold import Hold, take_hold
from resolvers.judging import hold_issues
from resolvers.notification.content import warm_content
from resolvers.notification.outbox import notify
from resolvers.resources import Resources
from resolvers.states import read_state
from resolvers.turn import turn_of

_log = structlog.get_logger()
_BATCH = 50
_AGAIN_AFTER = timedelta(seconds=5)
_CLAIM = text("SELECT turn FROM unnest(CAST(:turns AS bigint[])) AS turns (turn) WHERE pg_try_advisory_xact_lock(turn)")
_RINGS_AGAIN = "Its acknowledgement went stale, and nobody said that they still have it."


async def escalate_due(res: Resources) -> int:
    """Let every alert whose time has come take its step, and return how many did.

    At most 50 at once, those that wait longest first, in one transaction, or where that fails, in one each. Several
    workers may do the same: an alert that another has at this moment is left to it. One that fails is logged, and holds
    up no other.
    """
    due = await _due(res)
    taken, left = await _take_together(res, due) if len(due) > 1 else (0, due)
    for alert_id, issue_id in left:
        taken += await _take(res, alert_id, issue_id)
    return taken


async def _due(res: Resources) -> list[tuple[UUID, UUID]]:
    query = (
        select(Alert.id, Alert.issue_id)
        .where(col(Alert.next_escalation_at) <= res.clock.now())
        .order_by(col(Alert.next_escalation_at))
        .limit(_BATCH)
    )
    async with res.db.reading() as session:
        return list((await session.exec(query)).all())


async def _take_together(res: Resources, due: Sequence[tuple[UUID, UUID]]) -> tuple[int, Sequence[tuple[UUID, UUID]]]:
    """Take the steps of them all; return how many, and what is to be taken by itself: all, where anything is wrong."""
    try:
        async with res.db.transaction() as tx:
            ours = await _ours(tx, dict(due))
            held = await hold_issues(res, tx, set(ours.values()))
            await warm_content(tx, [(one.issue.project_id, one.issue.id, None) for one in held.values()])
            await warm_told(tx, list(ours))
            # What is written is written at the end, of all at once.
            with tx.session.no_autoflush:
                steps = [await _step(held[issue_id], id) for id, issue_id in ours.items() if issue_id in held]
        return sum(steps), [(id, issue_id) for id, issue_id in ours.items() if issue_id not in held]
    except Exception as error:  # noqa: BLE001 - then each is taken by itself, and the one with the fault is found
        # Each may go well by itself, so that nobody would see why all together does not.
        _log.warning("escalations taken one by one", error=type(error).__name__, exc_info=not is_away(error))
        return 0, due


async def _ours(tx: Transaction, due: Mapping[UUID, UUID]) -> dict[UUID, UUID]:
    """Those that nobody else has: the claims, which end with the transaction, as in `_is_ours`."""
    connection = await tx.session.connection()
    free = (await connection.execute(_CLAIM, {"turns": [turn_of(id) for id in due]})).scalars().all()
    turns = set(free)
    return {id: issue_id for id, issue_id in due.items() if turn_of(id) in turns}


async def _take(res: Resources, alert_id: UUID, issue_id: UUID) -> bool:
    """Take one alert's step, and say whether it was ours to take."""
    try:
        async with res.db.transaction() as tx:
            return await _is_ours(tx, alert_id) and await _step(await take_hold(res, tx, system(), issue_id), alert_id)
    except Exception as error:  # noqa: BLE001 - whatever is wrong with one alert, the others must not wait for it
        log = _log.warning if is_away(error) else _log.exception
        log("escalation failed", alert_id=str(alert_id), error=type(error).__name__)
    now = res.clock.now()
    later = update(Alert).where(col(Alert.id) == alert_id, col(Alert.next_escalation_at) <= now)
    async with res.db.transaction() as tx:
        await tx.session.exec(later.values(next_escalation_at=now + _AGAIN_AFTER))
    return False


async def _is_ours(tx: Transaction, alert_id: UUID) -> bool:
    """Whether nobody else has the alert: the claim, which ends with the transaction.

    It is no lock of the row, as that would give the transaction its place in the feed before its issue is held.
    """
    return bool((await tx.session.exec(select(func.pg_try_advisory_xact_lock(turn_of(alert_id))))).one())


async def _step(held: Hold, alert_id: UUID) -> bool:
    """Do what the time of the alert has come for, unless somebody was faster."""
    alert = held.alert
    if alert is None or alert.id != alert_id or alert.next_escalation_at is None or alert.next_escalation_at > held.at:
        return False
    if alert.status is AlertStatus.ACKNOWLEDGED:
        await (_ring_again(held, alert) if alert.reminded_at else _remind(held, alert))
    elif alert.level < plan_of(held.res.settings, alert, held.issue).levels:
        await climb(held, alert)
    else:
        await _give_up(held, alert)
    return True


async def _remind(held: Hold, alert: Alert) -> None:
    """Ask whoever took the alert whether they still have it."""
    until = held.at + timedelta(seconds=held.res.settings.acknowledgement_answer_s)
    await held.put_alert(alerts.remind(read_state(alert, AlertState), at=held.at, until=until))
    await _ask(held, alert, f"Acknowledge it again or resolve it until {until:%H:%M} UTC, or it rings again.")


async def _ring_again(held: Hold, alert: Alert) -> None:
    """Let the alert ring where it is: for whoever had it at once, for the next level after its time."""
    plan = plan_of(held.res.settings, alert, held.issue)
    wait = plan.wait(alert.level + 1) or timedelta(0)
    had_it = alert.acknowledged_by_id
    after, alert_after = triage.lapse(held.state, read_state(alert, AlertState), next_at=held.at + wait)
    await held.put_alert(alert_after)
    held.change(after, ActivityKind.LAPSED, note=_RINGS_AGAIN, details={"alertId": str(alert.id)})
    await _tell(held, alert, had_it, _RINGS_AGAIN, f"lapsed:{held.issue.version}")


async def _ask(held: Hold, alert: Alert, wanted: str) -> None:
    assert alert.acknowledged_at is not None
    since = span_in_words(held.at - alert.acknowledged_at)
    reason = f"You acknowledged it {since} ago, and it is not resolved. {wanted}"
    await _tell(held, alert, alert.acknowledged_by_id, reason, f"reminder:{alert.acknowledged_at.isoformat()}")


async def _tell(held: Hold, alert: Alert, developer_id: UUID | None, reason: str, occasion: str) -> None:
    """Tell that developer, if it was one."""
    recipient = await held.tx.session.get(Developer, developer_id) if developer_id else None
    if recipient is None:
        return
    await notify(
        held.res,
        held.tx,
        kind=NotificationKind.ALERT,
        issue=held.issue,
        alert=alert,
        recipient=recipient,
        reason=reason,
        dedup=f"alert:{alert.id}:{occasion}",
        importance=Importance.IMPORTANT,
    )


async def _give_up(held: Hold, alert: Alert) -> None:
    """Leave the alert ringing without a further level, say so, and warn those who can mend it."""
    name = plan_of(held.res.settings, alert, held.issue).name or "the line of those above"
    await held.set_timer(None)
    note = f"Nobody acknowledged it, and {name} is at its end, at level {alert.level}."
    held.note(ActivityKind.NOBODY_NOTIFIED, note=note, details={"alertId": str(alert.id), "level": alert.level})
    await warn_administrators(held, alert, note)
