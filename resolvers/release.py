"""Releases of a project: those that its events named, and those that somebody registered before any did."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select

from domain.access import Actor, Scope
from domain.bounds import RELEASE
from domain.errors import InvalidInput, NotFound
from models import Project, Release
from resolvers.audit import record_audit
from resolvers.intake.destination import Destination
from resolvers.resources import Resources
from resolvers.sight import in_sight
from resolvers.sourcemap.upload import require_uploader

_MOST_LISTED = 100


@dataclass(frozen=True, slots=True)
class Registered:
    """Since when a release is known, and whether it is new to one of its projects."""

    first_seen_at: datetime
    is_new: bool


async def register_release(
    res: Resources, actor: Actor, destinations: Sequence[Destination], version: str
) -> Registered:
    """Leave the release known to each of the projects.

    From then on it counts as seen: a fix that comes with the next release does not come with this one.

    Raises: PermissionDenied, InvalidInput.
    """
    require_uploader(actor)
    check_version(version)
    ids = sorted({destination.project_id for destination in destinations})
    rows = [{"project_id": id, "version": version, "first_seen_at": res.clock.now()} for id in ids]
    statement = insert(Release).values(rows).on_conflict_do_nothing().returning(col(Release.project_id))
    since = select(func.min(Release.first_seen_at)).where(Release.version == version, col(Release.project_id).in_(ids))
    async with res.db.transaction() as tx:
        new = [row[0] for row in (await tx.session.exec(statement)).all()]
        for id in new:
            target = {"target_kind": "Project", "target_id": id, "project_id": id}
            record_audit(res, tx, actor, "registerRelease", **target, after={"release": version})
        return Registered((await tx.session.exec(since)).one(), bool(new))


async def projects_of_release(res: Resources, actor: Actor, version: str) -> list[str]:
    """The slugs of the projects in sight that know the release; whom it is for is then said by nobody."""
    require_uploader(actor)
    return [slug for _, slug, _ in await _known_to(res, actor, version)]


async def get_release(res: Resources, actor: Actor, version: str) -> tuple[Registered, list[tuple[str, str]]]:
    """Since when the release is known in the projects in sight, and in which, by slug and name.

    Raises: PermissionDenied, NotFound.
    """
    actor.require(Scope.READ)
    found = await _known_to(res, actor, version)
    if not found:
        raise NotFound("There is no such release.")
    return Registered(min(at for at, _, _ in found), is_new=False), [(slug, name) for _, slug, name in found]


async def list_releases(res: Resources, actor: Actor, slug: str) -> list[Release]:
    """The releases of the project that it saw last, the newest first.

    Raises: PermissionDenied, NotFound.
    """
    actor.require(Scope.READ)
    async with res.db.reading() as session:
        of_slug = select(Project.id).where(Project.slug == slug, in_sight(actor, col(Project.id)))
        project_id: UUID | None = (await session.exec(of_slug)).one_or_none()
        if project_id is None:
            raise NotFound("There is no such project.")
        query = select(Release).where(Release.project_id == project_id)
        query = query.order_by(col(Release.first_seen_at).desc(), col(Release.version)).limit(_MOST_LISTED)
        return list((await session.exec(query)).all())


def check_version(version: object) -> None:
    """Return if that may be the name of a release.

    Raises: InvalidInput.
    """
    if not isinstance(version, str) or not 0 < len(version.strip()) <= RELEASE.limit or not version.isprintable():
        raise InvalidInput(f"`version` must have 1 to {RELEASE.limit} characters that can be printed.", ("version",))


async def _known_to(res: Resources, actor: Actor, version: str) -> list[tuple[datetime, str, str]]:
    check_version(version)
    query = (
        select(Release.first_seen_at, Project.slug, Project.name)
        .join(Project, col(Project.id) == col(Release.project_id))
        .where(Release.version == version, in_sight(actor, col(Project.id)))
        .order_by(col(Project.slug))
    )
    async with res.db.reading() as session:
        return [(at, slug, name) for at, slug, name in (await session.exec(query)).all()]
