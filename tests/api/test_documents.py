"""Documents that are named instead of sent, and may be the only ones that are run, by whatever transport."""

import json
from collections.abc import AsyncIterator
from hashlib import sha256
from pathlib import Path

import httpx
import pytest
import pytest_asyncio
from graphql import parse, print_ast

from api.documents import MOST_CHARACTERS, read_documents
from core.settings import ROOT
from schema.admitted import only_logs
from tests.support.clones import Clones
from tests.support.plain_http import plain_http
from tests.support.servers import Servers
from tests.support.serving import Served, served_alone
from tests.support.socket import LOG, admitted

pytestmark = pytest.mark.asyncio(loop_scope="module")
OPERATIONS = ROOT / "frontend-contract" / "operations"
LIST = (OPERATIONS / "ListIssues.graphql").read_text()
SSE = "text/event-stream"
OTHER = "{ viewer { scopes } }"


def hashed(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def apollos(hash: str, version: int = 1) -> dict:
    return {"persistedQuery": {"version": version, "sha256Hash": hash}}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def served(servers: Servers, clones: Clones) -> AsyncIterator[Served]:
    async with served_alone(servers, clones) as made:
        yield made


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def closed(servers: Servers, clones: Clones) -> AsyncIterator[Served]:
    """Where only known documents are run."""
    async with served_alone(servers, clones, documents="known") as made:
        yield made


async def post(
    served: Served, credential: str | None = None, accept: str = "application/json", **named: object
) -> httpx.Response:
    headers = {"Authorization": f"Bearer {credential or served.credentials.token}", "Accept": accept}
    async with plain_http() as client:
        return await client.post(f"{served.url}/graphql", json=named, headers=headers)


async def get(served: Served, headers: dict[str, str] | None = None, **named: object) -> httpx.Response:
    headers = {"Authorization": f"Bearer {served.credentials.token}", **(headers or {})}
    parameters = {name: value if isinstance(value, str) else json.dumps(value) for name, value in named.items()}
    async with plain_http() as client:
        return await client.get(f"{served.url}/graphql", params=parameters, headers=headers)


WAYS = [
    {"documentId": "ListIssues"},
    {"documentId": f"sha256:{hashed(LIST)}"},
    {"documentId": f"sha256:{hashed(LIST).upper()}"},
    {"documentId": f"sha256:{hashed(print_ast(parse(LIST)))}"},
    {"extensions": apollos(hashed(LIST))},
    {"extensions": apollos(hashed(LIST)), "query": LIST},
]


@pytest.mark.parametrize("named", WAYS)
async def test_a_document_is_run_by_any_of_its_names(served: Served, named: dict):
    variables = {"first": 3}
    for answer in (await post(served, **named, variables=variables), await get(served, **named, variables=variables)):
        assert answer.status_code == 200, answer.text
        assert answer.json()["data"]["issues"]["nodes"] == []
    async with admitted(served.ws_url, served.credentials.token) as client:
        payload = {**named, "variables": variables}
        await client.send({"id": "1", "type": "subscribe", "payload": payload})
        assert (await client.next())["payload"]["data"]["issues"]["nodes"] == []
    streamed = await post(served, accept=SSE, **named, variables=variables)
    assert b'event: next\ndata: {"data":{"issues":' in streamed.content


WRONG = [
    ({"documentId": "Nothing"}, "UNKNOWN_DOCUMENT", "There is no document of that id here."),
    ({"extensions": apollos("0" * 64)}, "PERSISTED_QUERY_NOT_FOUND", "PersistedQueryNotFound"),
    ({"extensions": apollos("0" * 64), "query": OTHER}, "BAD_REQUEST", "is not that of the `query`"),
    ({"extensions": apollos("0" * 64, version=2)}, "BAD_REQUEST", "must be an object of `version` 1"),
    ({"extensions": {"persistedQuery": 7}}, "BAD_REQUEST", "must be an object of `version` 1"),
    ({"documentId": "ListIssues", "query": OTHER}, "BAD_REQUEST", "not both"),
]


@pytest.mark.parametrize(("named", "code", "says"), WRONG)
async def test_what_names_no_document_is_refused(served: Served, named: dict, code: str, says: str):
    for answer in (await post(served, **named), await get(served, **named), await post(served, accept=SSE, **named)):
        (error,) = answer.json()["errors"]
        assert (answer.status_code, error["extensions"]["code"]) == (400, code)
        assert says in error["message"]
    async with admitted(served.ws_url, served.credentials.token) as client:
        await client.send({"id": "1", "type": "subscribe", "payload": named})
        told = await client.next()
        assert (told["type"], told["payload"][0]["extensions"]["code"]) == ("error", code)
        await client.subscribe("2", "{ __typename }")
        assert (await client.next())["type"] == "next", "the socket stays open"


async def test_a_document_is_not_longer_than_can_be_remembered(served: Served):
    most = OTHER + "#" * (MOST_CHARACTERS - len(OTHER))
    assert (await post(served, query=most)).json()["data"]["viewer"]
    refused = await post(served, query=most + "#")
    assert (refused.status_code, refused.json()["errors"][0]["extensions"]["code"]) == (400, "BAD_REQUEST")
    assert "more than 300,000 characters" in refused.json()["errors"][0]["message"]


async def test_a_hash_that_comes_with_its_document_is_not_kept(served: Served):
    both = await post(served, query=OTHER, extensions=apollos(hashed(OTHER)))
    assert both.json()["data"]["viewer"]
    again = await post(served, extensions=apollos(hashed(OTHER)))
    assert again.json()["errors"][0]["extensions"]["code"] == "PERSISTED_QUERY_NOT_FOUND"


async def test_only_known_documents_are_run_where_that_is_set(closed: Served):
    for answer in (
        await post(closed, query=OTHER),
        await get(closed, query=OTHER),
        await post(closed, accept=SSE, query="subscription { errorLogged { __typename } }"),
        await post(closed, query="{"),
    ):
        assert (answer.status_code, answer.json()["errors"][0]["extensions"]["code"]) == (400, "UNKNOWN_DOCUMENT")
    async with admitted(closed.ws_url, closed.credentials.token) as client:
        await client.subscribe("1", OTHER)
        assert (await client.next())["payload"][0]["extensions"]["code"] == "UNKNOWN_DOCUMENT"
    assert (await post(closed, documentId="ListIssues")).json()["data"]["issues"]
    assert (await post(closed, query=LIST.replace("\n", "\n  # laid out otherwise\n"))).json()["data"]["issues"]


async def test_whoever_logs_brings_a_document_of_their_own(closed: Served):
    report = {"service": "web", "errorType": "ValueError", "message": "bad total"}
    literal = 'mutation { logError(input: {service: "web", errorType: "E", message: "m"}) { __typename } }'
    key = closed.credentials.ingest_key
    for named in ({"query": LOG, "variables": {"input": report}}, {"query": literal}):
        assert (await post(closed, key, **named)).json()["data"]["logError"]["__typename"] == "LoggedError"
    shown = LOG.replace("... on LoggedError { eventId", "... on LoggedError { eventId issue { title }")
    refused = await post(closed, key, query=shown, variables={"input": report})
    assert refused.json()["errors"][0]["extensions"]["code"] == "UNKNOWN_DOCUMENT"


@pytest.mark.parametrize(
    ("document", "is_so"),
    [
        ("mutation { logErrors(inputs: []) { results { outcome failure { message } } } }", True),
        ("mutation { a: logErrors(inputs: []) { stored } b: logErrors(inputs: []) { stored } }", True),
        ("mutation { logErrors(inputs: []) { results { issue { id } } } }", False),
        (
            "mutation { logErrors(inputs: []) { results { ...a } } } fragment a on LoggedError { x: issue { id } }",
            False,
        ),
        ("mutation { logErrors(inputs: []) { stored } retryTriage { id } }", False),
        ("mutation { ...a } fragment a on Mutation { logErrors(inputs: []) { stored } }", False),
        ("query { logErrors }", False),
        ("query A { a } mutation B { logErrors(inputs: []) { stored } }", False),
    ],
)
async def test_what_only_logs(document: str, is_so: bool):
    assert only_logs(parse(document), None) is is_so


async def test_what_is_asked_for_by_name_can_be_kept_by_its_caller(served: Served):
    first = await get(served, documentId="ListIssues")
    tag = first.headers["etag"]
    assert tag.startswith('W/"')
    assert first.headers["cache-control"] == "private, no-cache"
    assert first.headers["vary"] == "Accept, Authorization, X-Tocsin-Key"
    again = await get(served, {"If-None-Match": f'"x", {tag}'}, documentId="ListIssues")
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    other = await get(served, {"If-None-Match": tag}, documentId="ListProjects")
    assert other.status_code == 200
    refused = await get(served, {"Authorization": "Bearer tcs_unknown"}, documentId="ListIssues")
    assert (refused.headers["cache-control"], "etag" in refused.headers) == ("no-store", False)
    assert (await get(served, query=LIST)).headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    "manifest",
    [
        {"abc": OTHER},
        {
            "format": "apollo-persisted-query-manifest",
            "version": 1,
            "operations": [{"id": "abc", "body": OTHER, "name": "A", "type": "query"}],
        },
    ],
)
async def test_a_manifest_is_read_as_compilers_write_it(tmp_path: Path, manifest: dict):
    path = tmp_path / "manifest.json"
    path.write_text(json.dumps(manifest))
    assert read_documents(path) == {"abc": OTHER}


@pytest.mark.parametrize("manifest", [[], {}, {"a": 7}, {"operations": [{"id": "a"}]}, "text"])
async def test_what_is_no_manifest_is_said(tmp_path: Path, manifest: object):
    path = tmp_path / "manifest.json"
    path.write_text(json.dumps(manifest))
    with pytest.raises(ValueError, match="is no manifest of documents"):
        read_documents(path)
