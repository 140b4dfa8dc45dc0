"""An answer is of GraphQL's own media type for who names it, with its statuses; for all others it is as ever."""

import json

import httpx
import pytest

from api.negotiation import EVENT_STREAM, MULTIPART, read_accept, refusal_status
from schema.compiled.document import CompiledDocuments
from schema.root import build_schema
from tests.support.plain_http import plain_http
from tests.support.serving import Served

OURS, JSON = "application/graphql-response+json", "application/json"
INPUT = {"service": "checkout", "errorType": "ValueError", "message": "bad total"}
COMPILED = "mutation($input: LogErrorInput!) { logError(input: $input) { __typename ... on Failure { code } } }"
# A directive keeps a document from being compiled.
EXECUTED = COMPILED.replace("__typename", "__typename @include(if: true)")
MANY = "mutation($inputs: [LogErrorInput!]!) { logErrors(inputs: $inputs) { stored refused } }"
COSTLY = "{ issues(first: 200) { nodes { events(first: 200) { nodes { message } } } } }"


async def post(served: Served, body: object, accept: str | None, *, credential: str | None = None) -> httpx.Response:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = {"Content-Type": JSON, "Authorization": f"Bearer {credential or served.credentials.token}"}
    async with plain_http() as client:
        del client.headers["accept"]
        return await client.post(
            served.url + "/graphql", content=content, headers=headers | ({"Accept": accept} if accept else {})
        )


def kind(response: httpx.Response) -> str:
    return response.headers["content-type"]


@pytest.mark.parametrize(
    ("accept", "is_ours"),
    [
        (OURS, True),
        ("Application/GraphQL-Response+JSON; charset=utf-8", True),
        (f"{OURS}, {JSON};q=0.9", True),
        (f"{JSON}, {OURS}", True),
        (f"{OURS}, application/graphql+json, {JSON}, text/event-stream, multipart/mixed", True),
        (f"{OURS};q=0.5, {JSON};q=0.5", True),
        (f"{OURS};q=0.5, */*;q=0.1", True),
        (f"{OURS};q=0.5, {JSON}", False),
        (f"{OURS};q=0.5, */*", False),
        (f"{OURS};q=0.5, application/*", False),
        (f"{OURS};q=0", False),
        (f"{OURS};q=high", False),
        (f"{OURS}x", False),
        (JSON, False),
        ("*/*", False),
        ("application/*", False),
        ("", False),
    ],
)
def test_who_names_it_gets_it_unless_json_is_liked_better(accept: str, is_ours: bool):
    assert read_accept([accept]).is_ours is is_ours


@pytest.mark.parametrize(
    ("accept", "is_json", "stream"),
    [
        ("", True, None),
        ("*/*", True, None),
        (f"{OURS}, application/graphql+json, {JSON}, text/event-stream, multipart/mixed", True, EVENT_STREAM),
        ("text/event-stream", False, EVENT_STREAM),
        ("Text/Event-Stream; charset=utf-8", False, EVENT_STREAM),
        ("text/event-stream;q=0", False, None),
        ('multipart/mixed;boundary=graphql;subscriptionSpec="1.0"', False, MULTIPART),
        (f"multipart/mixed;boundary=graphql;subscriptionSpec=1.0,{OURS},{JSON};q=0.9", True, MULTIPART),
        ("multipart/mixed; subscriptionSpec=1.0, text/event-stream", False, EVENT_STREAM),
        ("multipart/mixed; subscriptionSpec=2.0", False, None),
        (f"multipart/mixed; deferSpec=20220824, {JSON}", True, None),
        ("text/html", False, None),
    ],
)
def test_results_come_as_they_arise_to_who_names_a_way(accept: str, is_json: bool, stream: str | None):
    accepted = read_accept([accept])
    assert (accepted.is_json, accepted.stream) == (is_json, stream)


def test_several_headers_count_as_one():
    assert read_accept([f"{OURS};q=0.5", f"{JSON};q=0.2"]).is_ours
    assert not read_accept([f"{OURS};q=0.5", JSON]).is_ours


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        ({"data": {"a": 1}}, None),
        ({"data": {"a": None}, "errors": [{"path": ["a"]}]}, None),
        ({"data": None, "errors": [{"path": ["a"]}]}, None),
        ({"data": None, "errors": [{"extensions": {"code": "BAD_REQUEST"}}]}, 400),
        ({"data": None, "errors": [{"extensions": {"code": "QUERY_TOO_COSTLY"}}]}, 400),
        ({"data": None, "errors": [{"extensions": {"code": "INTERNAL"}}]}, 500),
    ],
)
def test_only_what_was_not_executed_has_another_status(answer: dict, status: int | None):
    assert refusal_status(answer) == status


@pytest.mark.parametrize("accept", [None, "*/*", JSON, f"{OURS};q=0.1, {JSON}"])
async def test_others_get_json_and_200_as_ever(served: Served, accept: str | None):
    for query in ("{ __typename }", "{", "{ nothing }", COSTLY):
        answer = await post(served, {"query": query}, accept)
        assert (answer.status_code, kind(answer)) == (200, JSON), query
        assert "data" in answer.json()


REFUSED = [
    {"query": "{"},
    {"query": "{ nothing }"},
    {"query": COSTLY},
    {"query": "query($first: Int!) { issues(first: $first) { totalCount } }"},
    {"query": "query A { __typename } query B { __typename }"},
    {"query": "query A { __typename }", "operationName": "B"},
    {"query": "subscription { errorLogged { __typename } }"},
    {"query": COMPILED, "variables": {"input": {**INPUT, "nothing": 1}}},
    {"query": COMPILED, "variables": {}},
    {"variables": {}},
    {"query": "{ __typename }", "variables": 7},
    b"{",
    b"[]",
]


async def test_what_was_not_executed_is_refused_and_has_no_data(served: Served):
    for body in REFUSED:
        answer = await post(served, body, OURS)
        assert (answer.status_code, kind(answer)) == (400, OURS), body
        assert "data" not in answer.json(), body
        assert answer.json()["errors"][0]["message"]


async def test_what_was_executed_is_200_even_where_a_field_failed(served: Served):
    forbidden = {"query": "{ issues { totalCount } }"}
    answer = await post(served, forbidden, OURS, credential=served.credentials.ingest_key)
    assert (answer.status_code, kind(answer)) == (200, OURS)
    assert (answer.json()["data"], len(answer.json()["errors"])) == ({"issues": None}, 1)
    assert (await post(served, {"query": "{ __typename }"}, OURS)).json() == {"data": {"__typename": "Query"}}


async def test_other_refusals_are_told_in_it_too(served: Served):
    large = await post(served, b" " * (served.res.settings.max_body_bytes + 1), OURS)
    assert (large.status_code, kind(large)) == (413, OURS)
    async with plain_http() as client:
        method = await client.put(served.url + "/graphql", content=b"{}", headers={"Accept": OURS})
    assert (method.status_code, kind(method), method.headers["allow"]) == (405, OURS, "GET, POST")


INPUTS = [
    INPUT,
    {**INPUT, "service": "x" * 1000},
    {**INPUT, "severity": "nothing"},
    {**INPUT, "line": "seven"},
    {"service": "checkout"},
    {},
    None,
]


@pytest.mark.parametrize("accept", [OURS, JSON])
@pytest.mark.parametrize("credential", ["a key", "unknown"])
async def test_a_compiled_document_is_answered_as_an_executed_one(served: Served, accept: str, credential: str):
    credential = served.credentials.ingest_key if credential == "a key" else credential
    for input in INPUTS:
        answers = [
            await post(served, {"query": query, "variables": {"input": input}}, accept, credential=credential)
            for query in (COMPILED, EXECUTED)
        ]
        compiled, executed = [(answer.status_code, kind(answer), told(answer)) for answer in answers]
        assert compiled == executed, input
        assert compiled[1] == accept


def test_of_these_documents_one_is_compiled_and_the_other_is_not():
    documents = CompiledDocuments(build_schema())
    assert documents.find(COMPILED, None) is not None
    assert documents.find(EXECUTED, None) is None


def told(answer: httpx.Response) -> dict:
    """The answer but for where in the document an error is."""
    body: dict = answer.json()
    return {**body, "errors": [{**error, "locations": None} for error in body.get("errors", ())]}


async def test_a_batch_is_answered_in_it(served: Served):
    answer = await post(
        served, {"query": MANY, "variables": {"inputs": [INPUT, INPUT]}}, OURS, credential=served.credentials.ingest_key
    )
    assert (answer.status_code, kind(answer)) == (200, OURS)
    assert answer.json() == {"data": {"logErrors": {"stored": 2, "refused": 0}}}
    assert "x-request-id" in answer.headers
