from datetime import timedelta
from hashlib import sha256
from uuid import uuid4

import pytest

from core.clock import ManualClock
from domain.access import ANONYMOUS, Role, Scope, system
from domain.errors import Conflict, InvalidInput, NotFound, PermissionDenied, Unauthenticated
from resolvers import access_token
from resolvers.access import authenticate
from resolvers.access_token import api_tokens_by_id, api_tokens_by_owner_id, create_api_token, revoke_api_token
from resolvers.resources import Resources
from tests.support.actors import acting
from tests.support.clock import START
from tests.support.factories.access import make_api_token, make_key
from tests.support.factories.audit import audit_trail
from tests.support.factories.developer import make_developer, make_team
from tests.support.factories.project import make_project

DAY = timedelta(days=1)


async def test_a_developer_makes_a_token_that_works_and_of_which_only_a_digest_is_kept(res: Resources):
    ann, project = await make_developer(res), await make_project(res)
    new = await create_api_token(
        res,
        acting(ann, project),
        name=" ci ",
        scopes=[Scope.TRIAGE, Scope.READ],
        project_ids=[project.id],
        expires_at=START + DAY,
    )
    token = new.token
    assert (token.name, token.owner_id, token.scopes, token.project_ids) == (
        "ci",
        ann.id,
        ["READ", "TRIAGE"],
        [project.id],
    )
    assert (token.prefix, token.digest) == (new.secret[:8], sha256(new.secret.encode()).digest())
    assert (await authenticate(res, new.secret)).id == token.id


async def test_no_secret_is_in_the_audit_trail(res: Resources):
    ann = await make_developer(res)
    new = await create_api_token(res, acting(ann), name="ci", scopes=[Scope.READ])
    await revoke_api_token(res, acting(ann), token_id=new.token.id)
    made, revoked = await audit_trail(res, new.token.id)
    assert made.after == {
        "name": "ci", "ownerId": str(ann.id), "prefix": new.secret[:8], "scopes": ["READ"], "projectIds": None, "expiresAt": None,
        "document": None,
    }  # fmt: skip
    assert (made.action, revoked.action, revoked.before, revoked.after) == (
        "createApiToken",
        "revokeApiToken",
        None,
        None,
    )


@pytest.mark.parametrize(
    ("role", "scopes", "failure"),
    [
        (Role.VIEWER, [Scope.READ], None),
        (Role.VIEWER, [Scope.INGEST], InvalidInput),
        (Role.DEVELOPER, [Scope.ADMIN], InvalidInput),
        (Role.DEVELOPER, [Scope.INGEST], None),
        (Role.ADMIN, [Scope.ADMIN], None),
        (Role.ADMIN, [], InvalidInput),
    ],
)
async def test_a_token_may_do_no_more_than_its_owner(res: Resources, role, scopes, failure):
    actor = acting(await make_developer(res, role=role))
    if failure is None:
        await create_api_token(res, actor, name="ci", scopes=scopes)
    else:
        with pytest.raises(failure):
            await create_api_token(res, actor, name="ci", scopes=scopes)


async def test_a_token_makes_none_that_does_more_than_itself(res: Resources, clock: ManualClock):
    owner, project, other = await make_developer(res, role=Role.OWNER), await make_project(res), await make_project(res)
    parent = await make_api_token(res, owner, Scope.READ, Scope.ADMIN, project_ids=[project.id], expires_at=START + DAY)
    actor = await authenticate(res, parent.secret)
    good = {"name": "child", "scopes": [Scope.READ], "project_ids": [project.id], "expires_at": START + DAY}
    assert (await create_api_token(res, actor, **good)).token.owner_id == owner.id
    for change, failure in (
        ({"scopes": [Scope.TRIAGE]}, PermissionDenied),
        ({"project_ids": None}, PermissionDenied),
        ({"project_ids": [project.id, other.id]}, PermissionDenied),
        ({"expires_at": None}, PermissionDenied),
        ({"expires_at": START + 2 * DAY}, PermissionDenied),
        ({"owner_id": (await make_developer(res)).id}, PermissionDenied),
    ):
        with pytest.raises(failure):
            await create_api_token(res, actor, **{**good, **change})


async def test_one_who_acts_for_nobody_says_whose_token_it_is(res: Resources):
    with pytest.raises(InvalidInput) as failure:
        await create_api_token(res, system(), name="ci", scopes=[Scope.READ])
    assert failure.value.path == ("ownerId",)
    ann = await make_developer(res)
    new = await create_api_token(res, system(), name="ci", scopes=[Scope.READ], owner_id=ann.id)
    assert new.token.owner_id == ann.id


async def test_projects_out_of_sight_cannot_be_named(res: Resources):
    ours, theirs = await make_project(res), await make_project(res)
    ann = await make_developer(res)
    for id in (theirs.id, uuid4()):
        with pytest.raises(InvalidInput) as failure:
            await create_api_token(res, acting(ann, ours), name="ci", scopes=[Scope.READ], project_ids=[ours.id, id])
        assert failure.value.path == ("projectIds",)


async def test_an_admin_makes_tokens_for_those_not_above_and_nobody_else_makes_any_for_others(res: Resources):
    admin, owner, ann, bob = [
        await make_developer(res, role=role) for role in (Role.ADMIN, Role.OWNER, Role.DEVELOPER, Role.DEVELOPER)
    ]
    new = await create_api_token(res, acting(admin), name="ci", scopes=[Scope.READ], owner_id=ann.id)
    assert new.token.owner_id == ann.id
    for actor, owner_id, failure in (
        (acting(admin), owner.id, PermissionDenied),
        (acting(admin), uuid4(), NotFound),
        (acting(bob), ann.id, PermissionDenied),
        (acting(bob), uuid4(), PermissionDenied),
        (ANONYMOUS, None, Unauthenticated),
    ):
        with pytest.raises(failure):
            await create_api_token(res, actor, name="ci", scopes=[Scope.READ], owner_id=owner_id)


async def test_tokens_have_a_bound_that_those_of_no_more_use_do_not_fill(
    res: Resources, clock: ManualClock, monkeypatch
):
    monkeypatch.setattr(access_token, "MOST_TOKENS", 2)
    ann = await make_developer(res)
    await make_api_token(res, ann, revoked_at=START)
    expiring = await create_api_token(res, acting(ann), name="1", scopes=[Scope.READ], expires_at=START + DAY)
    await create_api_token(res, acting(ann), name="2", scopes=[Scope.READ])
    with pytest.raises(Conflict):
        await create_api_token(res, acting(ann), name="3", scopes=[Scope.READ])
    await clock.advance(DAY)
    await create_api_token(res, acting(ann), name="3", scopes=[Scope.READ])
    (listed,) = await api_tokens_by_owner_id(res, acting(ann), [ann.id])
    assert [token.name for token in listed] == ["2", "3"]
    assert expiring.token.id not in {token.id for token in listed}


async def test_revoking_again_changes_nothing(res: Resources, clock: ManualClock):
    ann = await make_developer(res)
    new = await make_api_token(res, ann, Scope.READ)
    first = await revoke_api_token(res, acting(ann), token_id=new.token.id)
    await clock.advance(DAY)
    again = await revoke_api_token(res, acting(ann), token_id=new.token.id)
    assert (first.revoked_at, again.revoked_at) == (START, START)
    assert len(await audit_trail(res, new.token.id)) == 1


async def test_who_may_revoke_a_token(res: Resources):
    admin, owner, ann, bob = [
        await make_developer(res, role=role) for role in (Role.ADMIN, Role.OWNER, Role.DEVELOPER, Role.DEVELOPER)
    ]
    anns, owners = await make_api_token(res, ann), await make_api_token(res, owner)
    weak = await authenticate(res, (await make_api_token(res, ann, Scope.READ)).secret)
    for actor, token, failure in (
        (acting(bob), anns.token, NotFound),
        (weak, anns.token, PermissionDenied),
        (acting(admin), owners.token, PermissionDenied),
        (acting(ann), owners.token, NotFound),
        (ANONYMOUS, anns.token, Unauthenticated),
    ):
        with pytest.raises(failure):
            await revoke_api_token(res, actor, token_id=token.id)
    with pytest.raises(NotFound):
        await revoke_api_token(res, acting(admin), token_id=uuid4())
    await revoke_api_token(res, weak, token_id=weak.id)
    await revoke_api_token(res, acting(ann), token_id=anns.token.id)
    await revoke_api_token(res, acting(owner), token_id=owners.token.id)


async def test_an_ingest_key_and_the_nameless_make_and_see_no_tokens(res: Resources):
    key = await make_key(res, await make_project(res))
    actor = await authenticate(res, key.public_key)
    with pytest.raises(PermissionDenied):
        await create_api_token(res, actor, name="ci", scopes=[Scope.INGEST])
    with pytest.raises(PermissionDenied):
        await api_tokens_by_id(res, actor, [uuid4()])


async def test_a_token_is_seen_by_those_who_see_its_owner_and_share_a_project(res: Resources):
    ours, theirs = await make_project(res), await make_project(res)
    ann, bob, cat = [await make_developer(res) for _ in range(3)]
    await make_team(res, members=(ann, bob), projects=(ours,))
    await make_team(res, members=(ann, cat), projects=(theirs,))
    general = (await make_api_token(res, ann)).token
    here = (await make_api_token(res, ann, project_ids=[ours.id])).token
    there = (await make_api_token(res, ann, project_ids=[theirs.id])).token
    hers = (await make_api_token(res, cat)).token
    ids = [general.id, here.id, there.id, hers.id, uuid4()]
    seen = await api_tokens_by_id(res, acting(bob, ours), ids)
    assert [token and token.id for token in seen] == [general.id, here.id, None, None, None]
    admin = acting(await make_developer(res, role=Role.ADMIN))
    assert [token and token.id for token in await api_tokens_by_id(res, admin, ids)] == [*ids[:4], None]


async def test_tokens_are_listed_for_their_owner_and_for_an_admin_of_everything(res: Resources):
    project = await make_project(res)
    ann, admin = await make_developer(res), await make_developer(res, role=Role.ADMIN)
    mine = (await make_api_token(res, ann)).token
    confined = await authenticate(res, (await make_api_token(res, admin, project_ids=[project.id])).secret)
    for actor, expected in (
        (acting(ann, project), [mine.id]),
        (acting(admin), [mine.id]),
        (acting(await make_developer(res), project), []),
        (confined, []),
    ):
        (listed,) = await api_tokens_by_owner_id(res, actor, [ann.id])
        assert [token.id for token in listed] == expected
