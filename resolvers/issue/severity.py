"""Saying how bad an issue is."""

from uuid import UUID

from domain import triage
from domain.access import Actor, Scope
from domain.event import Severity
from domain.issue import ActivityKind
from domain.wording import read_note
from models import Issue
from resolvers.issue.hold import hold_issue
from resolvers.resources import Resources


async def set_issue_severity(
    res: Resources, actor: Actor, *, issue_id: UUID, severity: Severity, note: str | None = None
) -> Issue:
    """Leave the issue as bad as that, whatever its events say from now on.

    Raises: PermissionDenied, NotFound, InvalidInput, Conflict (it was set to that).
    """
    actor.require(Scope.TRIAGE)
    words = read_note(note)
    async with hold_issue(res, actor, "setIssueSeverity", issue_id=issue_id) as held:
        before = held.state.severity
        after = triage.set_severity(held.state, severity)
        details = {"from": before, "to": severity}
        held.change(after, ActivityKind.SEVERITY_CHANGED, note=words, details=details)
    return held.issue
