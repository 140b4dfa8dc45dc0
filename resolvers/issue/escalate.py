"""Calling for somebody higher up."""

from uuid import UUID

from sqlmodel import col

from domain.access import Actor, Scope
from domain.wording import REASON, read_words
from models import Alert, Issue
from resolvers.escalation.climb import escalate
from resolvers.escalation.loaders import level_of
from resolvers.issue.hold import hold_issue, leading
from resolvers.resources import Resources


async def escalate_issue(
    res: Resources, actor: Actor, *, issue_id: UUID, reason: str, to_developer_id: UUID | None = None
) -> Issue:
    """Leave the issue's alert, or one opened now, a level higher, and the next in line (or the one named) told.

    Raises: PermissionDenied, NotFound, InvalidInput, Conflict (the issue is not open, or somebody else escalates it
    at this moment), NobodyOnCall.
    """
    actor.require(Scope.TRIAGE)
    words = read_words(reason, "reason", REASON)
    seen_level = await level_of(res, col(Alert.issue_id) == leading(issue_id).scalar_subquery())
    async with hold_issue(res, actor, "escalateIssue", issue_id=issue_id) as held:
        await escalate(held, reason=words, to_developer_id=to_developer_id, seen_level=seen_level)
    return held.issue
