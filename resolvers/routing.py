"""Who gets an issue: routing by what people know, when they are on call and how much they have; and giving it."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func
from sqlmodel import col, or_, select

from core.db import Transaction
from domain.access import Actor, Role
from domain.issue import ActivityKind, IssueStatus
from domain.routing import Candidate, Choice, choose
from models import Developer, DeveloperService, Issue, Project, TeamMember, TeamProject
from resolvers.developer.on_duty import ends_of_duty
from resolvers.resources import Resources
from resolvers.schedule.present import on_call_now
from resolvers.timeline import record_activity

_EVERYWHERE = (Role.OWNER, Role.ADMIN)


async def choose_assignee(
    res: Resources, tx: Transaction, *, project_id: UUID, service: str, team_id: UUID | None = None
) -> Choice:
    """Choose who in the project (or in the team) knows the service, is on call and has room, and explain it.

    Those of them who are on call stay locked until the transaction ends, so that two choices at once, in one project
    or in two, never give away the same last place. Lock the issue before, not after.
    """
    at = res.clock.now()
    ids = await _those_who_know(tx, project_id, service, team_id, await _by_schedule(tx, service, at))
    duties = await ends_of_duty(tx.session, at, developer_ids=ids, service=service)
    await _lock(tx, duties)
    loads = await _loads(tx, ids)
    developers = (await tx.session.exec(select(Developer).where(col(Developer.id).in_(ids)))).all()
    return choose([_candidate(developer, duties, loads) for developer in developers], service=service)


async def fallback_owner(tx: Transaction, *, project_id: UUID) -> Developer | None:
    """Find who answers for the project: its owner, if they may triage there, else the first OWNER, else nobody."""
    owner = (
        select(Developer)
        .join(Project, col(Project.owner_id) == col(Developer.id))
        .where(col(Project.id) == project_id, may_triage(project_id))
    )
    if found := (await tx.session.exec(owner)).first():
        return found
    first = select(Developer).where(col(Developer.role) == Role.OWNER).order_by(col(Developer.id)).limit(1)
    return (await tx.session.exec(first)).first()


async def can_be_assigned(tx: Transaction, *, developer_id: UUID, project_id: UUID) -> bool:
    """Say whether the developer may triage in the project: an OWNER or ADMIN, or a DEVELOPER in one of its teams."""
    query = select(Developer.id).where(col(Developer.id) == developer_id, may_triage(project_id))
    return (await tx.session.exec(query)).first() is not None


async def give_issue(
    res: Resources,
    tx: Transaction,
    actor: Actor,
    issue: Issue,
    developer: Developer,
    *,
    reason: str,
    team_id: UUID | None = None,
    note: str | None = None,
) -> None:
    """Leave the issue the developer's, with the reason, and say so on its timeline; the caller holds its lock.

    It is that team's, or one's that has both the developer and the project.
    """
    at = res.clock.now()
    issue.assignee_id, issue.assignment_reason, issue.assigned_at = developer.id, reason, at
    issue.team_id = team_id or await _shared_team(tx, developer.id, issue.project_id)
    developer.last_assigned_at = at
    tx.session.add(developer)
    details = {"developerId": str(developer.id), "developer": developer.name, "reason": reason}
    record_activity(res, tx, actor, issue, ActivityKind.ASSIGNED, note=note, details=details)


def may_triage(project_id: UUID) -> ColumnElement[bool]:
    """The condition that a developer may act on the issues of the project."""
    in_team = (
        select(TeamMember.developer_id)
        .join(TeamProject, col(TeamProject.team_id) == col(TeamMember.team_id))
        .where(col(TeamProject.project_id) == project_id, col(TeamMember.developer_id) == col(Developer.id))
        .exists()
    )
    return or_(col(Developer.role).in_(_EVERYWHERE), (col(Developer.role) == Role.DEVELOPER) & in_team)


async def _by_schedule(tx: Transaction, service: str, at: datetime) -> set[UUID]:
    """Who is on call by a schedule that names the service, and so counts as knowing it."""
    found = await on_call_now(tx.session, at, service=service)
    return {one.developer_id for one in found if service in one.services}


async def _those_who_know(
    tx: Transaction, project_id: UUID, service: str, team_id: UUID | None, by_schedule: Collection[UUID]
) -> Sequence[UUID]:
    """Who in the project, or in the team, knows the service, of themselves or by a schedule."""
    of_themselves = (
        select(DeveloperService.developer_id)
        .where(col(DeveloperService.service) == service, col(DeveloperService.developer_id) == col(Developer.id))
        .exists()
    )
    knows = or_(of_themselves, col(Developer.id).in_(by_schedule))
    query = select(Developer.id).where(knows, may_triage(project_id))
    if team_id is not None:
        in_team = select(TeamMember.developer_id).where(col(TeamMember.team_id) == team_id)
        query = query.where(col(Developer.id).in_(in_team))
    return (await tx.session.exec(query)).all()


async def _lock(tx: Transaction, ids: Collection[UUID]) -> None:
    """Lock them in the order of their ids, so that two choices cannot wait for each other, and read them anew."""
    query = (
        select(Developer)
        .where(col(Developer.id).in_(ids))
        .order_by(col(Developer.id))
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    await tx.session.exec(query)


async def _loads(tx: Transaction, ids: Sequence[UUID]) -> dict[UUID, int]:
    """How many open issues each of them has, in all projects."""
    query = (
        select(Issue.assignee_id, func.count())
        .where(
            col(Issue.assignee_id).in_(ids),
            col(Issue.status) == IssueStatus.UNRESOLVED,
            col(Issue.merged_into_id).is_(None),
        )
        .group_by(col(Issue.assignee_id))
    )
    return {id: count for id, count in (await tx.session.exec(query)).all() if id is not None}


def _candidate(developer: Developer, duties: dict[UUID, datetime | None], loads: dict[UUID, int]) -> Candidate:
    return Candidate(
        developer_id=developer.id,
        is_on_call=developer.id in duties,
        on_call_until=duties.get(developer.id),
        load=loads.get(developer.id, 0),
        max_load=developer.max_load,
        last_assigned_at=developer.last_assigned_at,
    )


async def _shared_team(tx: Transaction, developer_id: UUID, project_id: UUID) -> UUID | None:
    """The oldest team that has both the developer and the project."""
    query = (
        select(TeamMember.team_id)
        .join(TeamProject, col(TeamProject.team_id) == col(TeamMember.team_id))
        .where(col(TeamMember.developer_id) == developer_id, col(TeamProject.project_id) == project_id)
        .order_by(col(TeamMember.team_id))
        .limit(1)
    )
    return (await tx.session.exec(query)).first()
