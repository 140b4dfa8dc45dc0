import asyncio

import pytest
from sqlmodel import col, select

from core.clock import ManualClock
from domain.access import ActorKind, Role, Scope
from domain.developer import DeveloperFilter
from domain.errors import InvalidInput
from domain.page import page_request
from models import Developer, IngestKey
from resolvers.access import authenticate
from resolvers.developer.listing import list_developers
from resolvers.project.listing import list_projects
from resolvers.resources import Resources, open_resources
from resolvers.setup import Credentials, first_setup
from resolvers.team.listing import list_teams, projects_by_team_id
from tests.support.db import make_settings


async def test_an_empty_database_gets_an_owner_on_call_a_project_and_credentials_that_work(res: Resources):
    made = await first_setup(res)
    owner = await authenticate(res, made.token)
    assert (owner.role, owner.scopes, owner.project_ids) == (Role.OWNER, set(Scope), None)
    internal, first = sorted(await list_projects(res, owner), key=lambda project: project.slug, reverse=True)
    assert (first.slug, internal.slug, first.number) == ("default", "tocsin", made.project_number)
    assert {first.owner_id, internal.owner_id} == {owner.developer_id}
    key = await authenticate(res, made.ingest_key)
    assert (key.kind, key.project_ids) == (ActorKind.INGEST_KEY, {first.id})
    on_call = await list_developers(res, owner, filter=DeveloperFilter(on_call=True), page=page_request())
    assert [(developer.email, developer.name) for developer in on_call.items] == [("owner@localhost", "Owner")]
    (team,) = await list_teams(res, owner)
    assert await projects_by_team_id(res, owner, [team.id]) == [[first]]


async def test_our_own_errors_have_a_project_with_a_key(res: Resources):
    made = await first_setup(res)
    owner = await authenticate(res, made.token)
    internal = next(project for project in await list_projects(res, owner) if project.slug == "tocsin")
    async with res.db.reading() as session:
        keys = (await session.exec(select(IngestKey).where(col(IngestKey.project_id) == internal.id))).all()
    assert len(keys) == 1


async def test_it_is_done_once(res: Resources, clock: ManualClock):
    assert await first_setup(res) is not None
    assert await first_setup(res) is None


async def test_credentials_are_kept_before_they_hold(res: Resources):
    kept: list[Credentials] = []
    assert await first_setup(res, kept.append) == kept[0]
    assert await first_setup(res, kept.append) is None
    assert len(kept) == 1


async def test_credentials_that_cannot_be_kept_leave_nothing(res: Resources):
    def fail(_: Credentials) -> None:
        raise OSError("no room")

    with pytest.raises(OSError, match="no room"):
        await first_setup(res, fail)
    assert await first_setup(res) is not None


async def test_two_processes_that_start_at_once_do_it_once(res: Resources, clock: ManualClock):
    settings = make_settings(res.settings.database_url, res.settings.redis_url)
    async with open_resources(settings, clock) as other:
        results = await asyncio.gather(*(first_setup(each) for each in (res, other, res, other)))
    assert sorted(type(result) for result in results if result) == [Credentials]
    async with res.db.reading() as session:
        assert len((await session.exec(select(Developer))).all()) == 1


async def test_the_settings_name_the_owner_and_the_project(res: Resources, clock: ManualClock):
    settings = make_settings(
        res.settings.database_url, res.settings.redis_url,
        owner_email="ann@example.com", owner_name="Ann", first_project="tocsin",
    )  # fmt: skip
    async with open_resources(settings, clock) as named:
        owner = await authenticate(named, (await first_setup(named)).token)
        people = await list_developers(named, owner, filter=DeveloperFilter(), page=page_request())
        assert [(developer.email, developer.name) for developer in people.items] == [("ann@example.com", "Ann")]
        assert [project.slug for project in await list_projects(named, owner)] == ["tocsin"]


@pytest.mark.parametrize("wrong", [{"first_project": "My Shop"}, {"owner_email": "nobody"}, {"owner_name": ""}])
async def test_settings_that_cannot_be_used_leave_nothing(res: Resources, clock: ManualClock, wrong):
    settings = make_settings(res.settings.database_url, res.settings.redis_url, **wrong)
    async with open_resources(settings, clock) as wrongly_set:
        with pytest.raises(InvalidInput):
            await first_setup(wrongly_set)
    assert await first_setup(res) is not None
