"""The doors that `sentry-cli sourcemaps upload` knocks at, unmodified: a bundle in pieces, then put together.

It asks how large pieces may be, asks to put the bundle together, is told which pieces are missing, sends those, and
asks again. There is one organization, so what is named as such does not count.
"""

import json
import re
import zlib
from collections.abc import Mapping
from functools import partial
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from api.answers import as_json
from api.sourcemaps.door import doors, told, uploader, whole
from api.sourcemaps.parts import MOST_PARTS, files_in
from domain.bounds import DIST, RELEASE, Bound
from domain.errors import Conflict, DomainError, InvalidInput
from resolvers.sourcemap.chunks import CHUNK_BYTES, MOST_CHUNKS, assemble, is_stored, missing_chunks, put_chunks
from resolvers.sourcemap.upload import find_uploaders_project

MOST_REQUEST_BYTES = 32 * 2**20
MOST_PROJECTS = 10
_MOST_ASKED_BYTES = 2**20
_MARKS_OF_A_FORM = 2**16
_CHECKSUM = re.compile(r"[0-9a-f]{40}")
_GZIP = 31


def sentry_cli_routes() -> list[Route]:
    """The addresses that it makes of the server's."""
    make = partial(doors, refuse=_refuse)
    organization = "/api/0/organizations/{organization}"
    most = MOST_REQUEST_BYTES + _MARKS_OF_A_FORM
    return [
        *make(f"{organization}/chunk-upload", tell_limits, ["GET"], most_bytes=0),
        *make(f"{organization}/chunk-upload", take_chunks, ["POST"], most_bytes=most),
        *make(f"{organization}/artifactbundle/assemble", take_bundle, ["POST"], most_bytes=_MOST_ASKED_BYTES),
    ]


async def tell_limits(request: Request) -> Response:
    """How pieces are to be sent."""
    await uploader(request)
    limits = {
        "url": request.url.path,
        "chunkSize": CHUNK_BYTES,
        "chunksPerRequest": MOST_PARTS,
        "maxRequestSize": MOST_REQUEST_BYTES,
        "maxFileSize": request.app.state.resources.settings.sourcemap_upload_bytes,
        "concurrency": 1,
        "hashAlgorithm": "sha1",
        "compression": ["gzip"],
        "accept": ["artifact_bundles", "artifact_bundles_v2"],
    }
    return as_json(limits)


async def take_chunks(request: Request) -> Response:
    """Keep pieces, each under the checksum that it is named by."""
    actor = await uploader(request)
    body = await whole(request, MOST_REQUEST_BYTES + _MARKS_OF_A_FORM)
    chunks = {}
    for field, name, content in files_in(body, request.headers.get("content-type", "")):
        if field not in ("file", "file_gzip"):
            raise InvalidInput(f"There is no field {field[:100]!r}.", ("body",))
        chunks[_checksum(name)] = _unzipped(content) if field == "file_gzip" else content
    await put_chunks(request.app.state.resources, actor, chunks)
    return as_json({})


async def take_bundle(request: Request) -> Response:
    """Put a bundle together, or tell what is missing of it."""
    actor = await uploader(request)
    resources = request.app.state.resources
    asked = asked_object(await whole(request, _MOST_ASKED_BYTES))
    bundle = _checksum(asked.get("checksum"))
    checksums = [_checksum(value) for value in _list(asked, "chunks", MOST_CHUNKS)]
    names = list(dict.fromkeys(str(name) for name in _list(asked, "projects", MOST_PROJECTS)))
    release, dist = _name(asked, "version", RELEASE), _name(asked, "dist", DIST)
    destinations = [await find_uploaders_project(resources, actor, name) for name in names]
    if await is_stored(resources, actor, destinations, bundle):
        return _state("ok")
    if missing := await missing_chunks(resources, actor, checksums):
        return _state("not_found", missing)
    try:
        await assemble(resources, actor, destinations, bundle=bundle, checksums=checksums, release=release, dist=dist)
    except (InvalidInput, Conflict) as failure:
        return _state("error", detail=failure.message)
    return _state("ok")


def _state(state: str, missing: list[bytes] | None = None, detail: str | None = None) -> Response:
    chunks = [checksum.hex() for checksum in missing or ()]
    return as_json({"state": state, "missingChunks": chunks, **({"detail": detail} if detail else {})})


def asked_object(body: bytes) -> Mapping[str, Any]:
    """What is asked for, in JSON.

    Raises: InvalidInput.
    """
    try:
        asked = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise InvalidInput(f"The body is no JSON: {error}.", ("body",)) from error
    if not isinstance(asked, dict):
        raise InvalidInput("The body must be a JSON object.", ("body",))
    return asked


def _list(asked: Mapping[str, Any], name: str, most: int) -> list[Any]:
    values = asked.get(name)
    if not isinstance(values, list) or not 0 < len(values) <= most:
        raise InvalidInput(f"`{name}` must be a list of 1 to {most:,}.", (name,))
    return values


def _name(asked: Mapping[str, Any], name: str, bound: Bound) -> str | None:
    value = asked.get(name)
    if value is not None and (not isinstance(value, str) or not 0 < len(value) <= bound.limit):
        raise InvalidInput(f"`{name}` must have 1 to {bound.limit} characters.", (name,))
    return value


def _checksum(value: Any) -> bytes:
    if not isinstance(value, str) or not _CHECKSUM.fullmatch(value):
        raise InvalidInput("A checksum must be a SHA-1 of 40 lower hex digits.", ("checksum",))
    return bytes.fromhex(value)


def _unzipped(content: bytes) -> bytes:
    """The bytes of a compressed piece, and one too many of one that is too large."""
    try:
        return zlib.decompressobj(_GZIP).decompress(content, CHUNK_BYTES + 1)
    except zlib.error as error:
        raise InvalidInput(f"A piece cannot be decompressed: {error}.", ("body",)) from error


def _refuse(status: int, failure: DomainError) -> Response:
    return told(status, failure, {"detail": failure.message})
