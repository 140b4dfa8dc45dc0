from datetime import timedelta
from uuid import uuid4

import pytest

from domain.access import ANONYMOUS, Role
from domain.errors import Conflict, InvalidInput, NotFound, PermissionDenied, Unauthenticated
from domain.event import Severity
from domain.project import Plan
from models import HourlyCount
from resolvers.access import authenticate
from resolvers.project.listing import (
    environments_by_project_id,
    find_project,
    list_projects,
    projects_by_id,
    services_by_project_id,
)
from resolvers.project.settings import create_project, update_project
from resolvers.resources import Resources
from tests.support.actors import acting
from tests.support.clock import START
from tests.support.factories.access import make_api_token
from tests.support.factories.audit import audit_trail
from tests.support.factories.developer import make_developer
from tests.support.factories.project import make_project


@pytest.fixture
async def admin(res: Resources):
    return acting(await make_developer(res, role=Role.ADMIN))


async def test_a_project_is_made_as_asked_for(res: Resources, admin):
    project = await create_project(
        res, admin, slug="shop", name=" The shop ", plan=Plan.PRO, retention=timedelta(days=7),
        redact_keys=["iban", "iban"], owner_id=admin.id,
    )  # fmt: skip
    assert (project.slug, project.name, project.plan) == ("shop", "The shop", Plan.PRO)
    assert (project.retention_days, project.redact_keys, project.owner_id) == (7, ["iban"], admin.id)
    assert await find_project(res, admin, slug="shop") == project
    (entry,) = await audit_trail(res, project.id)
    assert (entry.action, entry.project_id, entry.after["slug"]) == ("createProject", project.id, "shop")


async def test_a_project_keeps_events_as_long_as_the_server_unless_told_otherwise(res: Resources, admin):
    project = await create_project(res, admin, slug="shop", name="Shop")
    assert (project.retention_days, project.plan, project.owner_id) == (90, Plan.ENTERPRISE, None)
    assert project.number is not None


async def test_only_what_was_given_changes_and_is_recorded(res: Resources, admin):
    project = await make_project(res, name="Shop", owner_id=admin.id)
    changed = await update_project(res, admin, project_id=project.id, retention=timedelta(days=30), owner_id=None)
    assert (changed.name, changed.retention_days, changed.owner_id) == ("Shop", 30, None)
    await update_project(res, admin, project_id=project.id, name="Shop")
    changed = await update_project(res, admin, project_id=project.id, name="Store", plan=Plan.PRO, redact_keys=["iban"])
    assert (changed.name, changed.plan, changed.redact_keys) == ("Store", Plan.PRO, ["iban"])
    first, second = await audit_trail(res, project.id)
    assert first.before == {"retentionDays": 90, "ownerId": str(admin.id)}
    assert second.after == {"name": "Store", "plan": "PRO", "redactKeys": ["iban"]}


async def test_a_slug_belongs_to_one_project(res: Resources, admin):
    await make_project(res, slug="shop")
    with pytest.raises(Conflict):
        await create_project(res, admin, slug="shop", name="Shop")


async def test_what_is_wrong_is_named(res: Resources, admin):
    project = await make_project(res)
    for attempt, path in (
        (create_project(res, admin, slug="Shop", name="Shop"), "slug"),
        (create_project(res, admin, slug="shop", name="Shop", owner_id=uuid4()), "ownerId"),
        (update_project(res, admin, project_id=project.id, retention=timedelta(hours=1)), "retention"),
        (update_project(res, admin, project_id=project.id, redact_keys=["a"]), "redactKeys"),
    ):
        with pytest.raises(InvalidInput) as failure:
            await attempt
        assert failure.value.path == (path,)
    with pytest.raises(NotFound):
        await update_project(res, admin, project_id=uuid4(), name="Shop")


async def test_only_an_admin_sets_projects_and_with_a_confined_token_only_its_own(res: Resources):
    ours, theirs = await make_project(res), await make_project(res)
    ann, root = await make_developer(res), await make_developer(res, role=Role.ADMIN)
    confined = await authenticate(res, (await make_api_token(res, root, project_ids=[ours.id])).secret)
    for attempt, failure in (
        (create_project(res, acting(ann, ours), slug="shop", name="Shop"), PermissionDenied),
        (update_project(res, acting(ann, ours), project_id=ours.id, name="Shop"), PermissionDenied),
        (create_project(res, confined, slug="shop", name="Shop"), PermissionDenied),
        (update_project(res, confined, project_id=theirs.id, name="Shop"), NotFound),
    ):
        with pytest.raises(failure):
            await attempt
    assert (await update_project(res, confined, project_id=ours.id, name="Shop")).name == "Shop"


async def test_people_see_the_projects_of_their_teams(res: Resources, admin):
    ours, theirs = await make_project(res, slug="b"), await make_project(res, slug="a")
    actor = acting(await make_developer(res), ours)
    assert await list_projects(res, actor) == [ours]
    assert await list_projects(res, admin) == [theirs, ours]
    assert await find_project(res, actor, slug="a") is None
    assert await projects_by_id(res, actor, [theirs.id, ours.id, uuid4()]) == [None, ours, None]
    with pytest.raises(Unauthenticated):
        await list_projects(res, ANONYMOUS)


async def test_services_and_environments_are_those_of_the_last_30_days(res: Resources):
    ours, theirs = await make_project(res), await make_project(res)

    def count(project, service, environment, days_ago):
        hour = START - timedelta(days=days_ago)
        return HourlyCount(
            project_id=project.id, hour=hour, service=service, environment=environment, severity=Severity.LOW, event_count=1
        )  # fmt: skip

    async with res.db.transaction() as tx:
        tx.session.add_all(
            [
                count(ours, "web", "production", 0),
                count(ours, "web", "staging", 1),
                count(ours, "api", "production", 30),
                count(ours, "old", "old", 31),
                count(theirs, "secret", "secret", 0),
            ]
        )
    actor = acting(await make_developer(res), ours)
    assert await services_by_project_id(res, actor, [theirs.id, ours.id]) == [[], ["api", "web"]]
    assert await environments_by_project_id(res, actor, [ours.id, theirs.id]) == [["production", "staging"], []]
