"""A project, and somebody in its team who knows checkout and is on call."""

from models import Developer, Project
from resolvers.resources import Resources
from tests.support.factories.developer import make_developer, make_team
from tests.support.factories.project import make_project


async def make_on_call(res: Resources, **overrides: object) -> tuple[Project, Developer]:
    project = await make_project(res)
    return project, await join_on_call(res, project, **overrides)


async def join_on_call(res: Resources, project: Project, **overrides: object) -> Developer:
    """One more of them, in a team of their own."""
    values = {"services": ("checkout",), "on_call": True, **overrides}
    developer = await make_developer(res, **values)
    await make_team(res, members=(developer,), projects=(project,))
    return developer
