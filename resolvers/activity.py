"""Steps of timelines, as they are read; `resolvers/timeline.py` writes them."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import col, select

from domain.access import Actor, Scope
from models import Activity
from resolvers.asked import one_of
from resolvers.resources import Resources
from resolvers.sight import in_sight


async def activities_by_id(res: Resources, actor: Actor, ids: Sequence[UUID]) -> list[Activity | None]:
    """The step of each id, none where it is out of sight.

    Raises: PermissionDenied.
    """
    actor.require(Scope.READ)
    query = select(Activity).where(one_of(Activity.id, ids), in_sight(actor, col(Activity.project_id)))
    async with res.db.reading() as session:
        found = {activity.id: activity for activity in (await session.exec(query)).all()}
    return [found.get(key) for key in ids]
