"""Sentry's doors, for its unmodified SDKs: `/api/<project>/envelope/`, and `/store/` for the old ones.

What is answered, and in which headers, is what those SDKs obey: they do not send an event again, and a bare 429 would
silence them for a minute.
"""

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from api.answers import as_json
from api.body import TooLarge
from api.ingest.door import admitted, body_of, doors, holding, waiting, whole_body
from api.ingest.sentry_beside import CLIENT_REPORT, FEEDBACK, USER_REPORT, keep_beside, object_of
from api.ingest.sentry_key import KeyPlaces
from core.settings import Settings
from domain.access import Actor
from domain.admission import DropReason
from domain.dialects.sentry.envelope import EnvelopeReader
from domain.dialects.sentry.event import report_from_event
from domain.dialects.sentry.shapes import uuid_in
from domain.dialects.sentry.store import unwrapped
from domain.errors import DomainError, InvalidInput, LimitExceeded, Unauthenticated
from domain.report import Report
from resolvers.intake.destination import Destination
from resolvers.intake.log import log_report

MOST_EVENT_BYTES = 2**20
MOST_ENVELOPE_BYTES = 100 * 2**20
_MOST_WRAPPED_BYTES = 2 * MOST_EVENT_BYTES
_EVENT = "event"
_WANTED = {_EVENT: MOST_EVENT_BYTES, FEEDBACK: MOST_EVENT_BYTES, USER_REPORT: 2**16, CLIENT_REPORT: 2**16}
_REJECTED = 403
_PIXEL = bytes.fromhex("47494638396101000100800000000000ffffff21f90401000000002c00000000010001000002024401003b")


def sentry_routes(settings: Settings) -> list[Route]:
    """The addresses that SDKs make of a DSN."""
    make = partial(doors, settings=settings, refuse=_refuse)
    return [
        *make("/api/{project:int}/envelope", take_envelope, ["POST"]),
        *make("/api/{project:int}/store", take_event, ["GET", "POST"]),
        *make("/api/store", take_event, ["GET", "POST"]),
    ]


async def take_envelope(request: Request) -> Response:
    """Store the events of an envelope, then what came beside them; what else is in it is passed over."""
    places, reader = KeyPlaces(request), EnvelopeReader(_WANTED)
    is_admitted = not places.is_empty and bool(await admitted(request, places.one()))
    kept = 0
    async for piece in body_of(request, MOST_ENVELOPE_BYTES):
        reader.feed(piece)
        while kept < len(reader.envelope.items):
            await holding(request, len(reader.envelope.items[kept].payload))
            kept += 1
        if not is_admitted and reader.has_header:  # a stranger's body is not worth reading on
            places.add_dsn(reader.envelope.header.get("dsn"))
            is_admitted = bool(await admitted(request, places.one()))
    envelope = reader.finish()
    places.add_dsn(envelope.header.get("dsn"))
    actor = await admitted(request, places.one())
    answer = {"id": uuid_in(envelope.header.get("event_id"))}
    for item in envelope.items:
        if item.type == _EVENT:
            answer = await _store(request, actor, item.payload, envelope.header)
    feedback_id = await keep_beside(request, actor, envelope)
    for kind in envelope.too_large:
        raise TooLarge(f"The {kind} is larger than {_WANTED[kind]:,} bytes.")
    return as_json({"id": answer["id"] or feedback_id})


async def take_event(request: Request) -> Response:
    """Store one event that came by itself."""
    actor = await admitted(request, KeyPlaces(request).one())
    if request.method == "GET":
        wrapped = request.query_params.get("sentry_data", "").encode()
    else:
        wrapped = await whole_body(request, _MOST_WRAPPED_BYTES)
    answer = await _store(request, actor, unwrapped(wrapped, MOST_EVENT_BYTES), {})
    return Response(_PIXEL, media_type="image/gif") if request.method == "GET" else as_json(answer)


async def _store(request: Request, actor: Actor, payload: bytes, header: Mapping[str, Any]) -> dict[str, Any]:
    event = object_of(payload, _EVENT)
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


def _refuse(status: int, failure: DomainError) -> Response:
    if isinstance(failure, Unauthenticated) or (isinstance(failure, InvalidInput) and failure.path == ("project",)):
        status = _REJECTED
    response = as_json({"detail": failure.message, "causes": [failure.message]}, status)
    response.headers["X-Sentry-Error"] = failure.message.encode("ascii", "replace").decode()
    seconds = waiting(response, failure)
    if seconds is not None:
        # Errors only: without categories an SDK would hold back its sessions and check-ins as well.
        scope, why = _limit_of(failure)
        response.headers["X-Sentry-Rate-Limits"] = f"{seconds}:default;error:{scope}:{why}"
    return response


def _limit_of(failure: DomainError) -> tuple[str, str]:
    """Whom a limit is for, and what it is called: SDKs log it."""
    if not isinstance(failure, LimitExceeded):
        return "project", "unavailable"
    is_of_the_key = failure.reason in (DropReason.KEY_LIMIT, DropReason.ENDPOINT_LIMIT)
    return "key" if is_of_the_key else "project", failure.reason.lower()
