"""Ignoring an issue for good."""

from uuid import UUID

from domain import triage
from domain.access import Actor, Scope
from domain.issue import ActivityKind
from domain.wording import read_note
from models import Issue
from resolvers.issue.hold import hold_issue
from resolvers.resources import Resources


async def ignore_issue(res: Resources, actor: Actor, *, issue_id: UUID, note: str | None = None) -> Issue:
    """Leave the issue quiet for good, and its alert resolved.

    Raises: PermissionDenied, NotFound, InvalidInput, Conflict (it is ignored, or resolved).
    """
    actor.require(Scope.TRIAGE)
    words = read_note(note)
    async with hold_issue(res, actor, "ignoreIssue", issue_id=issue_id) as held:
        after = triage.ignore(held.state)
        await held.end_alert()
        held.change(after, ActivityKind.IGNORED, note=words)
    return held.issue
