import asyncio
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlmodel import col, select

from core.clock import ManualClock
from domain.access import Role, Scope
from domain.errors import InvalidInput, NotFound, PermissionDenied
from models import Duty
from resolvers.access import authenticate
from resolvers.developer.duty import set_on_call
from resolvers.developer.loaders import duties_by_developer_id
from resolvers.resources import Resources
from tests.support.actors import acting
from tests.support.clock import START
from tests.support.factories.access import make_api_token
from tests.support.factories.audit import audit_trail
from tests.support.factories.developer import make_developer
from tests.support.factories.project import make_project

HOUR = timedelta(hours=1)


async def spans(res: Resources, developer) -> list[tuple]:
    async with res.db.reading() as session:
        query = select(Duty).where(Duty.developer_id == developer.id).order_by(col(Duty.starts_at))
        return [(duty.starts_at, duty.ends_at) for duty in (await session.exec(query)).all()]


async def is_on_call(res: Resources, developer) -> bool:
    return (await duties_by_developer_id(res, acting(developer), [developer.id]))[0] is not None


async def test_duty_goes_on_until_somebody_ends_it(res: Resources, clock: ManualClock):
    ann = await make_developer(res)
    await set_on_call(res, acting(ann), developer_id=ann.id, on_call=True)
    await clock.advance(100 * HOUR)
    assert await is_on_call(res, ann)
    await set_on_call(res, acting(ann), developer_id=ann.id, on_call=False)
    assert not await is_on_call(res, ann)
    assert await spans(res, ann) == [(START, START + 100 * HOUR)]


async def test_duty_with_an_end_ends_by_itself(res: Resources, clock: ManualClock):
    ann = await make_developer(res)
    await set_on_call(res, acting(ann), developer_id=ann.id, on_call=True, until=START + HOUR)
    await clock.advance(HOUR - timedelta(microseconds=1))
    assert await is_on_call(res, ann)
    await clock.advance(timedelta(microseconds=1))
    assert not await is_on_call(res, ann)
    await set_on_call(res, acting(ann), developer_id=ann.id, on_call=True)
    assert await spans(res, ann) == [(START, START + HOUR), (START + HOUR, None)]


async def test_the_end_of_duty_can_be_moved_and_saying_it_twice_changes_nothing(res: Resources):
    ann = await make_developer(res, on_call=True)
    for _ in range(2):
        await set_on_call(res, acting(ann), developer_id=ann.id, on_call=True, until=START + HOUR)
    assert await spans(res, ann) == [(START, START + HOUR)]
    (entry,) = await audit_trail(res, ann.id)
    assert (entry.before, entry.after) == (
        {"onCall": True, "until": None},
        {"onCall": True, "until": (START + HOUR).isoformat()},
    )


async def test_duty_that_ends_as_it_began_leaves_no_span(res: Resources):
    ann = await make_developer(res)
    await set_on_call(res, acting(ann), developer_id=ann.id, on_call=True)
    for _ in range(2):
        await set_on_call(res, acting(ann), developer_id=ann.id, on_call=False)
    assert await spans(res, ann) == []
    assert [entry.after["onCall"] for entry in await audit_trail(res, ann.id)] == [True, False]


async def test_two_who_set_it_at_once_leave_one_span(res: Resources):
    ann = await make_developer(res)
    await asyncio.gather(*(set_on_call(res, acting(ann), developer_id=ann.id, on_call=True) for _ in range(4)))
    assert await spans(res, ann) == [(START, None)]


async def test_an_end_in_the_past_is_refused(res: Resources):
    ann = await make_developer(res)
    with pytest.raises(InvalidInput):
        await set_on_call(res, acting(ann), developer_id=ann.id, on_call=True, until=START)


async def test_people_set_it_for_themselves_and_an_admin_for_everybody(res: Resources):
    ann, bob, viewer = await make_developer(res), await make_developer(res), await make_developer(res, role=Role.VIEWER)
    admin = await make_developer(res, role=Role.ADMIN)
    for actor, target in ((ann, bob), (viewer, viewer), (viewer, ann)):
        with pytest.raises(PermissionDenied):
            await set_on_call(res, acting(actor), developer_id=target.id, on_call=True)
    await set_on_call(res, acting(admin), developer_id=ann.id, on_call=True)
    assert await is_on_call(res, ann)
    with pytest.raises(NotFound):
        await set_on_call(res, acting(admin), developer_id=uuid4(), on_call=True)


async def test_a_token_confined_to_projects_sets_it_for_those_in_its_sight(res: Resources):
    admin, project, ann = await make_developer(res, role=Role.ADMIN), await make_project(res), await make_developer(res)
    confined = await authenticate(res, (await make_api_token(res, admin, project_ids=[project.id])).secret)
    with pytest.raises(NotFound):
        await set_on_call(res, confined, developer_id=ann.id, on_call=True)
    reader = await authenticate(res, (await make_api_token(res, ann, Scope.READ)).secret)
    with pytest.raises(PermissionDenied):
        await set_on_call(res, reader, developer_id=ann.id, on_call=True)
