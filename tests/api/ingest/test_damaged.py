"""Damaged bodies at the real doors: each is taken, or told clearly that it is the sender's fault."""

import json

import httpx
import pytest

from models import Event
from tests.support import ingest_examples
from tests.support.fuzz import samples
from tests.support.fuzz.damage import some_damaged
from tests.support.fuzz.packing import ENCODINGS
from tests.support.plain_http import plain_http
from tests.support.rows import all_rows
from tests.support.serving import Served

SENTRY = samples.sentry_events()[-1]
BODIES = {
    "/api/{number}/envelope/": samples.envelopes()[-3:],
    "/api/{number}/store/": [json.dumps(SENTRY).encode()],
    "/api/errors": [json.dumps(ingest_examples.example("rest")).encode()],
    "/api/errors/batch": [json.dumps([ingest_examples.example("rest")] * 2).encode()],
    "/v1/logs": [json.dumps(samples.OTLP_LOGS).encode()],
    "/v1/traces": [json.dumps(samples.OTLP_TRACES).encode()],
    **{f"/webhook/{name}/": [json.dumps(ingest_examples.example(name)).encode()] for name in ingest_examples.WEBHOOKS},
}
REFUSED = {400, 403, 413}


async def send_all(served: Served, path: str, bodies: list[bytes], **headers: str) -> list[httpx.Response]:
    url = served.url + path.format(number=served.credentials.project_number)
    key = served.credentials.ingest_key
    known = {
        "Authorization": f"Bearer {key}",
        "X-Sentry-Auth": f"Sentry sentry_key={key}",
        "Content-Type": "application/json",
    }
    if "{number}" in path:
        del known["Authorization"]
    async with plain_http(headers=known | headers) as client:
        return [await client.post(url, content=body) for body in bodies]


@pytest.mark.parametrize("path", BODIES)
async def test_a_damaged_body_is_stored_or_refused_and_never_our_fault(served: Served, path: str):
    answers = await send_all(served, path, some_damaged(BODIES[path], 40))
    statuses = [answer.status_code for answer in answers]
    assert set(statuses) <= {200, *REFUSED}, statuses
    assert 200 in statuses
    assert await all_rows(served.res, Event)
    assert all(answer.json() for answer in answers if answer.status_code in REFUSED)


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("path", ["/api/{number}/envelope/", "/api/errors", "/v1/logs", "/webhook/generic/"])
async def test_a_body_that_was_damaged_after_it_was_compressed_is_refused_as_such(
    served: Served, path: str, encoding: str
):
    packed = [ENCODINGS[encoding](body) for body in BODIES[path]]
    answers = await send_all(served, path, some_damaged(packed, 30), **{"Content-Encoding": encoding})
    assert {answer.status_code for answer in answers} <= {200, *REFUSED}
    refused = [answer.text for answer in answers if answer.status_code == 400]
    assert any("decompress" in text or "ends too early" in text for text in refused)
