"""Doing what somebody answers, as that person."""

from dataclasses import dataclass
from uuid import UUID

from sqlmodel import col, select

from domain.access import SCOPES_BY_ROLE, Actor, ActorKind, Role
from domain.answer import AnswerKind
from domain.errors import Conflict, NotFound
from models import Alert, Developer, Issue, TeamMember, TeamProject
from resolvers.alert import acknowledge_alert
from resolvers.issue.resolve import resolve_issue
from resolvers.resources import Resources

_ALL = (Role.OWNER, Role.ADMIN)
_DONE = {AnswerKind.ACKNOWLEDGE: "You have it now: it rings no more.", AnswerKind.RESOLVE: "It is resolved."}


@dataclass(frozen=True, slots=True)
class Given:
    """What came of an answer: about which issue, and what to say to who gave it."""

    short_id: str
    title: str
    is_done: bool
    message: str


async def give_answer(res: Resources, *, developer_id: UUID, alert_id: UUID, kind: AnswerKind, by: str) -> Given:
    """Leave the alert acknowledged, or its issue resolved, by that developer; where it is too late, say why.

    `by` says which way the answer came, for the timeline.

    Raises: NotFound (no such alert, or the developer may not see it), PermissionDenied.
    """
    actor = await actor_of(res, developer_id)
    issue = await _issue_of(res, alert_id)
    note = f"Answered by {by}."
    try:
        if kind is AnswerKind.ACKNOWLEDGE:
            await acknowledge_alert(res, actor, alert_id=alert_id, note=note)
        else:
            await _resolve(res, actor, alert_id, issue.id, note)
    except Conflict as late:
        return Given(issue.short_id, issue.title, is_done=False, message=late.message)
    return Given(issue.short_id, issue.title, is_done=True, message=_DONE[kind])


async def actor_of(res: Resources, developer_id: UUID) -> Actor:
    """The developer as an actor, with what their role and their teams allow.

    Raises: NotFound.
    """
    async with res.db.reading() as session:
        developer = await session.get(Developer, developer_id)
        if developer is None:
            raise NotFound("No such developer.")
        seen = (
            select(TeamProject.project_id)
            .join(TeamMember, col(TeamMember.team_id) == col(TeamProject.team_id))
            .where(col(TeamMember.developer_id) == developer_id)
        )
        projects = None if developer.role in _ALL else frozenset((await session.exec(seen)).all())
    return Actor(
        ActorKind.DEVELOPER,
        id=developer_id,
        developer_id=developer_id,
        role=developer.role,
        scopes=SCOPES_BY_ROLE[developer.role],
        project_ids=projects,
        name=developer.name,
    )


async def _issue_of(res: Resources, alert_id: UUID) -> Issue:
    query = select(Issue).join(Alert, col(Alert.issue_id) == col(Issue.id)).where(Alert.id == alert_id)
    async with res.db.reading() as session:
        issue = (await session.exec(query)).first()
    if issue is None:
        raise NotFound("No such Alert.")
    return issue


async def _resolve(res: Resources, actor: Actor, alert_id: UUID, issue_id: UUID, note: str) -> None:
    """Resolve the issue, unless this alert of it is over: what came later was not answered."""
    async with res.db.reading() as session:
        is_open = select(Alert.id).where(Alert.id == alert_id, col(Alert.resolved_at).is_(None))
        if (await session.exec(is_open)).first() is None:
            raise Conflict("This alert is over.")
    await resolve_issue(res, actor, issue_id=issue_id, note=note)
