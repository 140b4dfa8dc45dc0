"""Steps on the timeline of an issue, as if they had happened now."""

from core.ids import uuid7
from domain.access import ActorKind
from domain.issue import ActivityKind
from models import Activity, Issue
from resolvers.resources import Resources


async def add_step(res: Resources, issue: Issue, kind: ActivityKind) -> None:
    at = res.clock.now()
    async with res.db.transaction() as tx:
        tx.session.add(
            Activity(
                id=uuid7(at),
                project_id=issue.project_id,
                issue_id=issue.id,
                kind=kind,
                actor_kind=ActorKind.SYSTEM,
                at=at,
            )
        )
