"""Who is on call, by hand or by a schedule, and until when."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models import Developer, Duty
from resolvers.asked import one_of
from resolvers.developer.duty import holds_at
from resolvers.developer.time_off import is_off
from resolvers.schedule.present import on_call_now


@dataclass(frozen=True, slots=True)
class OnDuty:
    """That somebody is on call, until then; none where no end is set or in sight."""

    until: datetime | None


async def ends_of_duty(
    session: AsyncSession, at: datetime, *, developer_ids: Collection[UUID] | None = None, service: str | None = None
) -> dict[UUID, datetime | None]:
    """Who of them is on call now, and until when: the latest end of all that holds, none where one has no end.

    With a service, only schedules that are for it count.
    """
    query = select(Duty).where(holds_at(at))
    if developer_ids is not None:
        query = query.where(one_of(Duty.developer_id, developer_ids))
    by_hand = [(duty.developer_id, duty.ends_at) for duty in (await session.exec(query)).all()]
    by_schedule = await on_call_now(
        session, at, developer_ids=developer_ids, services=None if service is None else [service]
    )
    return latest([*by_hand, *((one.developer_id, one.until) for one in by_schedule)])


async def away_now(session: AsyncSession, at: datetime, developer_id: UUID) -> str | None:
    """Why the developer is not to be counted on now: `is off`, or `is not on call`; none where they are on call."""
    query = select(Developer.id).where(col(Developer.id) == developer_id, is_off(at))
    if (await session.exec(query)).first() is not None:
        return "is off"
    on_duty = await ends_of_duty(session, at, developer_ids=[developer_id])
    return None if developer_id in on_duty else "is not on call"


async def duties_by_hand(
    session: AsyncSession, at: datetime, developer_ids: Collection[UUID]
) -> list[tuple[UUID, datetime | None]]:
    """Who of them is on call now without a schedule, and until when."""
    query = select(Duty.developer_id, Duty.ends_at).where(holds_at(at), one_of(Duty.developer_id, developer_ids))
    return list((await session.exec(query)).all())


def latest(found: Iterable[tuple[UUID, datetime | None]]) -> dict[UUID, datetime | None]:
    """Of each, the latest end, none where one has no end."""
    until: dict[UUID, datetime | None] = {}
    for developer_id, end in found:
        known = until.get(developer_id, end)
        until[developer_id] = None if known is None or end is None else max(known, end)
    return until
