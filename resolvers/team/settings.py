"""Making teams, and changing what is set of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Unpack
from uuid import UUID

from sqlmodel import col, delete, select

from core.db import Transaction
from core.ids import uuid7
from domain.access import Actor, Scope
from domain.errors import InvalidInput, NotFound
from domain.team import TeamSettings, check_settings
from models import Developer, Project, Team, TeamMember, TeamProject
from resolvers.audit import record_audit, record_change
from resolvers.conflicts import flush_unique
from resolvers.resources import Resources

_SLUG_TAKEN = "Another team has this slug."


@dataclass(frozen=True, slots=True)
class _Roster:
    """Who and what is in a team."""

    members: frozenset[UUID] = frozenset()
    projects: frozenset[UUID] = frozenset()


async def create_team(
    res: Resources,
    actor: Actor,
    *,
    slug: str,
    name: str,
    lead_id: UUID | None = None,
    member_ids: Sequence[UUID] = (),
    project_ids: Sequence[UUID] = (),
) -> Team:
    """Leave a new team, with these members and projects.

    Raises: PermissionDenied, InvalidInput, Conflict (the slug is taken).
    """
    actor.require_everywhere(Scope.ADMIN)
    checked = check_settings(
        {"slug": slug, "name": name, "lead_id": lead_id, "member_ids": [*member_ids], "project_ids": [*project_ids]}
    )
    async with res.db.transaction() as tx:
        await _check_known(tx, checked)
        team = Team(id=uuid7(res.clock.now()), slug=checked["slug"], name=checked["name"], lead_id=lead_id)
        tx.session.add(team)
        await flush_unique(tx, team_slug_key=_SLUG_TAKEN)
        roster = await _rewrite(tx, team.id, _Roster(), checked)
        facts = _facts(team, roster)
        record_audit(res, tx, actor, "createTeam", target_kind="Team", target_id=team.id, after=facts)
    return team


async def update_team(res: Resources, actor: Actor, *, team_id: UUID, **settings: Unpack[TeamSettings]) -> Team:
    """Leave the team as the settings say; what is left out stays, and members and projects given are all of them.

    Raises: PermissionDenied, NotFound, InvalidInput, Conflict (the slug is taken).
    """
    actor.require_everywhere(Scope.ADMIN)
    checked = check_settings(settings)
    async with res.db.transaction() as tx:
        team = await _lock(tx, team_id)
        await _check_known(tx, checked)
        roster = await _roster(tx, team_id)
        before = _facts(team, roster)
        for field in ("slug", "name", "lead_id"):
            if field in checked:
                setattr(team, field, checked[field])
        tx.session.add(team)
        await flush_unique(tx, team_slug_key=_SLUG_TAKEN)
        after = _facts(team, await _rewrite(tx, team_id, roster, checked))
        record_change(res, tx, actor, "updateTeam", target_kind="Team", target_id=team_id, before=before, after=after)
    return team


async def _lock(tx: Transaction, team_id: UUID) -> Team:
    query = select(Team).where(Team.id == team_id).with_for_update(key_share=True)
    team = (await tx.session.exec(query)).first()
    if team is None:
        raise NotFound("No such team.")
    return team


async def _check_known(tx: Transaction, checked: TeamSettings) -> None:
    """Return if the lead, the members and the projects are there.

    Raises: InvalidInput.
    """
    members = set(checked.get("member_ids", []))
    people = {one for one in (*members, checked.get("lead_id")) if one}
    found = set((await tx.session.exec(select(Developer.id).where(col(Developer.id).in_(people)))).all())
    if people - found:
        path = "memberIds" if members - found else "leadId"
        raise InvalidInput("There is no such developer.", (path,))
    projects = set(checked.get("project_ids", []))
    there = set((await tx.session.exec(select(Project.id).where(col(Project.id).in_(projects)))).all())
    if projects - there:
        raise InvalidInput("There is no such project.", ("projectIds",))


async def _roster(tx: Transaction, team_id: UUID) -> _Roster:
    members = await tx.session.exec(select(TeamMember.developer_id).where(TeamMember.team_id == team_id))
    projects = await tx.session.exec(select(TeamProject.project_id).where(TeamProject.team_id == team_id))
    return _Roster(frozenset(members.all()), frozenset(projects.all()))


async def _rewrite(tx: Transaction, team_id: UUID, before: _Roster, checked: TeamSettings) -> _Roster:
    """Leave the rows of members and projects as asked for; hand back who and what is in the team now."""
    members = frozenset(checked.get("member_ids", before.members))
    projects = frozenset(checked.get("project_ids", before.projects))
    if gone := before.members - members:
        await tx.session.exec(
            delete(TeamMember).where(col(TeamMember.team_id) == team_id, col(TeamMember.developer_id).in_(gone))
        )
    if gone := before.projects - projects:
        await tx.session.exec(
            delete(TeamProject).where(col(TeamProject.team_id) == team_id, col(TeamProject.project_id).in_(gone))
        )
    new_members, new_projects = sorted(members - before.members), sorted(projects - before.projects)
    tx.session.add_all([TeamMember(team_id=team_id, developer_id=member) for member in new_members])
    tx.session.add_all([TeamProject(team_id=team_id, project_id=project) for project in new_projects])
    return _Roster(members, projects)


def _facts(team: Team, roster: _Roster) -> dict[str, Any]:
    return {
        "slug": team.slug,
        "name": team.name,
        "leadId": team.lead_id and str(team.lead_id),
        "memberIds": sorted(map(str, roster.members)),
        "projectIds": sorted(map(str, roster.projects)),
    }
