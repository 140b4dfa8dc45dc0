"""Sentry's doors, asked as its SDKs ask: over real HTTP, in every form that was seen."""

import base64
import gzip
import json
import zlib

import brotli
import httpx
import pytest

from api.ingest.decoding import zstd
from domain.access import system
from models import Event, IngestKey
from resolvers.access_key import revoke_ingest_key
from tests.support.plain_http import plain_http
from tests.support.rows import all_rows, only_row
from tests.support.serving import Served

ID = "9ec79c33ec9942ab8353589fcb2e04dc"
EVENT = {"event_id": ID, "level": "error", "exception": {"values": [{"type": "ValueError", "value": "boom"}]}}
BODY = json.dumps(EVENT).encode()


def envelope(*items: tuple[str, bytes], **header: object) -> bytes:
    lines = [json.dumps(header).encode()]
    for kind, payload in items:
        lines += [json.dumps({"type": kind, "length": len(payload)}).encode(), payload]
    return b"\n".join(lines) + b"\n"


WHOLE = envelope(("event", BODY))


def auth(key: str) -> dict[str, str]:
    return {"X-Sentry-Auth": f"Sentry sentry_version=7, sentry_client=test/1, sentry_key={key}"}


async def send(
    served: Served, content: bytes = WHOLE, *, to: str = "/api/{}/envelope/", key: str | None = "", **more: object
) -> httpx.Response:
    """Post it with the project's key where `key` is empty, with none where it is None."""
    headers = dict(more.pop("headers", {}))
    if key is not None:
        headers |= auth(key or served.credentials.ingest_key)
    async with plain_http() as client:
        url = served.url + to.format(served.credentials.project_number)
        return await client.post(url, content=content, headers=headers, **more)


async def test_an_event_is_stored_and_answered_with_its_id(served: Served):
    answer = await send(served)
    assert (answer.status_code, answer.json()) == (200, {"id": ID})
    event = await only_row(served.res, Event)
    assert (event.event_id, event.error_type, event.service, event.source) == (ID, "ValueError", "default", "SENTRY")


async def test_the_same_event_is_stored_once(served: Served):
    for _ in range(2):
        assert (await send(served)).json() == {"id": ID}
    assert len(await all_rows(served.res, Event)) == 1


@pytest.mark.parametrize("to", ["/api/{}/envelope", "/api/{}/envelope/"])
async def test_a_slash_at_the_end_means_nothing(served: Served, to: str):
    assert (await send(served, to=to)).status_code == 200


async def test_the_key_is_found_in_each_of_its_places(served: Served):
    key, number = served.credentials.ingest_key, served.credentials.project_number
    dsn = f"https://{key}@errors.example.com/{number}"
    basic = base64.b64encode(f"{key}:".encode()).decode()
    assert (await send(served, key=None, params={"sentry_key": key, "sentry_version": "7"})).status_code == 200
    assert (await send(served, key=None, headers=auth(key))).status_code == 200
    assert (await send(served, key=None, headers={"Authorization": f"Sentry sentry_key={key}"})).status_code == 200
    assert (await send(served, key=None, headers={"Authorization": f"Basic {basic}"})).status_code == 200
    assert (await send(served, envelope(("event", BODY), dsn=dsn), key=None)).status_code == 200
    assert (await send(served, envelope(("event", BODY), dsn=dsn))).status_code == 200


async def test_without_a_right_key_nothing_is_stored(served: Served):
    dsn = f"https://{'0' * 32}@errors.example.com/1"
    for answer in [
        await send(served, key=None),
        await send(served, key="0" * 32),
        await send(served, key="nonsense"),
        await send(served, envelope(("event", BODY), dsn=dsn), key=None),
        await send(served, envelope(("event", BODY), dsn=dsn)),
        await send(served, params={"sentry_key": "0" * 32}),
        await send(served, to="/api/99/envelope/"),
        await send(served, to="/api/99999999999999999999999/envelope/"),
    ]:
        assert answer.status_code == 403, answer.text
        assert answer.json()["detail"] == answer.headers["x-sentry-error"]
    assert await all_rows(served.res, Event) == []


async def test_a_revoked_key_lets_nothing_in(served: Served):
    key = await only_row(served.res, IngestKey, IngestKey.public_key == served.credentials.ingest_key)
    await revoke_ingest_key(served.res, system(), key_id=key.id)
    answer = await send(served)
    assert (answer.status_code, answer.headers["x-sentry-error"]) == (403, "This ingest key was revoked.")


@pytest.mark.parametrize(
    "kind",
    [
        "application/x-sentry-envelope",
        "text/plain;charset=UTF-8",
        "multipart/form-data; boundary=x",
        "application/x-www-form-urlencoded",
        "application/json",
        "nonsense",
    ],
)
async def test_whatever_the_content_type_says_it_is_an_envelope(served: Served, kind: str):
    assert (await send(served, headers={"Content-Type": kind})).status_code == 200


@pytest.mark.parametrize(
    ("encoding", "content"),
    [
        ("gzip", gzip.compress(WHOLE)),
        ("deflate", zlib.compress(WHOLE)),
        ("deflate", zlib.compress(WHOLE)[2:-4]),
        ("br", brotli.compress(WHOLE)),
        ("zstd", zstd.compress(WHOLE)),
        ("", WHOLE),
        ("UTF-8", WHOLE),
        ("identity", WHOLE),
    ],
)
async def test_each_encoding_is_understood(served: Served, encoding: str, content: bytes):
    assert (await send(served, content, headers={"Content-Encoding": encoding})).json() == {"id": ID}


async def test_a_body_may_come_in_chunks_of_no_announced_length(served: Served):
    async def chunks():
        for place in range(0, len(WHOLE), 10):
            yield WHOLE[place : place + 10]

    assert (await send(served, chunks())).json() == {"id": ID}


async def test_what_is_not_known_is_passed_over(served: Served):
    others = [("session", b"{}"), ("transaction", b"{}"), ("attachment", bytes(2_000_000)), ("made_up", b"\n\n")]
    assert (await send(served, envelope(*others, event_id=ID))).json() == {"id": ID}
    assert await all_rows(served.res, Event) == []
    assert (await send(served, envelope(*others, ("event", BODY)))).json() == {"id": ID}
    assert (await send(served, b"{}")).json() == {"id": None}
    assert len(await all_rows(served.res, Event)) == 1


async def test_one_bad_field_refuses_no_event(served: Served):
    odd = b'{"level": NaN, "release": {"a": 1}, "tags": 7, "exception": {"values": "x"}, "message": "raw \x01 \xff"}'
    assert (await send(served, envelope(("event", odd)))).status_code == 200
    event = await only_row(served.res, Event)
    assert event.message.startswith("raw")
    assert "release: not a text, dropped" in event.ingest_notes


@pytest.mark.parametrize(
    ("content", "status", "says"),
    [
        (b"", 400, "header of the envelope"),
        (b"nonsense", 400, "header of the envelope"),
        (envelope(("event", b"[]")), 400, "no JSON object"),
        (envelope(("event", b"{")), 400, "no JSON"),
        (envelope(("event", BODY))[:-20], 400, "in the middle of an item"),
        (envelope(("event", b'"' + b"x" * 2**20 + b'"')), 413, "larger than 1,048,576 bytes"),
        (b"x" * (9 * 2**20), 413, "TOCSIN_MAX_BODY_BYTES"),
    ],
)
async def test_what_cannot_be_read_is_told_to_whoever_looks(served: Served, content: bytes, status: int, says: str):
    answer = await send(served, content)
    assert answer.status_code == status
    assert says in answer.headers["x-sentry-error"]
    assert answer.json()["causes"] == [answer.json()["detail"]]


async def test_a_bomb_is_refused(served: Served):
    bomb = envelope(("attachment", bytes(120 * 2**20)), ("event", BODY))
    answer = await send(served, gzip.compress(bomb, 1), headers={"Content-Encoding": "gzip"})
    assert answer.status_code == 413
    assert "decompressed" in answer.json()["detail"]


async def test_a_full_queue_silences_errors_and_nothing_else(served: Served):
    served.res.writer.close()
    answer = await send(served)
    assert answer.status_code == 429
    assert answer.headers["retry-after"] == "2"
    assert answer.headers["x-sentry-rate-limits"] == "2:default;error:project:queue_full"


async def test_a_browser_of_any_origin_may_report(served: Served):
    origin = {"Origin": "https://shop.example.com"}
    asked = origin | {
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "sentry-trace, baggage, x-sentry-auth, content-type",
    }
    async with plain_http() as client:
        answer = await client.options(f"{served.url}/api/1/envelope/", headers=asked)
    assert answer.status_code == 200
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["access-control-max-age"] == "3600"
    assert "sentry-trace" in answer.headers["access-control-allow-headers"]
    answer = await send(served, headers=origin)
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "X-Sentry-Rate-Limits" in answer.headers["access-control-expose-headers"]
    refused = await send(served, key=None, headers=origin)
    assert refused.headers["access-control-allow-origin"] == "*"


PACKED = base64.b64encode(zlib.compress(BODY))


@pytest.mark.parametrize("to", ["/api/{}/store/", "/api/{}/store", "/api/store/"])
@pytest.mark.parametrize(
    ("content", "headers"),
    [
        (BODY, {"Content-Type": "application/json"}),
        (gzip.compress(BODY), {"Content-Encoding": "gzip"}),
        (PACKED, {"Content-Type": "application/octet-stream"}),
    ],
)
async def test_old_clients_store_one_event(served: Served, to: str, content: bytes, headers: dict[str, str]):
    assert (await send(served, content, to=to, headers=headers)).json() == {"id": ID}
    assert (await only_row(served.res, Event)).error_type == "ValueError"


async def test_the_oldest_clients_ask_for_a_picture(served: Served):
    async with plain_http() as client:
        answer = await client.get(
            f"{served.url}/api/{served.credentials.project_number}/store/",
            params={"sentry_key": served.credentials.ingest_key, "sentry_data": PACKED.decode()},
        )
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/gif")
    assert answer.content.startswith(b"GIF89a")
    assert (await only_row(served.res, Event)).event_id == ID


async def test_the_clock_of_the_reporter_is_corrected(served: Served):
    late = {**EVENT, "timestamp": "2001-01-01T00:00:10Z"}
    await send(served, envelope(("event", json.dumps(late).encode()), sent_at="2001-01-01T00:01:10Z"))
    event = await only_row(served.res, Event)
    assert 59 < (event.received_at - event.occurred_at).total_seconds() < 61
