"""`/api/errors`: one error, or a batch, as plain JSON, for programs that have no SDK and speak no GraphQL.

The fields are those of `LogErrorInput`. What is wrong is told as problem details (RFC 9457).
"""

from collections.abc import Mapping
from functools import partial
from json import JSONDecodeError
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from api.answers import as_json
from api.credentials import credential_of
from api.ingest.door import TOO_LARGE, admitted, body_of, doors, waiting
from api.reading import salvage_json
from core.settings import Settings
from domain.errors import DomainError, InvalidInput
from domain.report import IngestOutcome, IngestSource
from resolvers.intake.incoming import Stored
from resolvers.intake.log import MOST_AT_ONCE, Logged, log_errors
from schema.node import global_id

MOST_DECODED_BYTES = 32 * 2**20
_TITLES = {
    400: "The request cannot be understood",
    401: "Not authenticated",
    403: "Not allowed",
    TOO_LARGE: "Too large",
    429: "Too much at once",
    503: "Unavailable",
}


_TEXT = {"type": ["string", "null"]}
RESULT: dict[str, Any] = {
    "type": "object",
    "properties": {
        "outcome": {"type": "string", "enum": [outcome.value for outcome in IngestOutcome]},
        "eventId": _TEXT,
        "issueId": _TEXT,
        "issueShortId": _TEXT,
        "isNew": {"type": "boolean"},
        "isRegression": {"type": "boolean"},
        "problem": {"$ref": "#/components/schemas/Problem"},
    },
}
SUMMARY: dict[str, Any] = {
    "type": "object",
    "properties": {
        "stored": {"type": "integer"},
        "refused": {"type": "integer"},
        "results": {"type": "array", "items": RESULT},
    },
}


def rest_routes(settings: Settings) -> list[Route]:
    """The addresses for single errors and for batches."""
    make = partial(doors, methods=["POST"], settings=settings, refuse=_refuse)
    return [*make("/api/errors/batch", take_errors), *make("/api/errors", take_error)]


async def take_error(request: Request) -> Response:
    """Store one error; its answer says what became of it."""
    actor = await admitted(request, credential_of(request))
    fields = _object(_parsed(await _whole(request)))
    (logged,) = await log_errors(request.app.state.resources, actor, [fields], source=IngestSource.REST)
    if logged.failure is not None:
        raise logged.failure
    return as_json(_outcome(logged.stored))


async def take_errors(request: Request) -> Response:
    """Store a batch, a JSON array or an object a line; each is stored or refused alone, in its order."""
    actor = await admitted(request, credential_of(request))
    batch = [_item(item) for item in _batch(await _whole(request))]
    if len(batch) > MOST_AT_ONCE:
        raise InvalidInput(f"At most {MOST_AT_ONCE:,} errors a call, these are {len(batch):,}.")
    logged = await log_errors(request.app.state.resources, actor, batch, source=IngestSource.REST)
    results = [_result(item) for item in logged]
    refused = sum("problem" in result for result in results)
    return as_json({"stored": len(results) - refused, "refused": refused, "results": results})


async def _whole(request: Request) -> bytes:
    return b"".join([piece async for piece in body_of(request, MOST_DECODED_BYTES)])


def _batch(body: bytes) -> list[Any]:
    """What stands in an array, or on the lines of the body; a line that is no JSON is one that is refused."""
    if body.lstrip()[:1] == b"[":
        items: list[Any] = _parsed(body)
        return items
    return [_parsed_or_not(line) for line in body.splitlines() if line.strip()]


def _parsed(body: bytes) -> Any:
    try:
        return salvage_json(body)
    except JSONDecodeError as error:
        raise InvalidInput(f"The body is no JSON: {error}.") from error


def _parsed_or_not(line: bytes) -> Any:
    try:
        return salvage_json(line)
    except JSONDecodeError as error:
        return InvalidInput(f"This line is no JSON: {error}.")


def _object(value: Any) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise InvalidInput("An error must be a JSON object.")
    return value


def _item(value: Any) -> Mapping[str, Any] | InvalidInput:
    if isinstance(value, dict | InvalidInput):
        return value
    return InvalidInput("An error must be a JSON object.")


def _result(logged: Logged) -> dict[str, Any]:
    result = _outcome(logged.stored)
    return result if logged.failure is None else {**result, "problem": _problem(400, logged.failure)}


def _outcome(stored: Stored) -> dict[str, Any]:
    return {
        "outcome": stored.outcome,
        "eventId": stored.event_id or None,
        "issueId": global_id("Issue", stored.issue_id) if stored.issue_id else None,
        "issueShortId": stored.short_id,
        "isNew": stored.is_new,
        "isRegression": stored.is_regression,
    }


def _refuse(status: int, failure: DomainError) -> Response:
    response = as_json(_problem(status, failure), status)
    response.headers["Content-Type"] = "application/problem+json"
    if status == 401:  # noqa: PLR2004 - RFC 9110, 11.6.1 wants the scheme named
        response.headers["WWW-Authenticate"] = "Bearer"
    waiting(response, failure)
    return response


def _problem(status: int, failure: DomainError) -> dict[str, Any]:
    """Problem details; `pointer` (RFC 6901) leads to the field, as the example in RFC 9457, 3 has it."""
    problem: dict[str, Any] = {"type": "about:blank", "title": _TITLES[status], "status": status}
    problem["detail"] = failure.message
    if isinstance(failure, InvalidInput) and failure.path:
        pointer = "".join("/" + part.replace("~", "~0").replace("/", "~1") for part in failure.path)
        problem["errors"] = [{"detail": failure.message, "pointer": f"#{pointer}"}]
    return problem
