"""`/webhook/…/`: what the error handlers of frameworks send to an address, each in its own words.

The key may stand in the address, since many senders can set nothing else; so may the service and its like. Answers are
those of `/api/errors`.
"""

from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from api.credentials import credential_of
from api.ingest.decoding import decoded
from api.ingest.door import doors, holding
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
from domain.access import Actor, ActorKind, credential_kind
from domain.admission import Endpoint
from domain.dialects.webhooks import frontend, generic, java, laravel, mobile
from domain.dialects.webhooks.reading import Read, report_from_webhook
from domain.errors import InvalidInput, Unauthenticated
from domain.report import IngestSource, Report
from domain.signature import HEADER
from resolvers.access import authenticate
from resolvers.intake.destination import Destination
from resolvers.intake.log import log_reports
from resolvers.intake.signed import check_may_send, signing

# How each is read, by a key whose mapping counts where nobody knows the words.
DIALECTS: Mapping[IngestSource, Callable[[Actor], Read]] = {
    IngestSource.LARAVEL: lambda _: laravel.read,
    IngestSource.JAVA: lambda _: java.read,
    IngestSource.FRONTEND: lambda _: frontend.read,
    IngestSource.MOBILE: lambda _: mobile.read,
    IngestSource.GENERIC: lambda actor: generic.reader(actor.webhook.mapping),
}
# What may stand in the address, for those payloads that do not say it.
DEFAULTS = ("service", "environment", "release")


@dataclass(frozen=True, slots=True)
class _Webhook:
    """How a request is to be read, and what its address says besides."""

    source: IngestSource
    read: Read
    defaults: dict[str, str]


def webhook_routes(settings: Settings) -> list[Route]:
    """An address for each dialect."""
    make = partial(doors, methods=["POST"], settings=settings, refuse=refuse)
    return [route for source in DIALECTS for route in make(path_of(source), partial(_take, source))]


def path_of(source: IngestSource) -> str:
    """The address of a dialect, without the slash at its end."""
    return f"/webhook/{source.lower()}"


async def _take(source: IngestSource, request: Request) -> Response:
    """Store one error, or each of an array or of the lines of a body; whatever a payload says, it is not refused."""
    res = request.app.state.resources
    actor = await authenticate(res, _credential(request))
    check_may_send(actor)
    await res.admission.knock(actor.signed, Endpoint.SINGLE)  # whom it will be, if the signature holds
    body = await request.body()
    async with signing(res, actor, request.headers.get(HEADER), body) as reporter:
        values = await _values(request, body)
        errors = errors_in(values) if isinstance(values, list) else [one_error(values)]
        read = partial(_report, _Webhook(source, DIALECTS[source](actor), _defaults(request)))
        reads = [error if isinstance(error, InvalidInput) else partial(read, error) for error in errors]
        logged = await log_reports(res, reporter, reads, project=request.query_params.get("project"))
        return told_of_several(logged) if isinstance(values, list) else told_of_one(logged[0])


def _credential(request: Request) -> str | None:
    """The key of a header, or else of the address; a token is a secret, and addresses are written into logs.

    Raises: Unauthenticated.
    """
    in_address = request.query_params.get("key")
    if in_address and credential_kind(in_address) is ActorKind.TOKEN:
        raise Unauthenticated("A token is no part of an address: send it as 'Authorization: Bearer …'.")
    return credential_of(request) or in_address


async def _values(request: Request, body: bytes) -> Any:
    """The error, or the list of errors; where the whole is no JSON, each line may be."""
    encoding = request.headers.get("content-encoding", "")
    plain = b"".join([piece async for piece in decoded(_at_once(body), encoding, MOST_DECODED_BYTES)])
    await holding(request, len(plain))
    try:
        return parsed(plain)
    except InvalidInput:
        lines = lines_in(plain)
        if not any(isinstance(line, dict) for line in lines):
            raise
        return lines


async def _at_once(body: bytes) -> AsyncIterator[bytes]:
    yield body


def _defaults(request: Request) -> dict[str, str]:
    return {name: value for name in DEFAULTS if (value := request.query_params.get(name, "").strip())}


def _report(webhook: _Webhook, payload: dict[str, Any], destination: Destination, received_at: datetime) -> Report:
    return report_from_webhook(
        webhook.read,
        payload,
        source=webhook.source,
        service=destination.slug,
        received_at=received_at,
        redact_keys=destination.redact_keys,
        defaults=webhook.defaults,
    )
