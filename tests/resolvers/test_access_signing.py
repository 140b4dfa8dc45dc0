from uuid import uuid4

import pytest

from domain.access import ANONYMOUS, Actor, Role, Scope
from domain.errors import Conflict, NotFound, PermissionDenied
from resolvers.access import authenticate
from resolvers.access_key import revoke_ingest_key
from resolvers.access_signing import create_signing_secret, delete_signing_secret
from resolvers.resources import Resources
from tests.support.actors import acting
from tests.support.factories.access import make_key
from tests.support.factories.audit import audit_trail
from tests.support.factories.developer import make_developer
from tests.support.factories.project import make_project


@pytest.fixture
async def admin(res: Resources) -> Actor:
    return acting(await make_developer(res, role=Role.ADMIN))


async def test_a_key_with_a_secret_may_do_nothing_until_a_signature_shows_who_it_is(res: Resources, admin: Actor):
    key = await make_key(res, await make_project(res))
    assert (await authenticate(res, key.public_key)).scopes == {Scope.INGEST}
    new = await create_signing_secret(res, admin, key_id=key.id)
    actor = await authenticate(res, key.public_key)
    assert (actor.scopes, actor.webhook.signing_secret) == (frozenset(), new.secret)
    with pytest.raises(PermissionDenied, match="signing secret"):
        actor.require(Scope.INGEST)
    actor.signed.require(Scope.INGEST, key.project_id)
    with pytest.raises(PermissionDenied, match="READ"):
        actor.signed.require(Scope.READ)
    assert new.secret not in repr(actor) + repr(new) + repr(new.key)
    await delete_signing_secret(res, admin, key_id=key.id)
    assert (await authenticate(res, key.public_key)).scopes == {Scope.INGEST}


async def test_a_new_secret_takes_the_place_of_the_old_one(res: Resources, admin: Actor):
    key = await make_key(res, await make_project(res))
    old = await create_signing_secret(res, admin, key_id=key.id)
    new = await create_signing_secret(res, admin, key_id=key.id)
    assert new.secret.startswith("tws_")
    assert len(new.secret) == 47
    assert (await authenticate(res, key.public_key)).webhook.signing_secret == new.secret != old.secret


async def test_what_was_done_is_in_the_audit_without_the_secret(res: Resources, admin: Actor):
    key = await make_key(res, await make_project(res))
    await create_signing_secret(res, admin, key_id=key.id)
    for _ in range(2):
        await delete_signing_secret(res, admin, key_id=key.id)
    assert [(entry.action, entry.after) for entry in await audit_trail(res, key.id)] == [
        ("createSigningSecret", {"isSigned": True}),
        ("deleteSigningSecret", {"isSigned": False}),
    ]


async def test_only_an_admin_of_the_project_may_and_only_for_a_key_that_is_good(res: Resources, admin: Actor):
    project = await make_project(res)
    key = await make_key(res, project)
    for change in (create_signing_secret, delete_signing_secret):
        for actor in (acting(await make_developer(res), project), ANONYMOUS, await authenticate(res, key.public_key)):
            with pytest.raises(PermissionDenied):
                await change(res, actor, key_id=key.id)
        with pytest.raises(NotFound):
            await change(res, admin, key_id=uuid4())
    await revoke_ingest_key(res, admin, key_id=key.id)
    with pytest.raises(Conflict):
        await create_signing_secret(res, admin, key_id=key.id)
