from uuid import uuid4

import pytest

from domain.access import Role
from domain.errors import Conflict, InvalidInput, NotFound, PermissionDenied
from domain.webhook import FieldMapping
from models.access import read_mapping
from resolvers import access_key
from resolvers.access import authenticate
from resolvers.access_key import (
    create_ingest_key,
    ingest_keys_by_id,
    ingest_keys_by_project_id,
    revoke_ingest_key,
    update_ingest_key,
)
from resolvers.resources import Resources
from tests.support.actors import acting
from tests.support.factories.access import make_api_token, make_key
from tests.support.factories.audit import audit_trail
from tests.support.factories.developer import make_developer
from tests.support.factories.project import make_project


@pytest.fixture
async def admin(res: Resources):
    return acting(await make_developer(res, role=Role.ADMIN))


async def test_a_new_key_lets_programs_log_to_its_project(res: Resources, admin):
    project = await make_project(res)
    key = await create_ingest_key(res, admin, project_id=project.id, name=" web ")
    assert (key.name, key.project_id) == ("web", project.id)
    assert (await authenticate(res, key.public_key)).project_ids == {project.id}
    (entry,) = await audit_trail(res, key.id)
    assert (entry.action, entry.project_id, entry.after) == (
        "createIngestKey", project.id, {"name": "web", "mapping": None, "publicKey": key.public_key, "rateLimitPerMinute": None},
    )  # fmt: skip


async def test_only_an_admin_of_the_project_makes_and_revokes_keys(res: Resources):
    ours, theirs = await make_project(res), await make_project(res)
    key = await make_key(res, theirs)
    developer = acting(await make_developer(res), ours, theirs)
    owner = await make_developer(res, role=Role.OWNER)
    confined = await authenticate(res, (await make_api_token(res, owner, project_ids=[ours.id])).secret)
    for actor, failure in ((developer, PermissionDenied), (confined, NotFound)):
        with pytest.raises(failure):
            await create_ingest_key(res, actor, project_id=theirs.id, name="web")
        with pytest.raises(failure):
            await revoke_ingest_key(res, actor, key_id=key.id)
    assert (await create_ingest_key(res, confined, project_id=ours.id, name="web")).project_id == ours.id


async def test_what_is_not_there_or_has_no_name_is_said(res: Resources, admin):
    project = await make_project(res)
    with pytest.raises(NotFound):
        await create_ingest_key(res, admin, project_id=uuid4(), name="web")
    with pytest.raises(NotFound):
        await revoke_ingest_key(res, admin, key_id=uuid4())
    with pytest.raises(InvalidInput):
        await create_ingest_key(res, admin, project_id=project.id, name="\n")


async def test_keys_have_a_bound_that_revoked_ones_do_not_fill(res: Resources, admin, monkeypatch):
    monkeypatch.setattr(access_key, "MOST_KEYS", 1)
    project = await make_project(res)
    key = await create_ingest_key(res, admin, project_id=project.id, name="1")
    with pytest.raises(Conflict):
        await create_ingest_key(res, admin, project_id=project.id, name="2")
    for _ in range(2):
        await revoke_ingest_key(res, admin, key_id=key.id)
    assert [entry.action for entry in await audit_trail(res, key.id)] == ["createIngestKey", "revokeIngestKey"]
    await create_ingest_key(res, admin, project_id=project.id, name="2")


async def test_keys_are_seen_by_those_who_see_their_project(res: Resources):
    ours, theirs = await make_project(res), await make_project(res)
    old, new, hidden = await make_key(res, ours), await make_key(res, ours), await make_key(res, theirs)
    actor = acting(await make_developer(res), ours)
    assert await ingest_keys_by_id(res, actor, [hidden.id, new.id, uuid4()]) == [None, new, None]
    assert await ingest_keys_by_project_id(res, actor, [theirs.id, ours.id]) == [[], [old, new]]


MAPPING = (FieldMapping("message", "data.title"), FieldMapping("service", constant="imports"))


async def test_name_and_mapping_are_changed_and_what_is_left_out_stays(res: Resources, admin):
    key = await make_key(res, await make_project(res), name="web")
    mapped = await update_ingest_key(res, admin, key_id=key.id, mapping=MAPPING)
    assert (mapped.name, (await authenticate(res, key.public_key)).webhook.mapping) == ("web", MAPPING)
    named = await update_ingest_key(res, admin, key_id=key.id, name=" job ")
    assert (named.name, read_mapping(named.webhook_mapping)) == ("job", MAPPING)
    await update_ingest_key(res, admin, key_id=key.id, name="job")
    await update_ingest_key(res, admin, key_id=key.id, mapping=[])
    assert (await authenticate(res, key.public_key)).webhook.mapping == ()
    assert [list(entry.after) for entry in await audit_trail(res, key.id)] == [["mapping"], ["name"], ["mapping"]]


async def test_a_wrong_name_or_mapping_changes_nothing(res: Resources, admin):
    project = await make_project(res)
    key = await make_key(res, project)
    for wrong in ({"name": ""}, {"mapping": [FieldMapping("nope", "a")]}):
        with pytest.raises(InvalidInput):
            await update_ingest_key(res, admin, key_id=key.id, **wrong)
    with pytest.raises(PermissionDenied):
        await update_ingest_key(res, acting(await make_developer(res), project), key_id=key.id, name="x")
    with pytest.raises(NotFound):
        await update_ingest_key(res, admin, key_id=uuid4(), name="x")
    assert await audit_trail(res, key.id) == []
