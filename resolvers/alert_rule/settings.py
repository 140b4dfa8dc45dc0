"""Making alert rules, changing what is set of them, and taking them away."""

from datetime import datetime
from functools import partial
from typing import Any, Unpack
from uuid import UUID

from sqlmodel import col, func, select

from core.db import Transaction
from core.ids import uuid7
from domain.access import Actor, Scope
from domain.alert import AlertTrigger
from domain.alert_rule.definition import BY_EVENT, RuleFilter, write_filter
from domain.alert_rule.settings import MOST_RULES, USUAL_COOLDOWN, AlertRuleSettings, check_settings
from domain.errors import Conflict, InvalidInput, NotFound
from domain.policy import write_targets
from models import AlertRule, EscalationPolicy
from resolvers.alert_rule.reading import hours_as_json, settings_of
from resolvers.audit import record_audit, record_change
from resolvers.conflicts import flush_unique
from resolvers.notification_template.words import check_template_of
from resolvers.policy.known import check_targets
from resolvers.project.named import project_id_of
from resolvers.resources import Resources

_NAME_TAKEN = "Another alert rule has this name."
_audit = partial(record_audit, target_kind="AlertRule")
_audit_change = partial(record_change, target_kind="AlertRule")
_USUAL: AlertRuleSettings = {
    "is_enabled": True,
    "threshold": None,
    "window": None,
    "filter": RuleFilter(),
    "policy_id": None,
    "recipients": [],
    "channels": [],
    "cooldown": USUAL_COOLDOWN,
    "active_hours": None,
    "template": None,
}


async def create_alert_rule(
    res: Resources,
    actor: Actor,
    *,
    trigger: AlertTrigger,
    project: str | None = None,
    **settings: Unpack[AlertRuleSettings],
) -> AlertRule:
    """Leave a new rule, of the project with that slug or of each, which minds what happens from now on.

    Raises: PermissionDenied, InvalidInput, Conflict (the name is taken, or there are too many).
    """
    actor.require_everywhere(Scope.ADMIN)
    checked = _check(trigger, {**_USUAL, **settings})
    at = res.clock.now()
    async with res.db.transaction() as tx:
        if (await tx.session.exec(select(func.count()).select_from(AlertRule))).one() >= MOST_RULES:
            raise Conflict(f"There are {MOST_RULES} alert rules, and there may be no more.")
        rule = AlertRule(
            id=uuid7(at),
            project_id=await project_id_of(tx, project),
            trigger=trigger,
            created_at=at,
            since=at,
            **_columns(checked),
        )
        rule.next_check_at = _first_check(rule, at)
        await _check_known(tx, checked)
        tx.session.add(rule)
        await flush_unique(tx, alert_rule_name_key=_NAME_TAKEN)
        _audit(res, tx, actor, "createAlertRule", target_id=rule.id, project_id=rule.project_id, after=_facts(rule))
    return rule


async def update_alert_rule(
    res: Resources, actor: Actor, *, rule_id: UUID, **settings: Unpack[AlertRuleSettings]
) -> AlertRule:
    """Leave the rule as the settings say; what is left out stays. It minds what happens from now on.

    Raises: PermissionDenied, NotFound, InvalidInput, Conflict (the name is taken).
    """
    actor.require_everywhere(Scope.ADMIN)
    at = res.clock.now()
    async with res.db.transaction() as tx:
        rule = await _lock(tx, rule_id)
        checked = _check(rule.trigger, {**settings_of(rule), **settings})
        await _check_known(tx, checked)
        before = _facts(rule)
        for name, value in _columns(checked).items():
            setattr(rule, name, value)
        rule.since, rule.next_check_at = at, _first_check(rule, at)
        tx.session.add(rule)
        await flush_unique(tx, alert_rule_name_key=_NAME_TAKEN)
        _audit_change(
            res,
            tx,
            actor,
            "updateAlertRule",
            target_id=rule_id,
            project_id=rule.project_id,
            before=before,
            after=_facts(rule),
        )
    return rule


async def delete_alert_rule(res: Resources, actor: Actor, *, rule_id: UUID) -> AlertRule:
    """Leave no such rule; hand back what it was. Alerts that it called stay.

    Raises: PermissionDenied, NotFound.
    """
    actor.require_everywhere(Scope.ADMIN)
    async with res.db.transaction() as tx:
        rule = await _lock(tx, rule_id)
        await tx.session.delete(rule)
        _audit(res, tx, actor, "deleteAlertRule", target_id=rule_id, project_id=rule.project_id, before=_facts(rule))
    return rule


async def _lock(tx: Transaction, rule_id: UUID) -> AlertRule:
    rule = (await tx.session.exec(select(AlertRule).where(AlertRule.id == rule_id).with_for_update())).first()
    if rule is None:
        raise NotFound("No such AlertRule.")
    return rule


def _check(trigger: AlertTrigger, settings: AlertRuleSettings) -> AlertRuleSettings:
    """The settings as they are stored, where they are all that a rule has, and its template is one.

    Raises: InvalidInput.
    """
    checked = check_settings(trigger, settings)
    if checked["template"] is not None:
        check_template_of("template", checked["template"])
    return checked


async def _check_known(tx: Transaction, checked: AlertRuleSettings) -> None:
    """Return where all that it names is there.

    Raises: InvalidInput.
    """
    policy_id = checked["policy_id"]
    policies = select(EscalationPolicy.id).where(col(EscalationPolicy.id) == policy_id)
    if policy_id is not None and (await tx.session.exec(policies)).first() is None:
        raise InvalidInput("There is no such escalation policy.", ("policyId",))
    await check_targets(tx, checked["recipients"], "recipients")


def _first_check(rule: AlertRule, at: datetime) -> datetime | None:
    return None if rule.trigger in BY_EVENT else at


def _columns(checked: AlertRuleSettings) -> dict[str, Any]:
    """The settings as the table has them."""
    window = checked["window"]
    return {
        "name": checked["name"],
        "is_enabled": checked["is_enabled"],
        "threshold": checked["threshold"],
        "window_s": None if window is None else round(window.total_seconds()),
        "filter": write_filter(checked["filter"]),
        "policy_id": checked["policy_id"],
        "recipients": write_targets(list(dict.fromkeys(checked["recipients"]))),
        "channels": list(dict.fromkeys(checked["channels"])),
        "cooldown_s": round(checked["cooldown"].total_seconds()),
        "active_hours": hours_as_json(checked["active_hours"]),
        "template": checked["template"],
    }


def _facts(rule: AlertRule) -> dict[str, Any]:
    return {
        "name": rule.name,
        "isEnabled": rule.is_enabled,
        "trigger": rule.trigger,
        "threshold": rule.threshold,
        "windowSeconds": rule.window_s,
        "filter": rule.filter,
        "policyId": rule.policy_id and str(rule.policy_id),
        "recipients": rule.recipients,
        "channels": rule.channels,
        "cooldownSeconds": rule.cooldown_s,
        "activeHours": rule.active_hours,
        "template": rule.template,
    }
