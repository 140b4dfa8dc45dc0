"""Sentry's doors, for its unmodified SDKs: `/api/<project>/envelope/`, and `/store/` for the old ones.

What is answered, and in which headers, is what those SDKs obey: they do not send an event again, and a bare 429 would
silence them for a minute.
"""

import math
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from datetime import datetime
from functools import partial
from json import JSONDecodeError
from typing import Any

from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from api.answers import as_json
from api.body import BodyLimit, TooLarge
from api.ingest.cors import CORS
from api.ingest.decoding import decoded
from api.ingest.sentry_key import KeyPlaces
from api.reading import salvage_json
from core.settings import Settings
from domain.access import Actor, Scope
from domain.dialects.sentry.envelope import EnvelopeReader
from domain.dialects.sentry.event import report_from_event
from domain.dialects.sentry.store import unwrapped
from domain.errors import DomainError, InvalidInput, LimitExceeded, PermissionDenied, Unavailable
from domain.report import Report
from resolvers.access import authenticate
from resolvers.intake.destination import Destination
from resolvers.intake.log import log_report

MOST_EVENT_BYTES = 2**20
MOST_ENVELOPE_BYTES = 100 * 2**20
_MOST_WRAPPED_BYTES = 2 * MOST_EVENT_BYTES
_EVENT = "event"
_PIXEL = bytes.fromhex("47494638396101000100800000000000ffffff21f90401000000002c00000000010001000002024401003b")

Handler = Callable[[Request], Awaitable[Response]]


def sentry_routes(settings: Settings) -> list[Route]:
    """The addresses that SDKs make of a DSN, with and without the slash that some leave out."""
    handlers: dict[str, tuple[Handler, list[str]]] = {
        "/api/{project:int}/envelope": (take_envelope, ["POST"]),
        "/api/{project:int}/store": (take_event, ["GET", "POST"]),
        "/api/store": (take_event, ["GET", "POST"]),
    }
    middleware = [CORS, Middleware(BodyLimit, most_bytes=settings.max_body_bytes, refuse=partial(_refusal, 413))]
    return [
        Route(path + slash, _answering(handler), methods=[*methods, "OPTIONS"], middleware=middleware)
        for path, (handler, methods) in handlers.items()
        for slash in ("/", "")
    ]


async def take_envelope(request: Request) -> Response:
    """Store the events of an envelope; what else is in it is passed over."""
    places, reader = KeyPlaces(request), EnvelopeReader({_EVENT: MOST_EVENT_BYTES})
    is_admitted = not places.is_empty and bool(await _admitted(request, places))
    async for piece in _body(request, MOST_ENVELOPE_BYTES):
        reader.feed(piece)
        if not is_admitted and reader.has_header:  # a stranger's body is not worth reading on
            places.add_dsn(reader.envelope.header.get("dsn"))
            is_admitted = bool(await _admitted(request, places))
    envelope = reader.finish()
    places.add_dsn(envelope.header.get("dsn"))
    actor = await _admitted(request, places)
    if envelope.too_large:
        raise TooLarge(f"The event is larger than {MOST_EVENT_BYTES:,} bytes.")
    answer = {"id": envelope.header.get("event_id")}
    for item in envelope.items:
        answer = await _store(request, actor, item.payload, envelope.header)
    return as_json(answer)


async def take_event(request: Request) -> Response:
    """Store one event that came by itself."""
    actor = await _admitted(request, KeyPlaces(request))
    if request.method == "GET":
        wrapped = request.query_params.get("sentry_data", "").encode()
    else:
        wrapped = b"".join([piece async for piece in _body(request, _MOST_WRAPPED_BYTES)])
    answer = await _store(request, actor, unwrapped(wrapped, MOST_EVENT_BYTES), {})
    return Response(_PIXEL, media_type="image/gif") if request.method == "GET" else as_json(answer)


def _body(request: Request, most_bytes: int) -> AsyncIterator[bytes]:
    return decoded(request.stream(), request.headers.get("content-encoding", ""), most_bytes)


async def _admitted(request: Request, places: KeyPlaces) -> Actor:
    actor = await authenticate(request.app.state.resources, places.one())
    actor.require(Scope.INGEST)
    return actor


async def _store(request: Request, actor: Actor, payload: bytes, header: Mapping[str, Any]) -> dict[str, Any]:
    try:
        event = salvage_json(payload)
    except JSONDecodeError as error:
        raise InvalidInput(f"The event is no JSON: {error}.", (_EVENT,)) from error
    if not isinstance(event, dict):
        raise InvalidInput("The event is no JSON object.", (_EVENT,))
    address = request.client.host if request.client else None
    read = partial(_read, event, header, address)
    stored = await log_report(request.app.state.resources, actor, read, project=request.path_params.get("project"))
    return {"id": stored.event_id}


def _read(
    event: Mapping[str, Any],
    header: Mapping[str, Any],
    client_address: str | None,
    destination: Destination,
    received_at: datetime,
) -> Report:
    return report_from_event(
        event,
        service=destination.slug,
        received_at=received_at,
        redact_keys=destination.redact_keys,
        event_id=header.get("event_id"),
        sent_at=header.get("sent_at"),
        client_address=client_address,
    )


def _answering(handler: Handler) -> Handler:
    """The handler, with its failures answered as SDKs and their users read them."""

    async def answer(request: Request) -> Response:
        if request.method == "OPTIONS":
            return Response()  # asked by no browser
        try:
            return await handler(request)
        except ClientDisconnect:
            return Response(status_code=400)  # nobody reads it
        except DomainError as failure:
            return _failure(failure)

    return answer


def _failure(failure: DomainError) -> Response:
    match failure:
        case PermissionDenied():
            return _refusal(403, failure.message)
        case InvalidInput(path=("project",)):
            return _refusal(403, failure.message)
        case InvalidInput():
            return _refusal(400, failure.message)
        case LimitExceeded():
            return _wait(429, failure.message, failure.retry_after_s, reason="queue_full")
        case Unavailable():
            return _wait(503, failure.message, failure.retry_after_s, reason="unavailable")
    raise failure


def _wait(status: int, message: str, seconds: float, *, reason: str) -> Response:
    response = _refusal(status, message)
    retry_after = math.ceil(seconds)
    response.headers["Retry-After"] = str(retry_after)
    # Errors only: without categories an SDK would hold back its sessions and check-ins as well.
    response.headers["X-Sentry-Rate-Limits"] = f"{retry_after}:default;error:project:{reason}"
    return response


def _refusal(status: int, message: str) -> Response:
    response = as_json({"detail": message, "causes": [message]}, status)
    response.headers["X-Sentry-Error"] = message.encode("ascii", "replace").decode()
    return response
