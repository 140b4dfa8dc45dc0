"""Which rules a triage row is for, and whom each of them tells."""

from collections.abc import Sequence
from datetime import timedelta

from sqlmodel import col, select

from core.db import Transaction
from domain.alert import AlertTrigger
from domain.alert_rule.definition import BY_EVENT, Subject
from domain.policy import Step
from models import AlertRule, Event, Triage
from resolvers.alert_rule.firing import fire
from resolvers.alert_rule.reading import filter_of, may_fire, recipients_of
from resolvers.escalation.targets import Told, people_of
from resolvers.escalation.warning import administrators
from resolvers.issue.hold import Hold


async def rules_for(held: Hold, row: Triage) -> list[AlertRule]:
    """The rules that fire with this row: the one that left it, or all that mind what is new, or has regressed.

    The latter have not fired before, and from now on they are quiet about the issue for their cool-down.
    """
    if row.rule_id is not None:
        rule = await held.tx.session.get(AlertRule, row.rule_id)
        return [rule] if rule is not None and rule.is_enabled else []
    if row.trigger not in BY_EVENT:
        return []
    rules = await held.tx.once(("alert rules", row.trigger), lambda: _rules_of(held.tx, row.trigger))
    its = [rule for rule in rules if rule.project_id in (None, row.project_id)]
    return await _fired(held, row, [rule for rule in its if may_fire(held.res, rule, row.severity)])


async def _rules_of(tx: Transaction, trigger: AlertTrigger) -> Sequence[AlertRule]:
    """All that are enabled, the oldest first."""
    query = select(AlertRule).where(col(AlertRule.is_enabled), AlertRule.trigger == trigger)
    return (await tx.session.exec(query.order_by(col(AlertRule.id)))).all()


async def recipients(held: Hold, rule: AlertRule) -> list[Told]:
    """Whom the rule tells now, as far as they may triage the issue; of alerts that pile up, at least administrators."""
    if targets := recipients_of(rule):
        return await people_of(held, Step(timedelta(), targets), by="the rule")
    if rule.trigger is AlertTrigger.ALERT_QUEUE:
        return [Told(admin, "you are an administrator") for admin in await administrators(held.tx)]
    return []


async def _fired(held: Hold, row: Triage, rules: list[AlertRule]) -> list[AlertRule]:
    """Those that look at the event, and are not quiet."""
    if not rules:
        return []
    subject = await _subject(held, row)
    looking = [rule for rule in rules if filter_of(rule).admits(subject)]
    return [rule for rule in looking if await fire(held.res, held.tx, rule, held.issue, value=None)]


async def _subject(held: Hold, row: Triage) -> Subject:
    """What is known of the event; of one that is gone already, what its issue knows."""
    issue = held.issue
    query = select(Event).where(Event.project_id == row.project_id, Event.id == row.event_id)
    event = (await held.tx.session.exec(query)).first()
    if event is None:
        return Subject(issue.service, None, row.severity, issue.error_type, {})
    tags = dict(event.payload.get("tags") or [])
    return Subject(event.service, event.environment, row.severity, event.error_type, tags)
