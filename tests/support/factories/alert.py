from core.ids import uuid7
from domain.alert import AlertStatus, AlertTrigger
from models import Alert, Issue
from resolvers.resources import Resources


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
        "triggered_at": at,
    }
    async with res.db.transaction() as tx:
        alert = Alert(**{**values, **overrides})
        tx.session.add(alert)
    return alert
