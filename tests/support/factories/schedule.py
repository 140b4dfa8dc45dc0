from datetime import datetime
from uuid import uuid4

from core.ids import uuid7
from domain.access import system
from domain.schedule.definition import RotationKind
from models import Developer, Schedule, Team
from resolvers.resources import Resources
from resolvers.schedule.rotation import create_rotation


async def make_schedule(
    res: Resources,
    *people: Developer,
    team: Team | None = None,
    kind: RotationKind = RotationKind.DAILY,
    starts_at: datetime | None = None,
    **overrides: object,
) -> Schedule:
    """A schedule in which these people take turns, a day each, from now on."""
    at = res.clock.now()
    values = {
        "id": uuid7(at),
        "name": f"schedule-{uuid4().hex[:8]}",
        "timezone": "UTC",
        "services": [],
        "team_id": team and team.id,
        "created_at": at,
        "recorded_until": at,
        "told_until": at,
    }
    async with res.db.transaction() as tx:
        schedule = Schedule(**{**values, **overrides})
        tx.session.add(schedule)
    if people:
        ids = [person.id for person in people]
        await create_rotation(
            res,
            system(),
            schedule_id=schedule.id,
            name="turns",
            kind=kind,
            starts_at=starts_at or at,
            participant_ids=ids,
        )
    return schedule
