from datetime import timedelta
from typing import Any
from uuid import uuid4

from core.ids import uuid7
from domain.alert import AlertTrigger
from domain.alert_rule.definition import BY_EVENT
from domain.policy import write_targets
from models import AlertRule, Developer, Project, Schedule, Team
from resolvers.resources import Resources
from tests.support.factories.policy import a_step

_HOUR_S = 3600


async def make_alert_rule(
    res: Resources,
    *recipients: Developer | Schedule | Team,
    trigger: AlertTrigger = AlertTrigger.NEW_ISSUE,
    project: Project | None = None,
    window: timedelta | None = None,
    **overrides: Any,
) -> AlertRule:
    """A rule that tells these, of the project or of each; due now where it is looked at again and again."""
    at = res.clock.now()
    values = {
        "id": uuid7(at),
        "project_id": project.id if project else None,
        "name": f"rule-{uuid4().hex[:8]}",
        "is_enabled": True,
        "trigger": trigger,
        "window_s": None if window is None else round(window.total_seconds()),
        "filter": {},
        "recipients": write_targets(a_step(0, *recipients).targets),
        "channels": [],
        "cooldown_s": _HOUR_S,
        "since": at,
        "next_check_at": None if trigger in BY_EVENT else at,
        "created_at": at,
    }
    async with res.db.transaction() as tx:
        rule = AlertRule(**{**values, **overrides})
        tx.session.add(rule)
    return rule
