"""OpenTelemetry's doors: OTLP over HTTP, `/v1/logs` and `/v1/traces`, binary or JSON, as every exporter speaks it.

Answers are those of the specification (opentelemetry.io/docs/specs/otlp): what was refused is counted in
`partialSuccess`, and what may be sent again is told so by 429 or 503.
"""

from collections.abc import Callable
from functools import partial
from json import JSONDecodeError
from typing import Any

from google.protobuf.json_format import MessageToDict, MessageToJson, ParseDict
from google.protobuf.message import DecodeError, Message
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest, ExportLogsServiceResponse
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from api.answers import as_json
from api.credentials import credential_of
from api.ingest.door import admitted, doors, waiting, whole_body
from api.reading import salvage_json
from core.settings import Settings
from domain.dialects.otlp import errors_in_logs, errors_in_traces
from domain.errors import DomainError, InvalidInput
from domain.report import IngestSource
from resolvers.intake.log import MOST_AT_ONCE, Logged, log_errors

MOST_DECODED_BYTES = 32 * 2**20
_JSON = "application/json"
_BINARY = "application/x-protobuf"


def otlp_routes(settings: Settings) -> list[Route]:
    """The addresses that exporters make of OTEL_EXPORTER_OTLP_ENDPOINT."""
    make = partial(doors, methods=["POST"], settings=settings, refuse=_refuse)
    logs = partial(_take, ExportLogsServiceRequest, ExportLogsServiceResponse, "rejectedLogRecords", errors_in_logs)
    traces = partial(_take, ExportTraceServiceRequest, ExportTraceServiceResponse, "rejectedSpans", errors_in_traces)
    return [*make("/v1/logs", logs), *make("/v1/traces", traces)]


async def _take(
    asked: type[Message],
    answered: type[Message],
    rejected: str,
    errors_in: Callable[[Any], list[dict[str, Any]]],
    request: Request,
) -> Response:
    """Store the errors that are among what is exported; the rest is passed over."""
    actor = await admitted(request, credential_of(request))
    is_json = request.headers.get("content-type", "").partition(";")[0].strip().lower() == _JSON
    body = await whole_body(request, MOST_DECODED_BYTES)
    errors = errors_in(_from_json(body) if is_json else _from_binary(asked, body))
    logged: list[Logged] = []
    for start in range(0, len(errors), MOST_AT_ONCE):
        part = errors[start : start + MOST_AT_ONCE]
        logged += await log_errors(request.app.state.resources, actor, part, source=IngestSource.OTLP)
    answer = ParseDict(_partial_success(logged, rejected), answered())
    if is_json:
        return Response(MessageToJson(answer, indent=None), media_type=_JSON)
    return Response(answer.SerializeToString(), media_type=_BINARY)


def _from_json(body: bytes) -> Any:
    try:
        return salvage_json(body)
    except JSONDecodeError as error:
        raise InvalidInput(f"The body is no JSON: {error}.") from error


def _from_binary(asked: type[Message], body: bytes) -> Any:
    message = asked()
    try:
        message.ParseFromString(body)
    except DecodeError as error:
        raise InvalidInput(f"The body is no {message.DESCRIPTOR.name}; is its Content-Type {_JSON}?") from error
    return MessageToDict(message, use_integers_for_enums=True)


def _partial_success(logged: list[Logged], rejected: str) -> dict[str, Any]:
    refusals = [item.failure.message for item in logged if item.failure is not None]
    if not refusals:
        return {}
    return {"partialSuccess": {rejected: str(len(refusals)), "errorMessage": refusals[0]}}


def _refuse(status: int, failure: DomainError) -> Response:
    # A `Status` of google.rpc, of which exporters log the message; they read JSON where the body was binary too.
    response = as_json({"message": failure.message}, status)
    waiting(response, failure)
    return response
