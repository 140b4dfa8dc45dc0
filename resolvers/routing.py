"""Who gets an issue: routing by what people know, when they are on call and how much they have; and giving it."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from uuid import UUID

from sqlalchemy import Text, cast, func, tuple_
from sqlmodel import col, select

from core.db import Transaction
from domain.access import Actor, Role
from domain.issue import ActivityKind
from domain.policy import Target, TargetKind
from domain.routing import Choice, choose, choose_of
from models import Developer, Issue, Project, Team, TeamMember, TeamProject
from resolvers.candidates import Line, candidates, may_triage, note_given
from resolvers.ownership import Subject, owned_by
from resolvers.resources import Resources
from resolvers.timeline import record_activity

_SHARED, _TEAMS = "shared team", "teams of the project"


async def choose_assignee(
    res: Resources, tx: Transaction, *, project_id: UUID, service: str, team_id: UUID | None = None
) -> Choice:
    """Choose who in the project (or in the team) knows the service, is on call, not off, and has room; explain it.

    Those of them who are on call stay locked until the transaction ends, so that two choices at once, in one project
    or in two, never give away the same last place. Lock the issue before, not after.
    """
    known = await candidates(tx, res.clock.now(), Line(project_id, service, team_id))
    return choose(list(known.values()), service=service)


async def route(res: Resources, tx: Transaction, subject: Subject) -> Choice:
    """Choose who is on call, not off, and has room: of the owners, else who knows the service, else of the team.

    The owners are those of the first ownership rule that fits; the team is the one that has the project, if exactly
    one has. All who may be chosen stay locked, as `choose_assignee` has it.
    """
    at, (issue, _) = res.clock.now(), subject
    owned, team = await owned_by(tx, subject), await only_team(tx, issue.project_id)
    lines = await lines_of(tx, subject)
    of_line = {line: list((await candidates(tx, at, line, *lines)).values()) for line in lines}
    nobody = ""
    if owned is not None:
        choice = choose_of(of_line[lines[0]], whose=owned.why)
        if choice.developer_id is not None:
            return replace(choice, team_id=owned.team_id)
        nobody = f"{choice.reason}, and "
    choice = choose(of_line[Line(issue.project_id, issue.service)], service=issue.service)
    choice = replace(choice, reason=f"{nobody}{choice.reason}")
    if choice.developer_id is not None or team is None:
        return choice
    of_team = choose_of(of_line[_of_team(subject, team.id)], whose=f"{choice.reason}; {team.name} has the project")
    return choice if of_team.developer_id is None else replace(of_team, team_id=team.id)


async def lines_of(tx: Transaction, subject: Subject) -> tuple[Line, ...]:
    """Which lines are asked for somebody for the issue, one after the other."""
    issue, _ = subject
    owned, team = await owned_by(tx, subject), await only_team(tx, issue.project_id)
    knowing = Line(issue.project_id, issue.service)
    lines = [knowing] if owned is None else [knowing._replace(owners=owned.owners), knowing]
    if team is not None:
        lines.append(_of_team(subject, team.id))
    return tuple(dict.fromkeys(lines))


async def find_lead(res: Resources, tx: Transaction, subject: Subject) -> tuple[Developer, Team] | None:
    """Find who leads the team that owns the issue, or else the one that has the project, and has room; else nobody.

    They need not be on call, but are not off, and may triage the project.
    """
    owned, team = await owned_by(tx, subject), await only_team(tx, subject[0].project_id)
    if owned is not None and owned.team_id is not None:
        team = await tx.session.get(Team, owned.team_id)
    if team is None or team.lead_id is None:
        return None
    # Who is not on call is not locked with the candidates.
    lead = await tx.session.get_one(Developer, team.lead_id, with_for_update={"key_share": True})
    line = Line(subject[0].project_id, subject[0].service, owners=(Target(TargetKind.DEVELOPER, team.lead_id),))
    known = (await candidates(tx, res.clock.now(), line)).get(lead.id)
    return (lead, team) if known is not None and known.has_room else None


async def only_team(tx: Transaction, project_id: UUID) -> Team | None:
    """The team that has the project, if it is exactly one."""
    found = await tx.once((_TEAMS, project_id), lambda: _teams(tx, project_id))
    return found[0] if len(found) == 1 else None


async def _teams(tx: Transaction, project_id: UUID) -> Sequence[Team]:
    """The teams that have the project, two of them at most."""
    query = select(Team).join(TeamProject, col(TeamProject.team_id) == col(Team.id))
    return (await tx.session.exec(query.where(TeamProject.project_id == project_id).limit(2))).all()


def _of_team(subject: Subject, team_id: UUID) -> Line:
    """Whoever is in the team, whatever they know."""
    issue, _ = subject
    return Line(issue.project_id, issue.service, owners=(Target(TargetKind.TEAM, team_id),))


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
    note_given(tx, developer.id, issue.assignee_id, at)
    issue.assignee_id, issue.assignment_reason, issue.assigned_at = developer.id, reason, at
    issue.team_id = team_id or await _shared_team(tx, developer.id, issue.project_id)
    developer.last_assigned_at = at
    tx.session.add(developer)
    details = {"developerId": str(developer.id), "developer": developer.name, "reason": reason}
    record_activity(res, tx, actor, issue, ActivityKind.ASSIGNED, note=note, details=details)


async def warm_shared_teams(tx: Transaction, pairs: Collection[tuple[UUID, UUID]]) -> None:
    """Leave known to the transaction which team each of these developers shares with each of these projects."""
    pair = tuple_(col(TeamMember.developer_id), col(TeamProject.project_id))
    query = (
        select(TeamMember.developer_id, TeamProject.project_id, func.min(cast(col(TeamMember.team_id), Text)))
        .join(TeamProject, col(TeamProject.team_id) == col(TeamMember.team_id))
        .where(pair.in_(pairs))
        .group_by(col(TeamMember.developer_id), col(TeamProject.project_id))
    )
    found = {(one, project): UUID(team) for one, project, team in (await tx.session.exec(query)).all()}
    for developer_id, project_id in pairs:
        tx.memory[_SHARED, developer_id, project_id] = found.get((developer_id, project_id))


async def _shared_team(tx: Transaction, developer_id: UUID, project_id: UUID) -> UUID | None:
    """The oldest team that has both the developer and the project."""
    if (_SHARED, developer_id, project_id) in tx.memory:
        known: UUID | None = tx.memory[_SHARED, developer_id, project_id]
        return known
    query = (
        select(TeamMember.team_id)
        .join(TeamProject, col(TeamProject.team_id) == col(TeamMember.team_id))
        .where(col(TeamMember.developer_id) == developer_id, col(TeamProject.project_id) == project_id)
        .order_by(col(TeamMember.team_id))
        .limit(1)
    )
    return (await tx.session.exec(query)).first()
