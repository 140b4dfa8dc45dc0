from uuid import uuid4

from core.ids import uuid7
from domain.access import Role
from models import Developer, DeveloperService, Duty, Team, TeamMember, TeamProject
from resolvers.resources import Resources


async def make_developer(
    res: Resources, *, services: tuple[str, ...] = (), on_call: bool = False, **overrides: object
) -> Developer:
    at = res.clock.now()
    name = f"dev-{uuid4().hex[:8]}"
    values = {
        "id": uuid7(at),
        "name": name,
        "email": f"{name}@example.com",
        "role": Role.DEVELOPER,
        "timezone": "UTC",
        "max_load": 10,
        "created_at": at,
    }
    async with res.db.transaction() as tx:
        developer = Developer(**{**values, **overrides})
        tx.session.add(developer)
        await tx.session.flush()
        tx.session.add_all([DeveloperService(developer_id=developer.id, service=service) for service in services])
        if on_call:
            tx.session.add(Duty(id=uuid7(at), developer_id=developer.id, starts_at=at))
    return developer


async def make_team(res: Resources, *, members: tuple[Developer, ...] = (), projects: tuple = (), **overrides) -> Team:
    slug = f"team-{uuid4().hex[:8]}"
    async with res.db.transaction() as tx:
        team = Team(**{"id": uuid7(res.clock.now()), "slug": slug, "name": slug, **overrides})
        tx.session.add(team)
        await tx.session.flush()
        tx.session.add_all([TeamMember(team_id=team.id, developer_id=member.id) for member in members])
        tx.session.add_all([TeamProject(team_id=team.id, project_id=project.id) for project in projects])
    return team
