"""A token that is bound to one document runs that, with whatever variables, and nothing else by any way in."""

import json
from collections.abc import AsyncIterator

import httpx
import pytest
import pytest_asyncio

from api.documents import read_documents
from core.settings import ROOT
from tests.support.clones import Clones
from tests.support.plain_http import plain_http
from tests.support.servers import Servers
from tests.support.serving import Served, served_alone
from tests.support.socket import LOG, WATCH, admitted, log

pytestmark = pytest.mark.asyncio(loop_scope="module")
CREATE = """mutation($input: CreateApiTokenInput!) { createApiToken(input: $input) { __typename
  ... on CreatedApiToken { secret apiToken { document scopes } } ... on Failure { code message path } } }"""
ONE = "query Open($first: Int) { issues(first: $first) { totalCount nodes { shortId } } }"
LAID_OUT = (
    "# on the wall\nquery Open($first: Int,) {\n  issues(first: $first) {\n totalCount, nodes { shortId }\n}\n}\n"
)
OTHERS = [
    "query Open($first: Int) { issues(first: $first) { totalCount nodes { shortId title } } }",
    "query Other($first: Int) { issues(first: $first) { totalCount nodes { shortId } } }",
    f"{ONE} query Second {{ viewer {{ scopes }} }}",
    "{ viewer { scopes } }",
    "{ __typename }",
    "{ __schema { types { name } } }",
    'mutation { retryNotification(input: {notificationId: "x"}) { __typename } }',
    "{ streamPosition }",
]
SSE, MULTIPART = "text/event-stream", 'multipart/mixed;subscriptionSpec="1.0"'
REPORT = {"service": "web", "errorType": "ValueError", "message": "bad total"}
REFUSED = "This token is bound to one document, and this is another."


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def served(servers: Servers, clones: Clones) -> AsyncIterator[Served]:
    async with served_alone(servers, clones) as made:
        yield made


async def create(served: Served, by: str | None = None, **input: object) -> dict:
    given = {"name": "wall", "scopes": ["READ"], **input}
    return await served.ask(CREATE, credential=by, input=given)


async def bound(served: Served, document: str = ONE, *scopes: str) -> str:
    answer = await create(served, document=document, scopes=list(scopes) or ["READ"])
    secret: str = answer["data"]["createApiToken"]["secret"]
    return secret


async def send(served: Served, token: str, method: str, path: str, **options: object) -> httpx.Response:
    headers = {"Authorization": f"Bearer {token}", **options.pop("headers", {})}
    async with plain_http() as client:
        return await client.request(method, served.url + path, headers=headers, **options)


async def test_its_document_runs_by_every_transport_with_any_variables(served: Served):
    token = await bound(served)
    for text in (ONE, LAID_OUT):
        for first in (1, 200):
            answer = await served.ask(text, credential=token, first=first)
            assert "errors" not in answer
            assert answer["data"]["issues"]["nodes"] is not None
    by_get = await send(served, token, "GET", "/graphql", params={"query": LAID_OUT, "variables": '{"first": 2}'})
    assert "errors" not in by_get.json()
    for accept in (SSE, MULTIPART):
        told = await send(served, token, "POST", "/graphql", json={"query": ONE}, headers={"Accept": accept})
        assert b'"totalCount":' in told.content
        assert b'"errors"' not in told.content
    async with admitted(served.ws_url, token) as client:
        await client.subscribe(query=LAID_OUT, variables={"first": 3})
        assert "errors" not in (await client.next())["payload"]


@pytest.mark.parametrize("document", OTHERS)
async def test_no_other_document_runs_by_any_transport(served: Served, document: str):
    token = await bound(served)
    named = {"query": document, "operationName": "Open"} if "Second" in document else {"query": document}
    answers = [await send(served, token, "POST", "/graphql", json=named)]
    if not document.startswith("mutation"):
        answers.append(await send(served, token, "GET", "/graphql", params=named))
    for answer in answers:
        assert answer.json()["data"] is None
        assert [(each["message"], each["extensions"]["code"]) for each in answer.json()["errors"]] == [
            (REFUSED, "FORBIDDEN")
        ]
    for accept in (SSE, MULTIPART):
        told = await send(served, token, "POST", "/graphql", json=named, headers={"Accept": accept})
        assert REFUSED.encode() in told.content
    async with admitted(served.ws_url, token) as client:
        await client.send({"id": "1", "type": "subscribe", "payload": named})
        message = await client.next()
        assert (message["type"], message["payload"][0]["extensions"]["code"]) == ("error", "FORBIDDEN")


async def test_nor_does_anything_that_is_no_graphql(served: Served):
    token = await bound(served, ONE, "READ", "TRIAGE", "INGEST", "ADMIN")
    upload = {"project": "default", "release": "1", "url": "~/a.js"}
    for method, path, options in (
        ("GET", "/api/notifications.csv", {}),
        ("POST", "/api/errors", {"json": REPORT}),
        ("POST", "/api/sourcemaps", {"params": upload, "content": b'{"version": 3, "mappings": ""}'}),
        ("POST", "/v1/logs", {"json": {"resourceLogs": []}}),
    ):
        answer = await send(served, token, method, path, **options)
        assert answer.status_code in (401, 403), (path, answer.text)
    logged = await served.ask(LOG, credential=token, input=REPORT)
    assert [each["extensions"]["code"] for each in logged["errors"]] == ["FORBIDDEN"], "nor by the short way"


async def test_a_document_that_is_known_is_run_by_its_id(served: Served):
    token = await bound(served, read_documents(ROOT / "frontend-contract" / "operations")["ListIssues"])
    known = await send(served, token, "POST", "/graphql", json={"documentId": "ListIssues"})
    assert known.json()["data"]["issues"] is not None
    other = await send(served, token, "POST", "/graphql", json={"documentId": "ListProjects"})
    assert other.json()["errors"][0]["extensions"]["code"] == "FORBIDDEN"


async def test_one_that_logs_is_run_with_its_scope(served: Served):
    token = await bound(served, LOG, "INGEST")
    logged = await served.ask(LOG, credential=token, input={**REPORT, "project": "default"})
    assert logged["data"]["logError"]["__typename"] == "LoggedError"


@pytest.mark.parametrize("accept", [SSE, MULTIPART])
async def test_one_that_is_watched_goes_on_while_its_rights_are_looked_at(served: Served, accept: str):
    token = await bound(served, WATCH)
    headers = {"Authorization": f"Bearer {token}", "Accept": accept}
    body = {"query": WATCH}
    async with (
        plain_http() as http,
        http.stream("POST", f"{served.url}/graphql", json=body, headers=headers) as stream,
        admitted(served.ws_url, token) as client,
    ):
        await client.subscribe()
        await client.item()
        chunks = stream.aiter_raw()
        while b"StreamPosition" not in await anext(chunks):
            pass
        contexts = [each for group in served.view.sockets._open.values() for each in group]
        for each in contexts:
            each.become(each._is_for if hasattr(each, "_is_for") else each.context.actor)
        event_id = await log(served, "still watched")
        while (item := await client.item())["__typename"] != "ErrorLogged":
            pass
        assert item["event"]["eventId"] == event_id
        heard = b""
        while event_id.encode() not in heard:
            heard += await anext(chunks)
        assert b'"errors"' not in heard


async def test_it_is_told_and_makes_no_others(served: Served):
    made = (await create(served, document=LAID_OUT))["data"]["createApiToken"]["apiToken"]
    assert made["document"].splitlines()[0] == "query Open($first: Int) {"
    assert made["scopes"] == ["READ"]
    maker = await bound(served, CREATE, "READ", "ADMIN")
    refused = await create(served, by=maker)
    assert [each["extensions"]["code"] for each in refused["errors"]] == ["FORBIDDEN"]
    free = await create(served)
    assert free["data"]["createApiToken"]["apiToken"]["document"] is None


@pytest.mark.parametrize(
    ("document", "says"),
    [
        ("", "cannot be run: Syntax Error"),
        ("{ nothing }", "cannot be run: Cannot query field"),
        ("{ viewer { scopes } } query B { viewer { scopes } }", "cannot be run: "),
        ("query A { viewer { scopes } } query B { viewer { scopes } }", "must have one operation"),
        ("fragment A on Query { __typename }", "cannot be run: "),
        ("{ viewer { scopes } } #" + "x" * 20_000, "more than 20,000 characters"),
        ("{ " + "__typename " * 31 + "}", "selected 31 times"),
        ("{ issues(first: " + "[" * 900 + " }", "cannot be run: "),
    ],
)
async def test_what_could_never_run_is_refused_when_it_is_made(served: Served, document: str, says: str):
    refused = (await create(served, document=document))["data"]["createApiToken"]
    assert (refused["code"], refused["path"]) == ("INVALID_INPUT", ["input", "document"])
    assert says in refused["message"]


async def test_ingest_keys_are_not_concerned(served: Served):
    assert await log(served)
    assert json.loads((await send(served, served.credentials.ingest_key, "POST", "/api/errors", json=REPORT)).content)
