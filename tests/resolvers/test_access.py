import asyncio
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from sqlmodel import select

from core.clock import ManualClock
from domain.access import ANONYMOUS, CREDENTIAL_KEPT_S, ActorKind, Role, Scope
from domain.errors import Unavailable
from models import ApiToken, Developer, IngestKey
from resolvers import access_cache
from resolvers.access import authenticate
from resolvers.access_key import revoke_ingest_key
from resolvers.access_token import revoke_api_token
from resolvers.resources import Resources, open_resources
from tests.support.actors import acting
from tests.support.clock import START
from tests.support.db import make_settings
from tests.support.factories.access import make_api_token, make_key
from tests.support.factories.developer import make_developer, make_team
from tests.support.factories.project import make_project

KEPT = timedelta(seconds=CREDENTIAL_KEPT_S)


@pytest.mark.parametrize("credential", [None, ""])
async def test_without_a_credential_the_caller_is_anonymous(res: Resources, credential):
    assert await authenticate(res, credential) is ANONYMOUS


@pytest.mark.parametrize(
    ("credential", "reason"),
    [
        ("tcs_" + "x" * 43, "This token is unknown."),
        ("0" * 32, "This ingest key is unknown."),
        ("hunter2", "This is neither an API token nor an ingest key."),
        ("x" * 100_000, "This is neither an API token nor an ingest key."),
        ("tcs_\x00\ud800", "This is neither an API token nor an ingest key."),
    ],
)
async def test_an_unknown_credential_is_refused_with_the_reason(res: Resources, credential, reason):
    actor = await authenticate(res, credential)
    assert (actor.kind, actor.name, actor.scopes) == (ActorKind.ANONYMOUS, reason, frozenset())


@pytest.mark.parametrize("role", list(Role))
async def test_a_token_may_do_what_its_scopes_and_its_owners_role_both_allow(res: Resources, role):
    owner = await make_developer(res, role=role)
    for scopes in ([Scope.READ, Scope.ADMIN], [Scope.INGEST], list(Scope)):
        new = await make_api_token(res, owner, *scopes)
        actor = await authenticate(res, new.secret)
        allowed = {
            Role.VIEWER: {Scope.READ},
            Role.DEVELOPER: {Scope.READ, Scope.TRIAGE, Scope.INGEST},
            Role.ADMIN: set(Scope),
            Role.OWNER: set(Scope),
        }[role]
        assert actor.scopes == set(scopes) & allowed
        assert (actor.kind, actor.id, actor.developer_id, actor.role) == (
            ActorKind.TOKEN, new.token.id, owner.id, role,
        )  # fmt: skip


async def test_a_token_is_good_for_its_own_projects_among_those_of_its_owners_teams(res: Resources):
    ours, also_ours, theirs = [await make_project(res) for _ in range(3)]
    ann = await make_developer(res)
    await make_team(res, members=(ann,), projects=(ours,))
    await make_team(res, members=(ann,), projects=(ours, also_ours))
    await make_team(res, projects=(theirs,))
    everything = await make_api_token(res, ann)
    confined = await make_api_token(res, ann, project_ids=[ours.id, theirs.id])
    assert (await authenticate(res, everything.secret)).project_ids == {ours.id, also_ours.id}
    assert (await authenticate(res, confined.secret)).project_ids == {ours.id}


@pytest.mark.parametrize("role", [Role.ADMIN, Role.OWNER])
async def test_a_token_of_one_who_sees_all_is_confined_by_its_own_projects_alone(res: Resources, role):
    project = await make_project(res)
    owner = await make_developer(res, role=role)
    everything, confined = await make_api_token(res, owner), await make_api_token(res, owner, project_ids=[project.id])
    assert (await authenticate(res, everything.secret)).project_ids is None
    assert (await authenticate(res, confined.secret)).project_ids == {project.id}


async def test_an_ingest_key_is_good_for_logging_to_one_project(res: Resources):
    project = await make_project(res)
    key = await make_key(res, project)
    actor = await authenticate(res, key.public_key)
    assert (actor.kind, actor.id, actor.scopes) == (ActorKind.INGEST_KEY, key.id, {Scope.INGEST})
    assert (actor.project_ids, actor.developer_id, actor.role) == ({project.id}, None, None)


async def test_a_token_stops_the_moment_it_expires_even_while_it_is_kept(res: Resources, clock: ManualClock):
    new = await make_api_token(res, await make_developer(res), expires_at=START + timedelta(seconds=1))
    assert (await authenticate(res, new.secret)).kind is ActorKind.TOKEN
    await clock.advance(timedelta(seconds=1))
    assert (await authenticate(res, new.secret)).name == "This token has expired."


async def test_what_is_revoked_here_stops_at_once(res: Resources):
    owner = await make_developer(res, role=Role.OWNER)
    new, key = await make_api_token(res, owner), await make_key(res, await make_project(res))
    for credential in (new.secret, key.public_key):
        assert (await authenticate(res, credential)).kind is not ActorKind.ANONYMOUS
    await revoke_api_token(res, acting(owner), token_id=new.token.id)
    await revoke_ingest_key(res, acting(owner), key_id=key.id)
    assert (await authenticate(res, new.secret)).name == "This token was revoked."
    assert (await authenticate(res, key.public_key)).name == "This ingest key was revoked."


@asynccontextmanager
async def another_process(res: Resources, clock: ManualClock):
    settings = make_settings(res.settings.database_url, res.settings.redis_url)
    async with open_resources(settings, clock) as other:
        yield other


async def test_what_is_revoked_elsewhere_stops_when_it_is_no_longer_kept(res: Resources, clock: ManualClock):
    owner = await make_developer(res, role=Role.OWNER)
    new, key = await make_api_token(res, owner), await make_key(res, await make_project(res))
    credentials = (new.secret, key.public_key)
    async with another_process(res, clock) as other:
        known = [await authenticate(other, credential) for credential in credentials]
        await revoke_api_token(res, acting(owner), token_id=new.token.id)
        await revoke_ingest_key(res, acting(owner), key_id=key.id)
        await clock.advance(KEPT - timedelta(milliseconds=1))
        assert [await authenticate(other, credential) for credential in credentials] == known
        await clock.advance(timedelta(milliseconds=1))
        refusals = [(await authenticate(other, credential)).name for credential in credentials]
    assert refusals == ["This token was revoked.", "This ingest key was revoked."]


async def test_a_changed_role_and_team_take_effect_when_the_actor_is_no_longer_kept(res: Resources, clock: ManualClock):
    ann, project = await make_developer(res), await make_project(res)
    new = await make_api_token(res, ann)
    assert (await authenticate(res, new.secret)).project_ids == frozenset()
    await make_team(res, members=(ann,), projects=(project,))
    async with res.db.transaction() as tx:
        (await tx.session.exec(select(Developer))).one().role = Role.VIEWER
    await clock.advance(KEPT)
    actor = await authenticate(res, new.secret)
    assert (actor.project_ids, actor.scopes) == ({project.id}, {Scope.READ})


async def test_a_refusal_is_kept_for_a_second_only(res: Resources, clock: ManualClock):
    project = await make_project(res)
    assert (await authenticate(res, "a" * 32)).kind is ActorKind.ANONYMOUS
    await make_key(res, project, public_key="a" * 32)
    assert (await authenticate(res, "a" * 32)).kind is ActorKind.ANONYMOUS
    await clock.advance(timedelta(seconds=1))
    assert (await authenticate(res, "a" * 32)).kind is ActorKind.INGEST_KEY


async def test_many_at_once_cost_one_question_and_survive_one_that_goes_away(res: Resources):
    new = await make_api_token(res, await make_developer(res))
    callers = [asyncio.create_task(authenticate(res, new.secret)) for _ in range(50)]
    await asyncio.sleep(0)
    callers[0].cancel()
    answers = await asyncio.gather(*callers, return_exceptions=True)
    assert isinstance(answers[0], asyncio.CancelledError)
    assert len({id(answer) for answer in answers[1:]}) == 1
    assert answers[1].id == new.token.id


async def test_no_more_are_kept_than_the_bound(res: Resources, clock: ManualClock, monkeypatch):
    monkeypatch.setattr(access_cache, "_MOST", 2)
    project = await make_project(res)
    keys = [await make_key(res, project) for _ in range(3)]
    first = await authenticate(res, keys[0].public_key)
    for key in keys[1:]:
        await authenticate(res, key.public_key)
    assert len(res.access._verdicts) == 2
    assert await authenticate(res, keys[0].public_key) is not first


async def last_uses(res: Resources) -> list[object]:
    async with res.db.reading() as session:
        tokens = (await session.exec(select(ApiToken.last_used_at))).all()
        return [*tokens, *(await session.exec(select(IngestKey.last_used_at))).all()]


async def test_use_is_noted_once_a_minute(res: Resources, clock: ManualClock):
    new, key = await make_api_token(res, await make_developer(res)), await make_key(res, await make_project(res))
    expected = []
    for seconds in (0, 59, 3, 60):
        await clock.advance(timedelta(seconds=seconds))
        for credential in (new.secret, key.public_key):
            await authenticate(res, credential)
        await res.access.close()
        expected.append(await last_uses(res))
    assert expected == [[START + timedelta(seconds=seconds)] * 2 for seconds in (0, 0, 62, 122)]


async def test_use_that_cannot_be_noted_fails_nobody(res: Resources):
    new = await make_api_token(res, await make_developer(res))
    async with res.db.raw.acquire() as connection:
        await connection.execute("ALTER TABLE api_token ADD CONSTRAINT never CHECK (last_used_at IS NULL)")
    assert (await authenticate(res, new.secret)).kind is ActorKind.TOKEN
    await res.access.close()
    assert await last_uses(res) == [None]


async def test_while_the_database_is_away_only_what_is_kept_is_known(res: Resources, clock: ManualClock):
    key = await make_key(res, await make_project(res))
    async with another_process(res, clock) as other:
        known = await authenticate(other, key.public_key)
        await other.access.close()
        await other.db.raw.close()
        assert await authenticate(other, key.public_key) is known
        await clock.advance(KEPT)
        with pytest.raises(Unavailable):
            await authenticate(other, key.public_key)
