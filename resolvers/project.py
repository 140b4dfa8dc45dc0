"""Projects: what events are logged to."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import col, select

from domain.access import Actor, Scope
from models import Project
from resolvers.resources import Resources
from resolvers.sight import in_sight


async def list_projects(res: Resources, actor: Actor) -> list[Project]:
    """All projects in the actor's sight, by slug.

    Raises: PermissionDenied.
    """
    actor.require(Scope.READ)
    async with res.db.reading() as session:
        query = select(Project).where(in_sight(actor, col(Project.id))).order_by(Project.slug)
        return list((await session.exec(query)).all())


async def find_project(res: Resources, actor: Actor, *, slug: str) -> Project | None:
    """The project of that slug, or none in sight.

    Raises: PermissionDenied.
    """
    actor.require(Scope.READ)
    async with res.db.reading() as session:
        query = select(Project).where(Project.slug == slug, in_sight(actor, col(Project.id)))
        return (await session.exec(query)).first()


async def projects_by_id(res: Resources, actor: Actor, ids: Sequence[UUID]) -> list[Project | None]:
    """The project of each id, none where it is out of sight."""
    actor.require(Scope.READ)
    async with res.db.reading() as session:
        query = select(Project).where(col(Project.id).in_(ids), in_sight(actor, col(Project.id)))
        found = {project.id: project for project in (await session.exec(query)).all()}
    return [found.get(id) for id in ids]
