from core.ids import uuid7
from domain.alert import AlertTrigger
from models import Issue, Triage
from resolvers.resources import Resources


async def make_triage(res: Resources, issue: Issue, **overrides: object) -> Triage:
    at = res.clock.now()
    values = {
        "id": uuid7(at),
        "project_id": issue.project_id,
        "issue_id": issue.id,
        "event_id": uuid7(at),
        "trigger": AlertTrigger.NEW_ISSUE,
        "severity": issue.severity,
        "created_at": at,
    }
    async with res.db.transaction() as tx:
        row = Triage(**{**values, **overrides})
        tx.session.add(row)
    return row
