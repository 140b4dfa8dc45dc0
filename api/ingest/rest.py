"""`/api/errors`: one error, or a batch, as plain JSON, for programs that have no SDK and speak no GraphQL.

The fields are those of `LogErrorInput`. What is wrong is told as problem details (RFC 9457).
"""

from functools import partial
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from api.credentials import credential_of
from api.ingest.door import admitted, doors, whole_body
from api.ingest.plain import (
    MOST_DECODED_BYTES,
    errors_in,
    lines_in,
    one_error,
    parsed,
    refuse,
    told_of_one,
    told_of_several,
)
from core.settings import Settings
from domain.admission import Endpoint
from domain.report import IngestSource
from resolvers.intake.log import log_errors


def rest_routes(settings: Settings) -> list[Route]:
    """The addresses for single errors and for batches."""
    make = partial(doors, methods=["POST"], settings=settings, refuse=refuse)
    return [*make("/api/errors/batch", take_errors), *make("/api/errors", take_error)]


async def take_error(request: Request) -> Response:
    """Store one error; its answer says what became of it."""
    actor = await admitted(request, credential_of(request))
    fields = one_error(parsed(await _whole(request)))
    (logged,) = await log_errors(request.app.state.resources, actor, [fields], source=IngestSource.REST)
    return told_of_one(logged)


async def take_errors(request: Request) -> Response:
    """Store a batch, a JSON array or an object a line; each is stored or refused alone, in its order."""
    actor = await admitted(request, credential_of(request), Endpoint.BATCH)
    batch = errors_in(_batch(await _whole(request)))
    logged = await log_errors(request.app.state.resources, actor, batch, source=IngestSource.REST)
    return told_of_several(logged)


async def _whole(request: Request) -> bytes:
    return await whole_body(request, MOST_DECODED_BYTES)


def _batch(body: bytes) -> list[Any]:
    """What stands in an array, or on the lines of the body."""
    if body.lstrip()[:1] == b"[":
        items: list[Any] = parsed(body)
        return items
    return lines_in(body)
