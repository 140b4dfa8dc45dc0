"""What the people of schedules are called, for those who read of them."""

from collections.abc import Collection
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models import Developer, Schedule
from resolvers.schedule.sight import may_take_part

SOMEBODY = "Somebody"


async def names_in(
    session: AsyncSession, ids: Collection[UUID], people: Collection[UUID]
) -> dict[UUID, dict[UUID, str]]:
    """The names of these people, by schedule, as far as its team sees them; of others there is none."""
    query = (
        select(Schedule.id, Developer.id, Developer.name)
        .join(Developer, may_take_part())
        .where(col(Schedule.id).in_(ids), col(Developer.id).in_(people))
    )
    names: dict[UUID, dict[UUID, str]] = {id: {} for id in ids}
    for schedule_id, id, name in (await session.exec(query)).all():
        names[schedule_id][id] = name
    return names
