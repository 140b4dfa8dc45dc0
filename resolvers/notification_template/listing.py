"""Which templates there are."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlmodel import col, or_, select

from domain.access import Actor, Scope
from models import NotificationTemplate
from resolvers.asked import one_of
from resolvers.resources import Resources
from resolvers.sight import in_sight


async def list_notification_templates(res: Resources, actor: Actor) -> list[NotificationTemplate]:
    """All templates of projects in the actor's sight, and those of all projects, oldest first.

    Raises: PermissionDenied.
    """
    actor.require(Scope.READ)
    query = select(NotificationTemplate).where(_in_sight(actor)).order_by(col(NotificationTemplate.id))
    async with res.db.reading() as session:
        return list((await session.exec(query)).all())


async def notification_templates_by_id(
    res: Resources, actor: Actor, ids: Sequence[UUID]
) -> list[NotificationTemplate | None]:
    """The template of each id, none where it is out of sight.

    Raises: PermissionDenied.
    """
    actor.require(Scope.READ)
    query = select(NotificationTemplate).where(one_of(NotificationTemplate.id, ids), _in_sight(actor))
    async with res.db.reading() as session:
        found = {row.id: row for row in (await session.exec(query)).all()}
    return [found.get(key) for key in ids]


def _in_sight(actor: Actor) -> ColumnElement[bool]:
    """The condition that a template is of a project in the actor's sight, or of each project."""
    project_id = col(NotificationTemplate.project_id)
    return or_(project_id.is_(None), in_sight(actor, project_id))
