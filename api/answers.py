"""Answers of the door itself, in the form that GraphQL clients read."""

import json
import math

import orjson
from starlette.responses import Response

from domain.errors import LimitExceeded, Unavailable


def problem(status: int, code: str, message: str, **more: object) -> Response:
    """An error of the request as a whole, before anything was executed."""
    return as_json({"errors": [{"message": message, "extensions": {"code": code, **more}}]}, status)


def try_later(failure: LimitExceeded | Unavailable) -> Response:
    """429 or 503, and after how many seconds to try again (RFC 9110, 10.2.3)."""
    status, code = (429, "RATE_LIMITED") if isinstance(failure, LimitExceeded) else (503, "UNAVAILABLE")
    response = problem(status, code, failure.message, retryAfter=failure.retry_after_s)
    response.headers["Retry-After"] = str(math.ceil(failure.retry_after_s))
    return response


def as_json(value: object, status: int = 200) -> Response:
    """Any value as JSON."""
    return Response(json_bytes(value), status_code=status, media_type="application/json")


def json_bytes(value: object) -> bytes:
    """The value as JSON, also one that repeats a caller's lone surrogate: that goes back as the escape that it was."""
    try:
        return orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS)
    except orjson.JSONEncodeError:
        return json.dumps(value).encode()
