"""Calling for somebody higher up."""

from uuid import UUID

from domain.access import Actor, Scope
from domain.wording import REASON, read_words
from models import Issue
from resolvers.escalation import escalate
from resolvers.issue.hold import hold_issue
from resolvers.resources import Resources


async def escalate_issue(
    res: Resources, actor: Actor, *, issue_id: UUID, reason: str, to_developer_id: UUID | None = None
) -> Issue:
    """Leave the issue's alert, or one opened now, a level higher, and the next in line (or the one named) told.

    Raises: PermissionDenied, NotFound, InvalidInput, Conflict (the issue is not open), NobodyOnCall.
    """
    actor.require(Scope.TRIAGE)
    words = read_words(reason, "reason", REASON)
    async with hold_issue(res, actor, "escalateIssue", issue_id=issue_id) as held:
        await escalate(held, reason=words, to_developer_id=to_developer_id)
    return held.issue
