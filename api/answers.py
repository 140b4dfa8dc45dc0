"""Answers of the door itself, in the form that GraphQL clients read."""

import orjson
from starlette.responses import Response


def problem(status: int, code: str, message: str) -> Response:
    """An error of the request as a whole, before anything was executed."""
    body = {"errors": [{"message": message, "extensions": {"code": code}}]}
    return Response(orjson.dumps(body), status_code=status, media_type="application/json")


def as_json(value: object, status: int = 200) -> Response:
    """Any value as JSON."""
    return Response(orjson.dumps(value), status_code=status, media_type="application/json")
