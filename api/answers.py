"""Answers of the door itself, in the form that GraphQL clients read."""

import math

import orjson
from starlette.responses import Response

from domain.errors import Unavailable


def problem(status: int, code: str, message: str, **more: object) -> Response:
    """An error of the request as a whole, before anything was executed."""
    return as_json({"errors": [{"message": message, "extensions": {"code": code, **more}}]}, status)


def unavailable(away: Unavailable) -> Response:
    """503, and after how many seconds to try again (RFC 9110, 10.2.3)."""
    response = problem(503, "UNAVAILABLE", away.message, retryAfter=away.retry_after_s)
    response.headers["Retry-After"] = str(math.ceil(away.retry_after_s))
    return response


def as_json(value: object, status: int = 200) -> Response:
    """Any value as JSON."""
    return Response(orjson.dumps(value), status_code=status, media_type="application/json")
