"""What the door knows of callers and projects while PostgreSQL is away, and what it must not believe."""

from datetime import timedelta

import pytest

from core.clock import ManualClock
from core.settings import Settings
from domain.access import Role, Scope
from domain.errors import Unavailable
from domain.webhook import FieldMapping
from resolvers.access import authenticate
from resolvers.access_key import create_ingest_key, revoke_ingest_key, update_ingest_key
from resolvers.access_signing import create_signing_secret
from resolvers.access_token import create_api_token
from resolvers.registering import renew_register
from resolvers.resources import Resources, open_resources
from tests.support.actors import acting
from tests.support.db import make_settings
from tests.support.factories.developer import make_developer
from tests.support.factories.project import make_project


@pytest.fixture
def without_postgres(redis_url: str) -> Settings:
    return make_settings("postgresql://nobody@127.0.0.1:1/nothing", redis_url)


async def test_a_process_that_never_saw_postgresql_knows_callers_and_projects(
    res: Resources, without_postgres: Settings, clock: ManualClock
):
    project = await make_project(res)
    owner = acting(await make_developer(res, role=Role.OWNER))
    key = await create_ingest_key(res, owner, project_id=project.id, name="a key")
    token = await create_api_token(res, owner, name="a token", scopes=[Scope.INGEST])
    bound = await create_api_token(res, owner, name="a wall", scopes=[Scope.READ], document="{\n  projects\n}")
    await renew_register(res)
    async with open_resources(without_postgres, clock) as other:
        for credential in (key.public_key, token.secret):
            actor = await authenticate(other, credential)
            assert actor == await authenticate(res, credential)
            found = await other.writer.destinations.find(actor, project.slug)
            assert found == await res.writer.destinations.find(actor, project.slug)
        on_the_wall = await authenticate(other, bound.secret)
        assert on_the_wall == await authenticate(res, bound.secret)
        assert (on_the_wall.scopes, on_the_wall.running(on_the_wall.document).scopes) == (set(), {Scope.READ})


async def test_who_is_in_no_register_is_not_let_in(res: Resources, without_postgres: Settings, clock: ManualClock):
    await renew_register(res)
    async with open_resources(without_postgres, clock) as other:
        with pytest.raises(Unavailable):
            await authenticate(other, "0" * 32)


async def test_a_revoked_key_is_out_of_the_register_when_the_call_is_answered(
    res: Resources, without_postgres: Settings, clock: ManualClock
):
    project = await make_project(res)
    owner = acting(await make_developer(res, role=Role.OWNER))
    key = await create_ingest_key(res, owner, project_id=project.id, name="a key")
    await renew_register(res)
    await revoke_ingest_key(res, owner, key_id=key.id)
    async with open_resources(without_postgres, clock) as other:
        with pytest.raises(Unavailable):
            await authenticate(other, key.public_key)


async def test_a_key_that_must_sign_is_out_of_the_register_when_the_call_is_answered(
    res: Resources, without_postgres: Settings, clock: ManualClock
):
    project = await make_project(res)
    owner = acting(await make_developer(res, role=Role.OWNER))
    key = await create_ingest_key(res, owner, project_id=project.id, name="a key")
    await renew_register(res)
    await create_signing_secret(res, owner, key_id=key.id)
    async with open_resources(without_postgres, clock) as other:
        with pytest.raises(Unavailable):
            await authenticate(other, key.public_key)


async def test_a_mapping_and_a_limit_are_known_too(res: Resources, without_postgres: Settings, clock: ManualClock):
    project = await make_project(res)
    owner = acting(await make_developer(res, role=Role.OWNER))
    key = await create_ingest_key(res, owner, project_id=project.id, name="a key", rate_limit_per_minute=7)
    mapping = [FieldMapping(field="message", path="a.b")]
    await update_ingest_key(res, owner, key_id=key.id, mapping=mapping)
    await renew_register(res)
    async with open_resources(without_postgres, clock) as other:
        actor = await authenticate(other, key.public_key)
        assert (list(actor.webhook.mapping), actor.rate_limit_per_minute) == (mapping, 7)


async def test_a_token_that_has_expired_is_not_let_in(res: Resources, without_postgres: Settings, clock: ManualClock):
    owner = acting(await make_developer(res, role=Role.OWNER))
    at = clock.now() + timedelta(hours=1)
    token = await create_api_token(res, owner, name="a token", scopes=[Scope.INGEST], expires_at=at)
    await renew_register(res)
    async with open_resources(without_postgres, clock) as other:
        assert (await authenticate(other, token.secret)).id == token.token.id
        await clock.advance(timedelta(hours=1))
        with pytest.raises(Unavailable):
            await authenticate(other, token.secret)


async def test_a_credential_that_is_new_makes_the_register_stale(res: Resources):
    project = await make_project(res)
    owner = acting(await make_developer(res, role=Role.OWNER))
    await renew_register(res)
    key = await create_ingest_key(res, owner, project_id=project.id, name="a key")
    await authenticate(res, key.public_key)
    assert res.register.is_stale.is_set()
