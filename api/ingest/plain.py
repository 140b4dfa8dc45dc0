"""What the doors for plain JSON have in common: how a body is read, and how it is told what became of it.

What is wrong is told as problem details (RFC 9457).
"""

from collections.abc import Mapping, Sequence
from json import JSONDecodeError
from typing import Any

from starlette.responses import Response

from api.answers import as_json
from api.ingest.door import TOO_LARGE, waiting
from api.reading import salvage_json
from domain.errors import DomainError, InvalidInput, LimitExceeded
from domain.report import IngestOutcome
from resolvers.intake.incoming import Stored
from resolvers.intake.log import MOST_AT_ONCE, Logged
from schema.node import global_id

MOST_DECODED_BYTES = 32 * 2**20
_NO_OBJECT = "An error must be a JSON object."
_TITLES = {
    400: "The request cannot be understood",
    401: "Not authenticated",
    403: "Not allowed",
    404: "Not found",
    409: "In the way of something else",
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


def parsed(body: bytes) -> Any:
    """What the JSON says.

    Raises: InvalidInput.
    """
    try:
        return salvage_json(body)
    except JSONDecodeError as error:
        raise InvalidInput(f"The body is no JSON: {error}.") from error


def lines_in(body: bytes) -> list[Any]:
    """What stands on the lines of the body; a line that is no JSON is one that is refused."""
    return [_parsed_or_not(line) for line in body.splitlines() if line.strip()]


def one_error(value: Any) -> Mapping[str, Any]:
    """The value, if it is an object.

    Raises: InvalidInput.
    """
    if not isinstance(value, dict):
        raise InvalidInput(_NO_OBJECT)
    return value


def errors_in(values: Sequence[Any]) -> list[Mapping[str, Any] | InvalidInput]:
    """Each of the values, or why it is refused.

    Raises: InvalidInput where they are too many.
    """
    if len(values) > MOST_AT_ONCE:
        raise InvalidInput(f"At most {MOST_AT_ONCE:,} errors a call, these are {len(values):,}.")
    return [value if isinstance(value, dict | InvalidInput) else InvalidInput(_NO_OBJECT) for value in values]


def told_of_one(logged: Logged) -> Response:
    """What became of an error that came alone.

    Raises: InvalidInput, LimitExceeded where it was refused.
    """
    if logged.failure is not None:
        raise logged.failure
    return as_json(_outcome(logged.stored))


def told_of_several(logged: Sequence[Logged]) -> Response:
    """What became of each error of a batch."""
    results = [_result(item) for item in logged]
    refused = sum("problem" in result for result in results)
    filtered = sum(result["outcome"] == IngestOutcome.FILTERED for result in results)
    return as_json({"stored": len(results) - refused - filtered, "refused": refused, "results": results})


def _parsed_or_not(line: bytes) -> Any:
    try:
        return salvage_json(line)
    except JSONDecodeError as error:
        return InvalidInput(f"This line is no JSON: {error}.")


def _result(logged: Logged) -> dict[str, Any]:
    result = _outcome(logged.stored)
    if logged.failure is None:
        return result
    status = 429 if isinstance(logged.failure, LimitExceeded) else 400
    return {**result, "problem": problem_details(status, logged.failure)}


def _outcome(stored: Stored) -> dict[str, Any]:
    return {
        "outcome": stored.outcome,
        "eventId": stored.event_id or None,
        "issueId": global_id("Issue", stored.issue_id) if stored.issue_id else None,
        "issueShortId": stored.short_id,
        "isNew": stored.is_new,
        "isRegression": stored.is_regression,
    }


def refuse(status: int, failure: DomainError) -> Response:
    """The answer to a failure, as problem details."""
    response = as_json(problem_details(status, failure), status)
    response.headers["Content-Type"] = "application/problem+json"
    if status == 401:  # noqa: PLR2004 - RFC 9110, 11.6.1 wants the scheme named
        response.headers["WWW-Authenticate"] = "Bearer"
    waiting(response, failure)
    return response


def problem_details(status: int, failure: DomainError) -> dict[str, Any]:
    """Problem details; `pointer` (RFC 6901) leads to the field, as the example in RFC 9457, 3 has it."""
    problem: dict[str, Any] = {"type": "about:blank", "title": _TITLES[status], "status": status}
    problem["detail"] = failure.message
    if isinstance(failure, InvalidInput) and failure.path:
        pointer = "".join("/" + part.replace("~", "~0").replace("/", "~1") for part in failure.path)
        problem["errors"] = [{"detail": failure.message, "pointer": f"#{pointer}"}]
    return problem
