from datetime import timedelta

import pytest

from core.clock import ManualClock
from domain.access import Role, system
from domain.errors import Conflict, InvalidInput, NotFound, PermissionDenied
from domain.time_off import MOST_TIMES_OFF
from models import TimeOff
from resolvers.developer import time_off
from resolvers.developer.time_off import create_time_off, delete_time_off, times_off_by_developer_id, update_time_off
from resolvers.resources import Resources
from resolvers.routing import choose_assignee
from resolvers.schedule.override import create_override
from resolvers.schedule.shifts import ask_span, list_on_call, shifts_in_time_off_by_asked
from tests.support.actors import acting
from tests.support.clock import START
from tests.support.factories.audit import audit_trail
from tests.support.factories.developer import make_developer, make_team
from tests.support.factories.project import make_project
from tests.support.factories.schedule import make_schedule
from tests.support.on_call import join_on_call, make_on_call
from tests.support.rows import all_rows

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SPAN = {"starts_at": START, "ends_at": START + DAY}


async def test_routing_gives_nothing_to_who_is_off(res: Resources, clock: ManualClock):
    project, ann = await make_on_call(res, name="Ann", max_load=10)
    made = await create_time_off(res, acting(ann, project), **SPAN)

    async def chosen():
        async with res.db.transaction() as tx:
            return (await choose_assignee(res, tx, project_id=project.id, service="checkout")).developer_id

    assert await chosen() is None
    bob = await join_on_call(res, project, name="Bob", max_load=1)
    assert await chosen() == bob.id
    assert len(await list_on_call(res, system(), service="checkout", at=None)) == 2
    await update_time_off(res, acting(ann, project), time_off_id=made.id, ends_at=START + HOUR)
    await clock.advance(HOUR)
    assert await chosen() in {ann.id, bob.id}
    assert await times_off_by_developer_id(res, system(), [ann.id]) == [[]]


async def test_shifts_of_who_is_off_are_shown_until_somebody_overrides(res: Resources):
    ann, bob = await make_developer(res, name="Ann"), await make_developer(res, name="Bob")
    schedule = await make_schedule(res, ann, bob)
    await create_time_off(res, system(), developer_id=ann.id, starts_at=START + 12 * HOUR, ends_at=START + 3 * DAY)

    async def shown(until: timedelta = 5 * DAY):
        (found,) = await shifts_in_time_off_by_asked(res, system(), [ask_span(schedule.id, START, START + until)])
        return [(one.developer_id, (one.start - START) / HOUR, (one.end - START) / HOUR) for one in found]

    assert await shown() == [(ann.id, 12, 24), (ann.id, 48, 72)]
    assert await shown(20 * HOUR) == [(ann.id, 12, 20)]
    swap = {"starts_at": START, "ends_at": START + DAY, "add_id": bob.id, "remove_id": ann.id}
    await create_override(res, system(), schedule_id=schedule.id, **swap)
    assert await shown() == [(ann.id, 48, 72)]


async def test_everybody_sets_their_own_and_administrators_all(res: Resources):
    project = await make_project(res)
    ann, bob = await make_developer(res, name="Ann"), await make_developer(res, name="Bob")
    root, viewer = await make_developer(res, role=Role.ADMIN), await make_developer(res, role=Role.VIEWER)
    await make_team(res, members=(ann, bob), projects=(project,))
    hers = await create_time_off(res, acting(ann, project), **SPAN)
    for denied in (
        create_time_off(res, acting(bob, project), developer_id=ann.id, **SPAN),
        update_time_off(res, acting(bob, project), time_off_id=hers.id),
        delete_time_off(res, acting(bob, project), time_off_id=hers.id),
    ):
        with pytest.raises(NotFound):
            await denied
    with pytest.raises(PermissionDenied):
        await create_time_off(res, acting(viewer, project), **SPAN)
    with pytest.raises(InvalidInput, match="name a developer"):
        await create_time_off(res, system(), **SPAN)
    assert [
        [row.id for row in rows] for rows in await times_off_by_developer_id(res, acting(bob, project), [ann.id])
    ] == [[hers.id]]
    await delete_time_off(res, acting(root), time_off_id=hers.id)
    assert await all_rows(res, TimeOff) == []
    assert [entry.action for entry in await audit_trail(res)] == ["createTimeOff", "deleteTimeOff"]


async def test_there_is_an_end_to_how_many(res: Resources, monkeypatch: pytest.MonkeyPatch):
    assert MOST_TIMES_OFF == 100
    monkeypatch.setattr(time_off, "MOST_TIMES_OFF", 2)
    ann = await make_developer(res)
    for _ in range(2):
        await create_time_off(res, system(), developer_id=ann.id, **SPAN)
    with pytest.raises(Conflict, match="at most 2 times off"):
        await create_time_off(res, system(), developer_id=ann.id, **SPAN)
