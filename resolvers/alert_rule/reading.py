"""What is stored of an alert rule, as the domain has it."""

from dataclasses import asdict
from datetime import timedelta
from typing import Any

from domain.alert_rule.definition import RuleFilter, is_active, read_filter
from domain.alert_rule.settings import AlertRuleSettings
from domain.contact import QuietHours
from domain.event import Severity
from domain.notification import Channel
from domain.policy import Target, read_targets
from models import AlertRule
from resolvers.resources import Resources


def filter_of(rule: AlertRule) -> RuleFilter:
    """What it looks at."""
    return read_filter(rule.filter)


def window_of(rule: AlertRule) -> timedelta:
    """Its window; no time at all where its trigger has none."""
    return timedelta(seconds=rule.window_s or 0)


def cooldown_of(rule: AlertRule) -> timedelta:
    """How long it is quiet about what it fired for."""
    return timedelta(seconds=rule.cooldown_s)


def recipients_of(rule: AlertRule) -> tuple[Target, ...]:
    """Whom it tells besides."""
    return read_targets(rule.recipients)


def hours_of(rule: AlertRule) -> QuietHours | None:
    """When it may fire; always, where none are set."""
    return QuietHours(**rule.active_hours) if rule.active_hours else None


def may_fire(res: Resources, rule: AlertRule, severity: Severity) -> bool:
    """Whether it is enabled, and within its active hours now."""
    return rule.is_enabled and is_active(hours_of(rule), severity, res.clock.now())


def settings_of(rule: AlertRule) -> AlertRuleSettings:
    """All that is set of it."""
    return {
        "name": rule.name,
        "is_enabled": rule.is_enabled,
        "threshold": rule.threshold,
        "window": None if rule.window_s is None else window_of(rule),
        "filter": filter_of(rule),
        "policy_id": rule.policy_id,
        "recipients": [*recipients_of(rule)],
        "channels": [*map(Channel, rule.channels)],
        "cooldown": cooldown_of(rule),
        "active_hours": hours_of(rule),
        "template": rule.template,
    }


def hours_as_json(hours: QuietHours | None) -> dict[str, Any] | None:
    """Active hours as they are stored."""
    return None if hours is None else asdict(hours)
