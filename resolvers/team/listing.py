"""Which teams there are, and who and what is in them."""

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from sqlmodel import col, select

from domain.access import Actor, Scope
from models import Project, Team, TeamMember, TeamProject
from resolvers.asked import one_of
from resolvers.developer.sight import team_in_sight
from resolvers.resources import Resources
from resolvers.sight import in_sight


async def list_teams(res: Resources, actor: Actor) -> list[Team]:
    """All teams in the actor's sight, by slug.

    Raises: PermissionDenied.
    """
    actor.require(Scope.READ)
    async with res.db.reading() as session:
        query = select(Team).where(team_in_sight(actor)).order_by(Team.slug)
        return list((await session.exec(query)).all())


async def teams_by_id(res: Resources, actor: Actor, ids: Sequence[UUID]) -> list[Team | None]:
    """The team of each id, none where out of sight."""
    actor.require(Scope.READ)
    async with res.db.reading() as session:
        query = select(Team).where(one_of(Team.id, ids), team_in_sight(actor))
        found = {team.id: team for team in (await session.exec(query)).all()}
    return [found.get(key) for key in ids]


async def teams_by_developer_id(res: Resources, actor: Actor, developer_ids: Sequence[UUID]) -> list[list[Team]]:
    """The teams in sight that each developer is in, by slug."""
    actor.require(Scope.READ)
    query = (
        select(TeamMember.developer_id, Team)
        .join(Team, col(Team.id) == col(TeamMember.team_id))
        .where(one_of(TeamMember.developer_id, developer_ids), team_in_sight(actor))
        .order_by(col(Team.slug))
    )
    found: defaultdict[UUID, list[Team]] = defaultdict(list)
    async with res.db.reading() as session:
        for developer_id, team in (await session.exec(query)).all():
            found[developer_id].append(team)
    return [found[key] for key in developer_ids]


async def projects_by_team_id(res: Resources, actor: Actor, team_ids: Sequence[UUID]) -> list[list[Project]]:
    """The projects in sight of each team, by slug."""
    actor.require(Scope.READ)
    query = (
        select(TeamProject.team_id, Project)
        .join(Project, col(Project.id) == col(TeamProject.project_id))
        .where(one_of(TeamProject.team_id, team_ids), in_sight(actor, col(Project.id)))
        .order_by(col(Project.slug))
    )
    found: defaultdict[UUID, list[Project]] = defaultdict(list)
    async with res.db.reading() as session:
        for team_id, project in (await session.exec(query)).all():
            found[team_id].append(project)
    return [found[key] for key in team_ids]
