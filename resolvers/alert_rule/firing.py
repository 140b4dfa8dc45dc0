"""A rule fires: that is written down, and keeps it quiet for its cool-down."""

from uuid import UUID

from sqlmodel import col, select

from core.db import Transaction
from core.ids import uuid7
from domain.alert import AlertTrigger
from domain.alert_rule.definition import BY_SERVICE
from models import AlertRule, AlertRuleFiring, Issue
from resolvers.alert_rule.reading import cooldown_of
from resolvers.resources import Resources


async def fire(
    res: Resources,
    tx: Transaction,
    rule: AlertRule,
    issue: Issue,
    *,
    value: float | None,
    pattern_id: UUID | None = None,
) -> bool:
    """Leave written that the rule fired for the issue, unless it is quiet; say which it is.

    One that counts by service is quiet about the service, one about the queue of alerts altogether, one about patterns
    about the pattern for good, all others about the issue. The caller holds what keeps another from firing the same
    rule for the same at once.
    """
    if await _is_quiet(res, tx, rule, issue, pattern_id):
        return False
    at = res.clock.now()
    tx.session.add(
        AlertRuleFiring(
            id=uuid7(at),
            rule_id=rule.id,
            project_id=issue.project_id,
            issue_id=issue.id,
            service=issue.service,
            pattern_id=pattern_id,
            at=at,
            value=value,
        )
    )
    await tx.session.flush()
    return True


async def _is_quiet(res: Resources, tx: Transaction, rule: AlertRule, issue: Issue, pattern_id: UUID | None) -> bool:
    query = select(AlertRuleFiring.id).where(AlertRuleFiring.rule_id == rule.id)
    if rule.trigger is AlertTrigger.NEW_PATTERN:
        query = query.where(AlertRuleFiring.pattern_id == pattern_id)
    else:
        query = query.where(AlertRuleFiring.at > res.clock.now() - cooldown_of(rule))
    if rule.trigger in BY_SERVICE:
        query = query.where(AlertRuleFiring.project_id == issue.project_id, AlertRuleFiring.service == issue.service)
    elif rule.trigger not in (AlertTrigger.ALERT_QUEUE, AlertTrigger.NEW_PATTERN):
        query = query.where(col(AlertRuleFiring.issue_id) == issue.id)
    return (await tx.session.exec(query.limit(1))).first() is not None
