"""The doors for source maps: who may knock, what is taken, and how a refusal is told."""

import gzip
import json
from hashlib import sha1

import httpx
import pytest

from tests.domain.sourcemap.encoding import a_map
from tests.resolvers.sourcemap.test_upload import a_shops_bundle
from tests.support.plain_http import plain_http
from tests.support.serving import Served

MAP = a_map([[(4, 0, 9, 0)]])
GOOD = {"project": "default", "release": "shop@1", "url": "~/app.js"}
CHUNKS = "/api/0/organizations/any/chunk-upload/"
ASSEMBLE = "/api/0/organizations/any/artifactbundle/assemble/"


async def send(served: Served, path: str, *, credential: str | None = None, **more) -> httpx.Response:
    headers = {"Authorization": f"Bearer {credential or served.credentials.token}", **more.pop("headers", {})}
    async with plain_http() as client:
        return await client.request(more.pop("method", "POST"), served.url + path, headers=headers, **more)


async def upload(served: Served, content: bytes = MAP, **parameters: str) -> httpx.Response:
    return await send(served, "/api/sourcemaps", params=GOOD | parameters, content=content)


async def test_a_map_is_taken_and_told_of(served: Served):
    answer = await upload(served, dist="7")
    assert answer.status_code == 201
    told = answer.json()
    assert told.pop("id")
    of = {"release": "shop@1", "dist": "7", "url": "~/app.js", "debugId": None}
    assert told == {**of, "sources": 1, "mappings": 1}


async def test_a_map_may_be_compressed(served: Served):
    headers = {"Content-Encoding": "gzip"}
    answer = await send(served, "/api/sourcemaps/", params=GOOD, content=gzip.compress(MAP), headers=headers)
    assert answer.status_code == 201


@pytest.mark.parametrize("path", ["/api/sourcemaps", CHUNKS, ASSEMBLE])
async def test_an_ingest_key_is_refused_and_so_is_nobody(served: Served, path: str):
    refused = await send(served, path, credential=served.credentials.ingest_key)
    assert (refused.status_code, "public" in refused.json()["detail"]) == (403, True)
    nobody = await send(served, path, credential="x")
    assert (nobody.status_code, nobody.headers["WWW-Authenticate"]) == (401, "Bearer")


async def test_no_page_of_another_origin_may_upload(served: Served):
    headers = {"Origin": "https://elsewhere.example", "Access-Control-Request-Method": "POST"}
    answer = await send(served, "/api/sourcemaps", method="OPTIONS", headers=headers)
    assert answer.status_code == 405
    assert "access-control-allow-origin" not in answer.headers


@pytest.mark.parametrize(
    ("content", "parameters", "pointer"),
    [
        (b"{}", {}, "#/version"),
        (b"no", {}, None),
        (MAP, {"project": "elsewhere"}, "#/project"),
        (MAP, {"debugId": "7"}, "#/debugId"),
        (MAP, {"debug_id": "7"}, "#/debug_id"),
        (MAP, {"dist": "x" * 65}, "#/dist"),
    ],
)
async def test_a_refusal_names_the_part(served: Served, content: bytes, parameters: dict, pointer: str | None):
    answer = await upload(served, content, **parameters)
    assert (answer.status_code, answer.headers["content-type"]) == (400, "application/problem+json")
    assert [error["pointer"] for error in answer.json().get("errors", [])] == ([pointer] if pointer else [])


async def test_a_body_that_is_too_large_is_refused_as_it_comes_or_once_it_is_decompressed(served: Served):
    most = served.res.settings.sourcemap_bytes
    assert (await send(served, ASSEMBLE, content=b" " * (2**20 + 1))).status_code == 413
    headers = {"Content-Encoding": "gzip"}
    bomb = gzip.compress(b" " * (most + 1), 1)
    answer = await send(served, "/api/sourcemaps", params=GOOD, headers=headers, content=bomb)
    assert (answer.status_code, answer.json()["detail"]) == (413, f"The body has more than {most:,} bytes.")


async def test_sentry_cli_is_told_how_to_send(served: Served):
    told = (await send(served, CHUNKS, method="GET")).json()
    assert (told["url"], told["hashAlgorithm"], told["compression"]) == (CHUNKS, "sha1", ["gzip"])


@pytest.mark.parametrize("field", ["file", "file_gzip"])
async def test_a_bundle_is_missing_then_sent_then_put_together(served: Served, field: str):
    content = a_shops_bundle()
    checksum = sha1(content).hexdigest()
    ask = {"checksum": checksum, "chunks": [checksum], "projects": ["default"], "version": "shop@9", "dist": "7"}
    assert (await send(served, ASSEMBLE, json=ask)).json() == {"state": "not_found", "missingChunks": [checksum]}
    packed = gzip.compress(content) if field == "file_gzip" else content
    assert (await send(served, CHUNKS, files={field: (checksum, packed)})).status_code == 200
    for _ in range(2):
        assert (await send(served, ASSEMBLE, json=ask)).json() == {"state": "ok", "missingChunks": []}
    shown = await served.ask('{ project(slug: "default") { sourceMaps { release dist name } } }')
    assert shown["data"]["project"]["sourceMaps"] == [{"release": "shop@9", "dist": "7", "name": "~/app.js"}]


async def test_what_is_wrong_with_a_bundle_is_told(served: Served):
    checksum = sha1(b"no zip").hexdigest()
    await send(served, CHUNKS, files={"file": (checksum, b"no zip")})
    ask = {"checksum": checksum, "chunks": [checksum], "projects": ["default"]}
    told = (await send(served, ASSEMBLE, json=ask)).json()
    assert (told["state"], "cannot be unpacked" in told["detail"]) == ("error", True)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ([], "must be a JSON object"),
        ({}, "SHA-1"),
        ({"checksum": "a" * 40}, "`chunks` must be a list"),
        ({"checksum": "a" * 40, "chunks": ["A" * 40]}, "SHA-1"),
        ({"checksum": "a" * 40, "chunks": ["a" * 40], "projects": []}, "`projects` must be a list"),
        ({"checksum": "a" * 40, "chunks": ["a" * 40], "projects": ["elsewhere"]}, "no such project"),
        ({"checksum": "a" * 40, "chunks": ["a" * 40], "projects": ["default"], "version": ""}, "`version`"),
        ({"checksum": "a" * 40, "chunks": ["a" * 40], "projects": ["default"], "dist": "x" * 65}, "`dist`"),
    ],
)
async def test_what_is_asked_wrongly_is_told(served: Served, body: object, said: str):
    answer = await send(served, ASSEMBLE, content=json.dumps(body))
    assert answer.status_code == 400
    assert said in answer.json()["detail"]


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"other": ("a" * 40, b"x")}, "no field 'other'"),
        ({"file": ("x", b"x")}, "SHA-1"),
        ({"file": ("a" * 40, b"x")}, "another checksum"),
        ({"file_gzip": ("a" * 40, b"no gzip")}, "cannot be decompressed"),
        ({"file_gzip": ("a" * 40, gzip.compress(b" " * (8 * 2**20 + 1)))}, "8,388,608 bytes"),
    ],
)
async def test_a_piece_that_is_not_what_it_says_is_refused(served: Served, files: dict, said: str):
    answer = await send(served, CHUNKS, files=files)
    assert answer.status_code == 400
    assert said in answer.json()["detail"]


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/json", b"{}"),
        ("multipart/form-data; boundary=x", b""),
        ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data; name=file\r\n\r\nx\r\n--x--\r\n"),
        ("multipart/form-data; boundary=x", b"--x\r\n\r\nx\r\n" * 101 + b"--x--"),
    ],
)
async def test_what_is_no_form_of_files_is_refused(served: Served, kind: str, body: bytes):
    assert (await send(served, CHUNKS, content=body, headers={"Content-Type": kind})).status_code == 400
