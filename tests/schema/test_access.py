from datetime import timedelta

import pytest

from domain.access import ANONYMOUS, ActorKind, Role
from resolvers.access import authenticate
from resolvers.resources import Resources
from schema.access import ApiToken, IngestKey, SystemActor, actor_of
from schema.context import Context
from schema.developer import Developer
from schema.node import global_id
from tests.support.actors import acting
from tests.support.clock import START
from tests.support.factories.access import make_api_token, make_key
from tests.support.factories.developer import make_developer, make_team
from tests.support.factories.project import make_project
from tests.support.graphql import ask, ask_for_codes

CREATE_TOKEN = """
mutation ($input: CreateApiTokenInput!) {
  createApiToken(input: $input) {
    ... on CreatedApiToken {
      secret apiToken { id name prefix scopes createdAt expiresAt lastUsedAt owner { name } projects { slug } }
    }
    ... on Failure { code path }
  }
}
"""
REVOKE_TOKEN = """
mutation ($id: ID!) {
  revokeApiToken(input: { apiTokenId: $id }) { ... on ApiToken { name } ... on Failure { code } }
}
"""
CREATE_KEY = """
mutation ($input: CreateIngestKeyInput!) {
  createIngestKey(input: $input) { ... on IngestKey { id name publicKey isActive dsn } ... on Failure { code path } }
}
"""
REVOKE_KEY = """
mutation ($id: ID!) {
  revokeIngestKey(input: { ingestKeyId: $id }) { ... on IngestKey { isActive } ... on Failure { code } }
}
"""


async def test_a_token_is_made_shown_once_with_its_secret_and_revoked(res: Resources):
    project, ann = await make_project(res, slug="shop"), await make_developer(res, name="Ann")
    await make_team(res, members=(ann,), projects=(project,))
    actor = acting(ann, project)
    new = {
        "name": "ci", "scopes": ["READ", "TRIAGE"], "projectIds": [global_id("Project", project.id)],
        "expiresAt": (START + timedelta(days=1)).isoformat(),
    }  # fmt: skip
    made = (await ask(res, actor, CREATE_TOKEN, input=new))["createApiToken"]
    id = made["apiToken"].pop("id")
    assert made["apiToken"] == {
        "name": "ci", "prefix": made["secret"][:8], "scopes": ["READ", "TRIAGE"], "createdAt": "2026-03-02T03:00:00Z",
        "expiresAt": "2026-03-03T03:00:00Z", "lastUsedAt": None, "owner": {"name": "Ann"}, "projects": [{"slug": "shop"}],
    }  # fmt: skip
    assert (await authenticate(res, made["secret"])).developer_id == ann.id
    assert await ask(res, actor, REVOKE_TOKEN, id=id) == {"revokeApiToken": {"name": "ci"}}
    assert (await authenticate(res, made["secret"])).kind is ActorKind.ANONYMOUS


async def test_what_a_token_cannot_have_is_said(res: Resources):
    ann = acting(await make_developer(res))
    wrong = await ask(res, ann, CREATE_TOKEN, input={"name": "ci", "scopes": ["ADMIN"]})
    assert wrong["createApiToken"] == {"code": "INVALID_INPUT", "path": ["input", "scopes"]}
    other = global_id("Developer", (await make_developer(res)).id)
    for_other = {"name": "ci", "scopes": ["READ"], "ownerId": other}
    assert await ask_for_codes(res, ann, CREATE_TOKEN, input=for_other) == ["FORBIDDEN"]
    theirs = (await make_api_token(res, await make_developer(res))).token
    gone = await ask(res, ann, REVOKE_TOKEN, id=global_id("ApiToken", theirs.id))
    assert gone["revokeApiToken"] == {"code": "NOT_FOUND"}


async def test_an_ingest_key_is_made_and_revoked(res: Resources):
    project = await make_project(res)
    admin = acting(await make_developer(res, role=Role.ADMIN))
    new = {"projectId": global_id("Project", project.id), "name": "web"}
    made = (await ask(res, admin, CREATE_KEY, input=new))["createIngestKey"]
    assert (made["name"], made["isActive"]) == ("web", True)
    assert made["dsn"] == f"http://{made['publicKey']}@127.0.0.1:8470/{project.number}"
    assert await ask(res, admin, REVOKE_KEY, id=made["id"]) == {"revokeIngestKey": {"isActive": False}}
    developer = acting(await make_developer(res), project)
    assert await ask_for_codes(res, developer, CREATE_KEY, input=new) == ["FORBIDDEN"]
    assert await ask_for_codes(res, ANONYMOUS, REVOKE_KEY, id=made["id"]) == ["UNAUTHENTICATED"]
    empty = await ask(res, admin, CREATE_KEY, input={**new, "name": ""})
    assert empty["createIngestKey"] == {"code": "INVALID_INPUT", "path": ["input", "name"]}


class _Info:
    """As much of an Info as a function outside a document needs."""

    def __init__(self, context: Context) -> None:
        self.context = context


async def test_who_acted_is_shown_as_far_as_the_caller_may_see(res: Resources):
    ours, theirs = await make_project(res), await make_project(res)
    ann, eve = await make_developer(res), await make_developer(res)
    await make_team(res, members=(ann,), projects=(ours,))
    await make_team(res, members=(eve,), projects=(theirs,))
    rows = {
        (ActorKind.DEVELOPER, ann.id): Developer,
        (ActorKind.DEVELOPER, eve.id): type(None),
        (ActorKind.TOKEN, (await make_api_token(res, ann)).token.id): ApiToken,
        (ActorKind.TOKEN, (await make_api_token(res, eve)).token.id): type(None),
        (ActorKind.INGEST_KEY, (await make_key(res, ours)).id): IngestKey,
        (ActorKind.INGEST_KEY, (await make_key(res, theirs)).id): type(None),
        (ActorKind.SYSTEM, None): SystemActor,
        (ActorKind.DEVELOPER, None): type(None),
    }
    info = _Info(Context(res, acting(ann, ours)))
    for (kind, id), expected in rows.items():
        assert type(await actor_of(info, kind, id)) is expected


@pytest.mark.parametrize("scopes", [["READ"], ["READ", "ADMIN"]])
async def test_a_viewer_is_told_what_its_credential_may_do(res: Resources, scopes):
    owner = await make_developer(res, name="Ann", role=Role.OWNER)
    actor = await authenticate(res, (await make_api_token(res, owner, *scopes)).secret)
    data = await ask(res, actor, "{ viewer { scopes unreadNotifications developer { name apiTokens { name } } } }")
    assert data["viewer"] == {
        "scopes": scopes, "unreadNotifications": 0, "developer": {"name": "Ann", "apiTokens": [{"name": "ci"}]},
    }  # fmt: skip


async def test_a_viewer_without_read_is_refused(res: Resources):
    key = await make_key(res, await make_project(res))
    assert await ask_for_codes(res, await authenticate(res, key.public_key), "{ viewer { scopes } }") == ["FORBIDDEN"]
    assert await ask_for_codes(res, await authenticate(res, "0" * 32), "{ viewer { scopes } }") == ["UNAUTHENTICATED"]
