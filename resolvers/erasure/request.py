"""Asking that a person be erased, and seeing how far that has come."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlmodel import col, select

from core.ids import uuid7
from domain.access import Actor, Scope
from domain.erasure import person
from domain.errors import NotFound
from models import Erasure, Project
from resolvers.asked import one_of
from resolvers.audit import record_audit
from resolvers.resources import Resources
from resolvers.sight import in_sight

MOST_SHOWN = 20
_BEFORE_ALL = UUID(int=0)


async def erase_person(
    res: Resources, actor: Actor, *, project_id: UUID, known_as: Mapping[str, str | None]
) -> Erasure:
    """Leave it to the worker to take a person out of a project; asking again does no harm.

    Raises: PermissionDenied, NotFound, InvalidInput.
    """
    actor.require(Scope.ADMIN, project_id)
    who = person(known_as)
    at = res.clock.now()
    async with res.db.transaction() as tx:
        found = await tx.session.exec(select(Project.id).where(Project.id == project_id))
        if found.first() is None:
            raise NotFound("No such project.")
        erasure = Erasure(
            id=uuid7(at),
            project_id=project_id,
            person=dict(who.known_as),
            requested_at=at,
            after_id=_BEFORE_ALL,
            events_read=0,
            events_changed=0,
        )
        tx.session.add(erasure)
        # By what they are known, and not what that is.
        by = sorted(dict(who.known_as))
        record_audit(
            res,
            tx,
            actor,
            "erasePerson",
            target_kind="Project",
            target_id=project_id,
            project_id=project_id,
            after={"knownBy": by},
        )
    return erasure


async def erasures_by_project_id(res: Resources, actor: Actor, ids: Sequence[UUID]) -> list[list[Erasure]]:
    """The latest erasures of each project in sight, newest first.

    Raises: PermissionDenied.
    """
    actor.require(Scope.READ)
    query = (
        select(Erasure)
        .where(one_of(Erasure.project_id, ids), in_sight(actor, col(Erasure.project_id)))
        .order_by(col(Erasure.id).desc())
    )
    async with res.db.reading() as session:
        found = (await session.exec(query)).all()
    return [[row for row in found if row.project_id == id][:MOST_SHOWN] for id in ids]
