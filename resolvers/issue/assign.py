"""Giving an issue to somebody, and taking it away."""

from uuid import UUID

from sqlmodel import select

from domain import triage
from domain.access import Actor, Scope
from domain.errors import NobodyOnCall, NotFound
from domain.issue import ActivityKind
from domain.notification import NotificationKind
from domain.routing import Choice
from domain.wording import read_note
from models import Developer, Issue, TeamProject
from resolvers.issue.hold import Hold, hold_issue
from resolvers.issue.triager import get_triager
from resolvers.notification.outbox import notify
from resolvers.resources import Resources
from resolvers.routing import choose_assignee, give_issue, route


async def assign_issue(
    res: Resources,
    actor: Actor,
    *,
    issue_id: UUID,
    developer_id: UUID | None = None,
    team_id: UUID | None = None,
    note: str | None = None,
) -> Issue:
    """Leave the issue the developer's, and tell them; without one, that of whom routing chooses, of the team if given.

    Raises: PermissionDenied, NotFound, InvalidInput (who may not triage it), Conflict (they have it, or, without a
    developer, anybody has), NobodyOnCall.
    """
    actor.require(Scope.TRIAGE)
    words = read_note(note)
    async with hold_issue(res, actor, "assignIssue", issue_id=issue_id) as held:
        await _require_team(held, team_id)
        who = await held.name_of(held.issue.assignee_id)
        triage.refuse_same_assignee(held.state, developer_id=developer_id, team_id=team_id, who=who)
        developer, choice = await _assignee(held, developer_id, team_id)
        reason, team_id = choice.reason, team_id or choice.team_id
        await give_issue(res, held.tx, actor, held.issue, developer, reason=reason, team_id=team_id, note=words)
        why = f"{actor.name} gave the issue to you" if developer_id else f"Routing gave the issue to you ({reason})"
        await _tell(held, developer, f"{why}: {words}" if words else f"{why}.")
    return held.issue


async def unassign_issue(res: Resources, actor: Actor, *, issue_id: UUID, note: str | None = None) -> Issue:
    """Leave the issue nobody's.

    Raises: PermissionDenied, NotFound, InvalidInput, Conflict (it is nobody's).
    """
    actor.require(Scope.TRIAGE)
    words = read_note(note)
    async with hold_issue(res, actor, "unassignIssue", issue_id=issue_id) as held:
        who = await held.name_of(held.issue.assignee_id)
        after = triage.unassign(held.state)
        held.change(after, ActivityKind.UNASSIGNED, note=words, details={"developer": who})
    return held.issue


async def _require_team(held: Hold, team_id: UUID | None) -> None:
    """Return where the team, if one is given, has the project."""
    if team_id is None:
        return
    query = select(TeamProject).where(TeamProject.team_id == team_id, TeamProject.project_id == held.issue.project_id)
    if (await held.tx.session.exec(query)).first() is None:
        raise NotFound("No such Team.")


async def _assignee(held: Hold, developer_id: UUID | None, team_id: UUID | None) -> tuple[Developer, Choice]:
    """Who is to have it, and why."""
    if developer_id is not None:
        named = await get_triager(held, developer_id, "developerId")
        return named, Choice(named.id, f"named by {held.actor.name}")
    issue = held.issue
    if team_id is None:
        choice = await route(held.res, held.tx, (issue, None))
    else:
        choice = await choose_assignee(
            held.res, held.tx, project_id=issue.project_id, service=issue.service, team_id=team_id
        )
    if choice.developer_id is None:
        raise NobodyOnCall(f"{choice.reason[0].upper()}{choice.reason[1:]}. Name a developer.")
    return await held.tx.session.get_one(Developer, choice.developer_id), choice


async def _tell(held: Hold, developer: Developer, reason: str) -> None:
    """Mail the assignee, unless they gave it to themselves."""
    if developer.id == held.actor.developer_id:
        return
    await notify(
        held.res,
        held.tx,
        kind=NotificationKind.ASSIGNMENT,
        issue=held.issue,
        alert=held.alert,
        recipient=developer,
        reason=reason,
        dedup=f"assignment:{held.issue.id}:{held.issue.version}",
    )
