from dataclasses import replace
from uuid import UUID

from core.ids import uuid7
from domain.alert import AlertState, AlertStatus, AlertTrigger
from models import Alert, Issue
from resolvers.resources import Resources
from resolvers.ringing import open_alert, put_alert
from resolvers.states import read_state


async def make_alert(res: Resources, issue: Issue, **overrides: object) -> Alert:
    at = res.clock.now()
    values = {
        "id": uuid7(at),
        "project_id": issue.project_id,
        "issue_id": issue.id,
        "status": AlertStatus.TRIGGERED,
        "trigger": AlertTrigger.NEW_ISSUE,
        "severity": issue.severity,
        "message": issue.title,
    }
    async with res.db.transaction() as tx:
        return open_alert(tx, at, **{**values, **overrides})


async def set_alert(res: Resources, alert_id: UUID, status: AlertStatus) -> None:
    async with res.db.transaction() as tx:
        alert = await tx.session.get_one(Alert, alert_id)
        put_alert(tx, res.clock.now(), alert, replace(read_state(alert, AlertState), status=status))
