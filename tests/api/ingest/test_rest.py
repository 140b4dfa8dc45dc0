"""Errors as plain JSON over real HTTP: one, many, and what is told of those that are refused."""

import gzip
import json

import httpx
import pytest

from domain.access import Scope
from models import Event
from schema.export import sdl
from tests.support.factories.access import make_api_token
from tests.support.factories.developer import make_developer
from tests.support.plain_http import plain_http
from tests.support.rows import all_rows, only_row
from tests.support.serving import Served

ERROR = {"service": "checkout", "errorType": "ValueError", "message": "bad total"}


async def post(served: Served, content: object, *, to: str = "/api/errors", **headers: str) -> httpx.Response:
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    headers = {"Authorization": f"Bearer {served.credentials.ingest_key}", **headers}
    async with plain_http() as client:
        return await client.post(served.url + to, content=body, headers=headers)


async def test_an_error_is_stored(served: Served):
    more = {
        "severity": "HIGH", "release": "2.4.1", "user": {"id": "u-7"}, "tags": {"country": "DE"}, "eventId": "e-1",
        "stackTrace": 'Traceback (most recent call last):\n  File "/srv/pay.py", line 7, in pay\n    f()\nValueError: bad total',
    }  # fmt: skip
    answer = await post(served, ERROR | more)
    assert answer.status_code == 200
    told = answer.json()
    assert (told["outcome"], told["eventId"], told["isNew"], told["isRegression"]) == ("STORED", "e-1", True, False)
    assert told["issueShortId"].startswith("CHECKOUT-")
    event = await only_row(served.res, Event)
    assert (event.source, event.severity, event.release) == ("REST", "HIGH", "2.4.1")
    assert event.payload["exceptions"][0]["frames"][0]["function"] == "pay"
    assert event.payload["tags"] == [["country", "DE"]]
    again = (await post(served, ERROR | more)).json()
    assert (again["outcome"], again["issueId"]) == ("DUPLICATE", told["issueId"])


async def test_what_is_too_long_or_of_another_kind_is_mended(served: Served):
    odd = {"environment": "e" * 100, "severity": "awful", "line": "x", "exceptions": 7, "contexts": {"a": 1e308}}
    assert (await post(served, ERROR | odd)).json()["outcome"] == "STORED"
    event = await only_row(served.res, Event)
    assert event.environment == "e" * 64
    assert "environment: 100 characters, cut to 64" in event.ingest_notes


@pytest.mark.parametrize("to", ["/api/errors/", "/api/errors"])
async def test_a_slash_at_the_end_means_nothing(served: Served, to: str):
    assert (await post(served, ERROR, to=to)).status_code == 200


@pytest.mark.parametrize(
    ("content", "status", "detail", "pointer"),
    [
        ({"service": "a", "errorType": "b"}, 400, "message must not be empty.", "#/message"),
        (ERROR | {"service": " "}, 400, "service must not be empty.", "#/service"),
        (ERROR | {"project": "nope"}, 400, "There is no such project.", "#/project"),
        (ERROR | {"project": {"a": 1}}, 400, "project must be a slug.", "#/project"),
        ([ERROR], 400, "An error must be a JSON object.", None),
        (b"", 400, "no JSON", None),
        (b"{", 400, "no JSON", None),
        (b"[" * 5000, 400, "nested too deeply", None),
        (b'"' + b"x" * (9 * 2**20) + b'"', 413, "TOCSIN_MAX_BODY_BYTES", None),
        (gzip.compress(b'"' + b"x" * (40 * 2**20) + b'"'), 413, "decompressed", None),
    ],
)
async def test_what_is_wrong_is_told_as_problem_details(served: Served, content, status, detail, pointer):
    answer = await post(served, content)
    problem = answer.json()
    assert (answer.status_code, problem["status"], problem["type"]) == (status, status, "about:blank")
    assert answer.headers["content-type"] == "application/problem+json"
    assert problem["title"]
    assert detail in problem["detail"]
    assert [error["pointer"] for error in problem.get("errors", ())] == ([pointer] if pointer else [])
    assert await all_rows(served.res, Event) == []


async def test_who_may_not_report_is_told_so(served: Served):
    reader = await make_api_token(served.res, await make_developer(served.res), Scope.READ)
    for credential, status in (("-", 401), ("0" * 32, 401), (reader.secret, 403)):
        for to in ("/api/errors", "/api/errors/batch"):
            answer = await post(served, ERROR, to=to, Authorization=f"Bearer {credential}")
            assert answer.status_code == status
            assert answer.headers.get("www-authenticate") == ("Bearer" if status == 401 else None)


async def test_the_key_may_stand_in_a_header_of_its_own(served: Served):
    answer = await post(served, ERROR, Authorization="", **{"X-Tocsin-Key": served.credentials.ingest_key})
    assert answer.status_code == 200


async def test_a_full_queue_says_when_to_try_again(served: Served):
    served.res.writer.close()
    for to, content in (("/api/errors", ERROR), ("/api/errors/batch", [ERROR])):
        answer = await post(served, content, to=to)
        assert (answer.status_code, answer.headers["retry-after"]) == (429, "2")


async def test_a_page_of_another_origin_may_report(served: Served):
    async with plain_http() as client:
        asked = {
            "Origin": "https://shop.example.com",
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "authorization,content-type",
        }
        answer = await client.options(served.url + "/api/errors", headers=asked)
    assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (200, "*")


BATCH = [ERROR, {"service": "a"}, 7, ERROR | {"eventId": "e"}, ERROR | {"eventId": "e"}]


@pytest.mark.parametrize(
    "content",
    [
        json.dumps(BATCH).encode(),
        b"\n".join(json.dumps(item).encode() for item in BATCH),
        b"\r\n\r\n".join(json.dumps(item).encode() for item in BATCH) + b"\r\n",
    ],
)
@pytest.mark.parametrize("packed", [True, False])
async def test_a_batch_is_stored_or_refused_one_by_one(served: Served, content: bytes, packed):
    encoding = {"Content-Encoding": "gzip"} if packed else {}
    answer = await post(served, gzip.compress(content) if packed else content, to="/api/errors/batch", **encoding)
    told = answer.json()
    assert (answer.status_code, told["stored"], told["refused"]) == (200, 3, 2)
    outcomes = [result["outcome"] for result in told["results"]]
    assert outcomes == ["STORED", "INVALID", "INVALID", "STORED", "DUPLICATE"]
    assert told["results"][1]["problem"]["errors"][0]["pointer"] == "#/errorType"
    assert told["results"][2]["problem"]["detail"] == "An error must be a JSON object."
    assert len(await all_rows(served.res, Event)) == 2


async def test_a_line_that_is_no_json_spoils_no_other(served: Served):
    line = json.dumps(ERROR).encode()
    told = (await post(served, b"\n".join([line, b"{nonsense", line]), to="/api/errors/batch")).json()
    assert [result["outcome"] for result in told["results"]] == ["STORED", "INVALID", "STORED"]
    assert "no JSON" in told["results"][1]["problem"]["detail"]


async def test_a_batch_has_a_thousand_at_most(served: Served):
    told = (await post(served, [ERROR] * 1000, to="/api/errors/batch")).json()
    assert (told["stored"], told["refused"]) == (1000, 0)
    answer = await post(served, [ERROR] * 1001, to="/api/errors/batch")
    assert (answer.status_code, answer.json()["detail"]) == (400, "At most 1,000 errors a call, these are 1,001.")
    assert (await post(served, b"", to="/api/errors/batch")).json() == {"stored": 0, "refused": 0, "results": []}


async def test_the_description_has_the_fields_of_the_contract(served: Served):
    async with plain_http() as client:
        answer = await client.get(served.url + "/api/openapi.json")
    described = answer.json()
    schemas = described["components"]["schemas"]
    report = schemas["LogErrorInput"]
    assert report["required"] == ["service", "errorType", "message"]
    assert report["properties"]["severity"]["enum"] == ["INFO", "LOW", "MEDIUM", "HIGH", "CRITICAL"]
    assert report["properties"]["exceptions"]["items"] == {"$ref": "#/components/schemas/ExceptionInput"}
    contract = sdl()
    assert all(f"  {name}: " in contract for name in report["properties"])
    assert set(references(described)) <= {f"#/components/schemas/{name}" for name in schemas}
    webhooks = {f"/webhook/{name}/" for name in ("laravel", "java", "frontend", "mobile", "generic")}
    assert set(described["paths"]) == {"/api/errors", "/api/errors/batch", *webhooks}


def references(value: object) -> list[str]:
    if isinstance(value, dict):
        found = [reference for item in value.values() for reference in references(item)]
        return [*found, value["$ref"]] if "$ref" in value else found
    return [reference for item in value for reference in references(item)] if isinstance(value, list) else []
