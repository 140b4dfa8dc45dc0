"""Looking at rules again and again: each in its time, by one worker, and nothing is held while it counts."""

from datetime import timedelta
from uuid import UUID

import structlog
from sqlalchemy import update
from sqlmodel import col, select

from core.away import is_away
from core.db import Transaction
from core.ids import uuid7
from domain.messages import Job, wake
from models import AlertRule, Issue, IssueCounter, Triage
from resolvers.alert_rule.counting import Hit, find_hits
from resolvers.alert_rule.firing import fire
from resolvers.alert_rule.reading import may_fire
from resolvers.resources import Resources

_log = structlog.get_logger()
CHECK_EVERY = timedelta(seconds=30)


async def check_next_rule(res: Resources) -> bool:
    """Look at the rule that is due for longest, and leave to be judged what it fires for; say whether there was one.

    It is due again after 30 seconds, also where looking at it failed, or the worker died meanwhile.
    """
    rule = await _claim(res)
    if rule is None:
        return False
    try:
        await _check(res, rule)
    except Exception as error:  # noqa: BLE001 - whatever is wrong with one rule, the others must not wait for it
        log = _log.warning if is_away(error) else _log.exception
        log("alert rule not checked", rule_id=str(rule.id), error=type(error).__name__)
    return True


async def _claim(res: Resources) -> AlertRule | None:
    """The rule that is due for longest, due again later."""
    at = res.clock.now()
    due = (
        select(AlertRule.id)
        .where(col(AlertRule.is_enabled), col(AlertRule.next_check_at) <= at)
        .order_by(col(AlertRule.next_check_at))
        .limit(1)
        .with_for_update(skip_locked=True)
        .scalar_subquery()
    )
    claimed = update(AlertRule).where(col(AlertRule.id) == due).values(next_check_at=at + CHECK_EVERY)
    async with res.db.transaction() as tx:
        return (await tx.session.exec(claimed.returning(AlertRule))).scalars().first()


async def _check(res: Resources, rule: AlertRule) -> None:
    async with res.db.reading() as session:
        hits = await find_hits(session, rule, res.clock.now())
    for hit in hits:
        async with res.db.transaction() as tx:
            await _leave(res, tx, rule.id, hit)


async def _leave(res: Resources, tx: Transaction, rule_id: UUID, hit: Hit) -> None:
    """Leave it to be judged, unless the rule is quiet about it, or changed meanwhile."""
    rule = (await tx.session.exec(select(AlertRule).where(AlertRule.id == rule_id).with_for_update())).first()
    issue = await tx.session.get(Issue, hit.issue_id)
    event_id = (
        await tx.session.exec(select(IssueCounter.last_event_id).where(IssueCounter.issue_id == hit.issue_id))
    ).first()
    if rule is None or issue is None or event_id is None or not may_fire(res, rule, issue.severity):
        return
    if not await fire(res, tx, rule, issue, value=hit.value, pattern_id=hit.pattern_id):
        return
    at = res.clock.now()
    tx.session.add(
        Triage(
            id=uuid7(at),
            project_id=issue.project_id,
            issue_id=issue.id,
            event_id=event_id,
            trigger=rule.trigger,
            severity=issue.severity,
            created_at=at,
            rule_id=rule.id,
            value=hit.value,
        )
    )
    tx.send(wake(Job.TAKE_TRIAGE))
