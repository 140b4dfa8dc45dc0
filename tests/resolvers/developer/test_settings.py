import asyncio
from uuid import uuid4

import pytest

from domain.access import Role
from domain.errors import Conflict, InvalidInput, NotFound, PermissionDenied
from resolvers.access import authenticate
from resolvers.developer.loaders import services_by_developer_id
from resolvers.developer.settings import create_developer, update_developer
from resolvers.resources import Resources
from tests.support.actors import acting
from tests.support.factories.access import make_api_token
from tests.support.factories.audit import audit_trail
from tests.support.factories.developer import make_developer
from tests.support.factories.project import make_project


@pytest.fixture
async def owner(res: Resources):
    return acting(await make_developer(res, role=Role.OWNER))


async def services_of(res: Resources, actor, developer) -> list[str]:
    return (await services_by_developer_id(res, actor, [developer.id]))[0]


async def test_a_developer_is_made_as_asked_for(res: Resources, owner):
    boss = await make_developer(res)
    made = await create_developer(
        res, owner, name=" Ann ", email="ann@example.com", role=Role.ADMIN, timezone="Asia/Tokyo",
        services=["web", "api", "web"], manager_id=boss.id, max_load=3,
    )  # fmt: skip
    assert (made.name, made.email, made.role, made.timezone) == ("Ann", "ann@example.com", Role.ADMIN, "Asia/Tokyo")
    assert (made.manager_id, made.max_load, await services_of(res, owner, made)) == (boss.id, 3, ["api", "web"])
    (entry,) = await audit_trail(res, made.id)
    assert (entry.action, entry.actor_id, entry.after["services"]) == ("createDeveloper", owner.id, ["api", "web"])


async def test_a_mail_address_belongs_to_one_developer_whatever_its_case(res: Resources, owner):
    ann = await create_developer(res, owner, name="Ann", email="ann@example.com")
    bob = await create_developer(res, owner, name="Bob", email="bob@example.com")
    with pytest.raises(Conflict):
        await create_developer(res, owner, name="Ann", email="ANN@example.com")
    with pytest.raises(Conflict):
        await update_developer(res, owner, developer_id=bob.id, email="Ann@Example.com")
    assert (await update_developer(res, owner, developer_id=ann.id, email="Ann@example.com")).email == "Ann@example.com"


async def test_only_what_was_given_changes_and_is_recorded(res: Resources, owner):
    boss = await make_developer(res)
    ann = await make_developer(res, name="Ann", services=("api", "web"), manager_id=boss.id)
    changed = await update_developer(res, owner, developer_id=ann.id, services=["web", "jobs"], max_load=1)
    assert (changed.name, changed.max_load, changed.manager_id) == ("Ann", 1, boss.id)
    assert await services_of(res, owner, ann) == ["jobs", "web"]
    changed = await update_developer(res, owner, developer_id=ann.id, manager_id=None, name="Anna")
    assert (changed.name, changed.manager_id) == ("Anna", None)
    first, second = await audit_trail(res, ann.id)
    assert (first.before, first.after) == (
        {"maxLoad": 10, "services": ["api", "web"]},
        {"maxLoad": 1, "services": ["jobs", "web"]},
    )
    assert second.before == {"name": "Ann", "managerId": str(boss.id)}


async def test_a_change_that_changes_nothing_leaves_no_entry(res: Resources, owner):
    ann = await make_developer(res, name="Ann", services=("api",))
    await update_developer(res, owner, developer_id=ann.id, name="Ann", services=["api"])
    await update_developer(res, owner, developer_id=ann.id)
    assert await audit_trail(res, ann.id) == []


@pytest.mark.parametrize("role", [Role.VIEWER, Role.DEVELOPER])
async def test_those_who_are_no_admins_set_nothing(res: Resources, role):
    ann = await make_developer(res, role=role)
    with pytest.raises(PermissionDenied):
        await create_developer(res, acting(ann), name="Eve", email="eve@example.com")
    with pytest.raises(PermissionDenied):
        await update_developer(res, acting(ann), developer_id=ann.id, name="Eve")


async def test_an_admins_token_for_some_projects_sets_nothing_of_the_whole(res: Resources):
    project = await make_project(res)
    admin = await make_developer(res, role=Role.ADMIN)
    actor = await authenticate(res, (await make_api_token(res, admin, project_ids=[project.id])).secret)
    with pytest.raises(PermissionDenied):
        await create_developer(res, actor, name="Eve", email="eve@example.com")
    with pytest.raises(PermissionDenied):
        await update_developer(res, actor, developer_id=admin.id, name="Eve")


async def test_only_an_owner_makes_owners_and_changes_them(res: Resources, owner):
    admin = acting(await make_developer(res, role=Role.ADMIN))
    with pytest.raises(PermissionDenied):
        await create_developer(res, admin, name="Eve", email="eve@example.com", role=Role.OWNER)
    with pytest.raises(PermissionDenied):
        await update_developer(res, admin, developer_id=admin.id, role=Role.OWNER)
    with pytest.raises(PermissionDenied):
        await update_developer(res, admin, developer_id=owner.id, email="mine@example.com")
    assert (await update_developer(res, owner, developer_id=admin.id, role=Role.OWNER)).role is Role.OWNER


async def test_two_owners_who_step_down_at_once_leave_one(res: Resources, owner):
    other = acting(await make_developer(res, role=Role.OWNER))
    results = await asyncio.gather(
        update_developer(res, owner, developer_id=owner.id, role=Role.ADMIN),
        update_developer(res, other, developer_id=other.id, role=Role.ADMIN),
        return_exceptions=True,
    )
    assert sorted(type(result).__name__ for result in results) == ["Conflict", "Developer"]


async def test_two_who_become_each_others_manager_at_once_do_not(res: Resources, owner):
    ann, bob = await make_developer(res), await make_developer(res)
    results = await asyncio.gather(
        update_developer(res, owner, developer_id=ann.id, manager_id=bob.id),
        update_developer(res, owner, developer_id=bob.id, manager_id=ann.id),
        return_exceptions=True,
    )
    assert sorted(type(result).__name__ for result in results) == ["Developer", "InvalidInput"]


async def test_who_is_not_there_cannot_be_changed_nor_be_a_manager(res: Resources, owner):
    ann = await make_developer(res)
    with pytest.raises(NotFound):
        await update_developer(res, owner, developer_id=uuid4(), name="Eve")
    for attempt in (
        update_developer(res, owner, developer_id=ann.id, manager_id=uuid4()),
        create_developer(res, owner, name="Eve", email="eve@example.com", manager_id=uuid4()),
    ):
        with pytest.raises(InvalidInput) as failure:
            await attempt
        assert failure.value.path == ("managerId",)
