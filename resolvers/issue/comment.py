"""Writing something down beside an issue."""

from uuid import UUID

from domain.access import Actor, Scope
from domain.issue import ActivityKind
from domain.wording import COMMENT, read_words
from models import Activity
from resolvers.issue.hold import hold_issue
from resolvers.resources import Resources


async def comment_on_issue(res: Resources, actor: Actor, *, issue_id: UUID, body: str) -> Activity:
    """Leave the comment on the issue's timeline.

    Raises: PermissionDenied, NotFound, InvalidInput, Conflict (it is being merged).
    """
    actor.require(Scope.TRIAGE)
    words = read_words(body, "body", COMMENT)
    async with hold_issue(res, actor, "commentOnIssue", issue_id=issue_id) as held:
        return held.change(held.state, ActivityKind.COMMENTED, note=words)
