from datetime import timedelta

from core.ids import uuid7
from models import Issue, Surge
from resolvers.resources import Resources


async def make_surge(res: Resources, issue: Issue, *, of_service: bool = False, **overrides) -> Surge:
    """A surge of the issue, or of its service, that began five minutes ago and lasts."""
    at = res.clock.now()
    surge = Surge(
        **{
            "id": uuid7(at),
            "project_id": issue.project_id,
            "service": issue.service,
            "issue_id": None if of_service else issue.id,
            "began_at": at - timedelta(minutes=5),
            "last_seen_at": at,
            "expected": 4.0,
            "actual": 24,
            "score": 10.0,
            "window_s": 120,
            **overrides,
        }
    )
    async with res.db.transaction() as tx:
        tx.session.add(surge)
    return surge
