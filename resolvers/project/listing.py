"""Which projects there are, and what reports to them."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from domain.access import Actor, Scope
from models import HourlyCount, Project
from resolvers.asked import one_of
from resolvers.resources import Resources
from resolvers.sight import in_sight

SEEN_WITHIN = timedelta(days=30)
_MOST_NAMES = 1000


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
        query = select(Project).where(one_of(Project.id, ids), in_sight(actor, col(Project.id)))
        found = {project.id: project for project in (await session.exec(query)).all()}
    return [found.get(key) for key in ids]


async def services_by_project_id(res: Resources, actor: Actor, ids: Sequence[UUID]) -> list[list[str]]:
    """What reported to each project in sight within the last 30 days, sorted, at most 1,000 names in all."""
    return await _names_by_project_id(res, actor, ids, col(HourlyCount.service))


async def environments_by_project_id(res: Resources, actor: Actor, ids: Sequence[UUID]) -> list[list[str]]:
    """The environments from which each project in sight had reports within the last 30 days, as the services."""
    return await _names_by_project_id(res, actor, ids, col(HourlyCount.environment))


async def _names_by_project_id(res: Resources, actor: Actor, ids: Sequence[UUID], name: Any) -> list[list[str]]:
    actor.require(Scope.READ)
    query = (
        select(col(HourlyCount.project_id), name)
        .where(
            one_of(HourlyCount.project_id, ids),
            in_sight(actor, col(HourlyCount.project_id)),
            col(HourlyCount.hour) >= res.clock.now() - SEEN_WITHIN,
        )
        .distinct()
        .order_by(name)
        .limit(_MOST_NAMES)
    )
    found: defaultdict[UUID, list[str]] = defaultdict(list)
    async with res.db.reading() as session:
        for project_id, value in (await session.exec(query)).all():
            found[project_id].append(value)
    return [found[key] for key in ids]
