"""Who is on call counts wherever it is asked: of a developer, in a list, and in routing."""

from datetime import timedelta

import pytest

from core.clock import ManualClock
from domain.access import Role, system
from domain.developer import DeveloperFilter
from domain.page import page_request
from models import Developer, Project
from resolvers.developer.duty import set_on_call
from resolvers.developer.listing import count_developers, list_developers
from resolvers.developer.loaders import duties_by_developer_id
from resolvers.developer.on_duty import OnDuty
from resolvers.resources import Resources
from resolvers.routing import choose_assignee
from resolvers.schedule.override import create_override
from resolvers.schedule.present import OnCall, on_call_now
from resolvers.schedule.shifts import list_on_call
from tests.support.clock import START
from tests.support.factories.developer import make_developer, make_team
from tests.support.factories.project import make_project
from tests.support.factories.schedule import make_schedule

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


async def duty(res: Resources, developer: Developer) -> OnDuty | None:
    (found,) = await duties_by_developer_id(res, system(), [developer.id])
    return found


async def chosen(res: Resources, project: Project, service: str = "checkout"):
    async with res.db.transaction() as tx:
        return await choose_assignee(res, tx, project_id=project.id, service=service)


@pytest.fixture
async def project(res: Resources) -> Project:
    return await make_project(res)


@pytest.fixture
async def ann(res: Resources, project: Project) -> Developer:
    ann = await make_developer(res, name="ann")
    await make_team(res, members=(ann,), projects=(project,))
    return ann


async def test_all_schedules_are_asked_or_those_that_are_named(res: Resources, ann):
    bob = await make_developer(res)
    first = await make_schedule(res, ann, bob, name="a", services=["pay"])
    second = await make_schedule(res, bob, name="b")
    await create_override(res, system(), schedule_id=second.id, starts_at=START, ends_at=START + HOUR, add_id=ann.id)
    async with res.db.reading() as session:
        by_first = OnCall(first.id, ann.id, START + DAY, ("pay",))
        of_bob, of_ann = OnCall(second.id, bob.id, None), OnCall(second.id, ann.id, START + HOUR)
        assert await on_call_now(session, START) == [by_first, of_bob, of_ann]
        assert await on_call_now(session, START, developer_ids=[ann.id]) == [by_first, of_ann]
        assert await on_call_now(session, START, developer_ids=[bob.id]) == [of_bob]
        assert await on_call_now(session, START, schedule_ids=[first.id]) == [by_first]
        assert await on_call_now(session, START, services=["api"]) == [of_bob, of_ann]
        assert await on_call_now(session, START, services=["pay"]) == [by_first, of_bob, of_ann]


async def test_a_duty_ends_when_the_last_of_all_does(res: Resources, clock: ManualClock, ann):
    bob = await make_developer(res)
    await make_schedule(res, ann, bob)
    assert await duty(res, ann) == OnDuty(START + DAY)
    assert await duty(res, bob) is None
    await set_on_call(res, system(), developer_id=ann.id, on_call=True, until=START + HOUR)
    assert await duty(res, ann) == OnDuty(START + DAY)
    await set_on_call(res, system(), developer_id=ann.id, on_call=True)
    assert await duty(res, ann) == OnDuty(None)
    await set_on_call(res, system(), developer_id=ann.id, on_call=False)
    await clock.advance(DAY)
    assert (await duty(res, ann), await duty(res, bob)) == (None, OnDuty(START + 2 * DAY))


async def test_who_is_on_call_by_a_schedule_is_listed_as_such(res: Resources, ann):
    bob = await make_developer(res, name="bob")
    await make_schedule(res, ann, bob)
    for on_call, name in ((True, "ann"), (False, "bob")):
        filter = DeveloperFilter(on_call=on_call)
        page = await list_developers(res, system(), filter=filter, page=page_request(9, None))
        assert [row.name for row in page.items] == [name]
        assert await count_developers(res, system(), filter=filter) == 1


@pytest.mark.parametrize(
    ("knows", "services", "gets"),
    [
        ((), ["checkout"], True),
        ((), [], False),
        ((), ["other"], False),
        (("checkout",), [], True),
        (("checkout",), ["checkout"], True),
        (("checkout",), ["other"], False),
    ],
)
async def test_a_schedule_counts_for_its_services(res: Resources, project, knows, services, gets):
    developer = await make_developer(res, services=knows)
    await make_team(res, members=(developer,), projects=(project,))
    await make_schedule(res, developer, services=services)
    choice = await chosen(res, project)
    assert choice.developer_id == (developer.id if gets else None)
    if gets:
        assert choice.reason == "knows checkout, on call, 0 of 10 open issues"


async def test_a_schedule_gives_nobody_what_they_may_not_triage(res: Resources, project):
    stranger, viewer = await make_developer(res), await make_developer(res, role=Role.VIEWER)
    await make_team(res, members=(viewer,), projects=(project,))
    await make_schedule(res, stranger, services=["checkout"])
    await make_schedule(res, viewer, services=["checkout"])
    assert (await chosen(res, project)).developer_id is None


async def test_routing_follows_the_hand_off(res: Resources, clock: ManualClock, project, ann):
    bob = await make_developer(res)
    await make_team(res, members=(bob,), projects=(project,))
    await make_schedule(res, ann, bob, services=["checkout"])
    assert (await chosen(res, project)).reason.startswith("knows checkout, on call until 2026-03-03 03:00 UTC")
    await clock.advance(DAY)
    assert (await chosen(res, project)).developer_id == bob.id


async def test_on_call_tells_those_by_hand_and_those_by_schedule(res: Resources, ann):
    bob, cid = await make_developer(res, services=("pay",), on_call=True), await make_developer(res, on_call=True)
    await make_schedule(res, ann, services=["pay"])
    await make_schedule(res, ann, services=["other"])

    async def told(service):
        return {
            (one.developer_id, one.is_override) for one in await list_on_call(res, system(), service=service, at=None)
        }

    assert await told("pay") == {(ann.id, False), (bob.id, True)}
    assert await told(None) == {(ann.id, False), (bob.id, True), (cid.id, True)}
