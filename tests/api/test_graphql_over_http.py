"""What the door answers, before and around the schema."""

import json
from contextlib import asynccontextmanager

import httpx
import pytest

from resolvers.setup import first_setup
from tests.support.db import make_settings
from tests.support.plain_http import plain_http
from tests.support.serving import Served, serving

LOG = """mutation($input: LogErrorInput!) { logError(input: $input) { __typename
  ... on LoggedError { outcome eventId issueId issueShortId isNew isRegression failure { code } }
  ... on Failure { code message path } } }"""
INPUT = {"service": "checkout", "errorType": "ValueError", "message": "bad total"}


async def post(served: Served, content: bytes, **headers: str) -> httpx.Response:
    headers = {
        "Content-Type": "application/json",
        "Authorization": f"Bearer {served.credentials.ingest_key}",
        **headers,
    }
    async with plain_http() as client:
        return await client.post(served.url + "/graphql", content=content, headers=headers)


async def log(served: Served, **fields: object) -> dict:
    answer = await served.ask(LOG, credential=served.credentials.ingest_key, input={**INPUT, **fields})
    assert "errors" not in answer, answer
    return answer["data"]["logError"]


async def test_an_error_is_logged_with_an_ingest_key(served: Served):
    logged = await log(served)
    assert (logged["outcome"], logged["isNew"], logged["failure"]) == ("STORED", True, None)
    again = await log(served)
    assert (again["issueId"], again["isNew"]) == (logged["issueId"], False)


async def test_what_is_wrong_with_an_input_is_named(served: Served):
    refused = await log(served, service="x" * 1000)
    assert (refused["code"], refused["path"]) == ("INVALID_INPUT", ["input", "service"])
    assert "100" in refused["message"]


async def test_an_ingest_key_sees_ids_never_contents(served: Served):
    document = LOG.replace("isNew", "isNew issue { title }")
    answer = await served.ask(document, credential=served.credentials.ingest_key, input=INPUT)
    assert answer["data"]["logError"]["issue"] is None
    assert [error["extensions"]["code"] for error in answer["errors"]] == ["FORBIDDEN"]


async def test_who_is_not_known_is_told_so(served: Served):
    content = json.dumps({"query": LOG, "variables": {"input": INPUT}}).encode()
    for credential in ("-", "tcs_unknown", "0" * 32):
        answer = (await post(served, content, Authorization=f"Bearer {credential}")).json()
        assert [error["extensions"]["code"] for error in answer["errors"]] == ["UNAUTHENTICATED"], credential


def with_message(message: str) -> bytes:
    """A body whose message is written as given, escapes and all."""
    body = json.dumps({"query": LOG, "variables": {"input": {**INPUT, "message": "MESSAGE"}}})
    return body.replace("MESSAGE", message).encode()


async def test_odd_text_is_mended_and_stored(served: Served):
    for message in (r"a\u0000b", r"cut \ud83d", "x" * 100_000):
        answer = (await post(served, with_message(message))).json()
        assert answer["data"]["logError"]["outcome"] == "STORED", message[:20]


async def test_numbers_that_are_none_are_kept_as_text(served: Served):
    content = with_message("x").replace(b'"x"', b'"x", "contexts": {"a": NaN, "b": [-Infinity], "c": 1e999}')
    assert (await post(served, content)).json()["data"]["logError"]["outcome"] == "STORED"
    (event,) = (await served.ask("{ events { nodes { contexts } } }"))["data"]["events"]["nodes"]
    assert event["contexts"] == {"a": "NaN", "b": ["-Infinity"], "c": "Infinity"}


async def test_what_is_wrong_with_a_body_is_said(served: Served):
    for content, says in ((b'{"query": }', "line 1 column 11"), (b'{"a": ' + b"[" * 2000, "nested too deeply")):
        assert says in (await post(served, content)).json()["errors"][0]["message"]


async def test_a_refusal_repeats_no_more_than_helps(served: Served):
    content = json.dumps({"query": LOG, "variables": {"input": {**INPUT, "severity": "x" * 10**6}}}).encode()
    answer = await post(served, content)
    assert answer.json()["errors"][0]["message"].endswith("enum.")
    assert len(answer.content) < 5000


NO_REQUESTS = {
    "cut": (b"{", 400),
    "list": (b"[]", 400),
    "null": (b"null", 400),
    "text": (b'"text"', 400),
    "number": (b'{"query": 7}', 400),
    "variables": (b'{"query": "{ __typename }", "variables": 7}', 400),
    "encoding": (b"\xff\xfe", 400),
    "deep": (b"[" * 100_000, 400),
    "digits": (b'{"query": "{ __typename }", "variables": {"a": ' + b"9" * 10_000 + b"}}", 400),
    "large": (b'{"query": "' + b"x" * (9 * 2**20) + b'"}', 413),
}


async def test_a_body_that_is_no_request_gets_a_clear_answer(served: Served):
    for name, (content, status) in NO_REQUESTS.items():
        response = await post(served, content)
        assert response.status_code == status, name
        assert response.json()["errors"][0]["message"], name
        assert (await post(served, b'{"query": "{ __typename }"}')).json() == {"data": {"__typename": "Query"}}


async def test_a_document_that_cannot_run_is_a_bad_request(served: Served):
    for document in ("{", "{ nothing }", "fragment A on Query { __typename }", "{ issues(first: " + "[" * 900 + " }"):
        answer = await served.ask(document)
        assert {error["extensions"]["code"] for error in answer["errors"]} == {"BAD_REQUEST"}, document


SURROGATES = [
    {"query": "{ viewer { scopes } }", "operationName": "\ud800"},
    {"query": "query($a: Severity) { issues(filter: {minSeverity: $a}) { totalCount } }", "variables": {"a": "\ud800"}},
    {"query": LOG, "variables": {"input": {**INPUT, "\ud800": 1}}},
    {"query": LOG, "variables": {"input": {**INPUT, "severity": "\ud800"}}},
]


async def test_a_lone_surrogate_where_none_may_be_is_a_bad_request(served: Served):
    for request in SURROGATES:
        answer = await post(served, json.dumps(request).encode())
        assert {error["extensions"]["code"] for error in answer.json()["errors"]} == {"BAD_REQUEST"}, request


async def test_what_is_watched_needs_a_socket(served: Served):
    for document in ("subscription { errorLogged { __typename } }", "query { __typename } subscription { x }"):
        answer = await post(served, json.dumps({"query": document}).encode())
        assert {error["extensions"]["code"] for error in answer.json()["errors"]} == {"BAD_REQUEST"}, document


async def ask_by_get(served: Served, accept: str = "*/*", **parameters: str) -> httpx.Response:
    headers = {"Authorization": f"Bearer {served.credentials.token}", "Accept": accept}
    async with plain_http() as client:
        return await client.get(served.url + "/graphql", params=parameters, headers=headers)


NAMED = "query A($slug: String!) { project(slug: $slug) { slug } } query B { __typename }"
BY_GET = [
    ({"query": "{ __typename }"}, 200, {"__typename": "Query"}),
    ({"query": NAMED, "operationName": "A", "variables": '{"slug": "default"}'}, 200, {"project": {"slug": "default"}}),
    ({"query": NAMED, "operationName": "B", "variables": "", "extensions": "{}"}, 200, {"__typename": "Query"}),
    ({"query": "{ __typename }", "unknown": "x"}, 200, {"__typename": "Query"}),
    ({"query": "{ __typename }", "variables": "{"}, 400, None),
    ({"query": "{ __typename }", "variables": "[]"}, 400, None),
    ({"query": "{ __typename }", "extensions": "7"}, 400, None),
    ({"query": ""}, 400, None),
    ({}, 400, None),
    ({"query": "subscription { errorLogged { __typename } }"}, 400, None),
    ({"query": "mutation { logErrors(inputs: []) { stored } }"}, 405, None),
    ({"query": "query A { __typename } mutation B { __typename }", "operationName": "B"}, 405, None),
]


async def test_queries_are_answered_by_get_and_nothing_else_is(served: Served):
    for parameters, status, data in BY_GET:
        answer = await ask_by_get(served, **parameters)
        assert (answer.status_code, answer.json().get("data")) == (status, data), parameters
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers.get("allow") == ("POST" if status == 405 else None)


async def test_what_a_request_names_besides_is_let_be(served: Served):
    answer = await post(served, b'{"query": "{ __typename }", "unknown": 1, "id": null, "extensions": {"a": [1]}}')
    assert answer.json() == {"data": {"__typename": "Query"}}


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Content-Type": "application/json; charset=utf-8"}, 200),
        ({"Content-Type": 'Application/JSON;charset="UTF-8"'}, 200),
        ({"Content-Type": "application/json; profile=x"}, 200),
        ({"Content-Type": "application/json; charset=utf-16"}, 415),
        ({"Content-Type": "application/jsonx"}, 415),
        ({"Content-Type": "application/graphql"}, 415),
        ({"Content-Type": "text/plain"}, 415),
        ({"Content-Type": "application/x-www-form-urlencoded"}, 415),
        ({"Content-Type": "multipart/form-data; boundary=a; a=application/json"}, 415),
        ({"Content-Type": ""}, 415),
        ({"Content-Encoding": "gzip"}, 415),
        ({"Accept": "application/*"}, 200),
        ({"Accept": "text/html, */*;q=0.1"}, 200),
        ({"Accept": "text/html"}, 406),
        ({"Accept": "application/json;q=0"}, 406),
        ({"Accept": "multipart/mixed"}, 406),
    ],
)
async def test_other_media_types_are_neither_read_nor_written(served: Served, headers: dict, status: int):
    answer = await post(served, b'{"query": "{ __typename }"}', **headers)
    assert answer.status_code == status
    assert answer.headers.get("accept") == ("application/json" if status == 415 else None)
    assert ("errors" in answer.json()) is (status != 200)


@pytest.fixture
def served_to(database_url: str, redis_url: str):
    @asynccontextmanager
    async def serve(origins: str):
        async with serving(make_settings(database_url, redis_url, allowed_origins=origins)) as (url, app):
            yield Served(url, app, await first_setup(app.state.resources))

    return serve


@pytest.mark.parametrize(
    ("origins", "origin", "is_let_in"),
    [
        ("", "https://board.example", False),
        ("https://board.example", "https://board.example", True),
        ("https://board.example,https://b.example", "https://b.example", True),
        ("https://board.example", "https://evil.example", False),
        ("*", "https://any.example", True),
    ],
)
async def test_pages_of_allowed_origins_may_ask(served_to, origins: str, origin: str, is_let_in: bool):
    asked = {
        "Origin": origin,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization,content-type",
    }
    async with served_to(origins) as served:
        answer = await post(served, b'{"query": "{ __typename }"}', Origin=origin)
        async with plain_http() as client:
            before = await client.options(served.url + "/graphql", headers=asked)
    assert answer.status_code == 200
    for response in (answer, before):
        assert (response.headers.get("access-control-allow-origin") in (origin, "*")) is is_let_in
        assert "access-control-allow-credentials" not in response.headers
    assert (before.status_code == 200) is is_let_in


async def test_other_methods_are_told_which_one_to_use(served: Served):
    async with plain_http() as client:
        for method in ("PUT", "DELETE", "PATCH"):
            answer = await client.request(method, served.url + "/graphql", content=b"{}")
            assert (answer.status_code, answer.headers["allow"]) == (405, "GET, POST")


async def test_a_thousand_errors_are_one_call_and_more_are_refused(served: Served):
    document = (
        "mutation($inputs: [LogErrorInput!]!) { logErrors(inputs: $inputs) { stored refused results { outcome } } }"
    )
    answer = await served.ask(document, credential=served.credentials.ingest_key, inputs=[INPUT] * 1000)
    assert (answer["data"]["logErrors"]["stored"], answer["data"]["logErrors"]["refused"]) == (1000, 0)
    answer = await served.ask(document, credential=served.credentials.ingest_key, inputs=[INPUT] * 1001)
    assert answer["errors"][0]["extensions"]["code"] == "INVALID_INPUT"
