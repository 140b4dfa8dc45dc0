"""What both doors for source maps have in common: who may knock, how much they may carry, how failures are told.

Nothing of this is for browsers, so no page of another origin may call it.
"""

from collections.abc import Sequence
from functools import partial
from typing import Any

from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from api.answers import as_json
from api.body import BodyLimit
from api.credentials import credential_of
from api.ingest.door import STATUSES, TOO_LARGE, Handler, Refuse, body_of, waiting
from domain.access import Actor
from domain.errors import Conflict, DomainError, InvalidInput
from resolvers.access import authenticate
from resolvers.sourcemap.upload import require_uploader

_STATUSES: tuple[tuple[type[DomainError], int], ...] = (*STATUSES, (Conflict, 409))


def doors(path: str, handler: Handler, methods: Sequence[str], *, most_bytes: int, refuse: Refuse) -> list[Route]:
    """The routes of one address, with and without a slash; bodies past the limit are refused while they arrive."""
    limit = Middleware(BodyLimit, most_bytes=most_bytes, refuse=lambda _: refuse(TOO_LARGE, too_large(most_bytes)))
    endpoint = partial(_answer, handler, refuse)
    return [Route(path + slash, endpoint, methods=[*methods], middleware=[limit]) for slash in ("/", "")]


async def uploader(request: Request) -> Actor:
    """Who calls, if they may upload.

    Raises: PermissionDenied, Unavailable.
    """
    actor = await authenticate(request.app.state.resources, credential_of(request))
    require_uploader(actor)
    return actor


async def whole(request: Request, most_bytes: int) -> bytes:
    """The body, decompressed.

    Raises: InvalidInput, TooLarge.
    """
    return b"".join([piece async for piece in body_of(request, most_bytes)])


def too_large(most_bytes: int) -> InvalidInput:
    """What is said of a body past its limit."""
    return InvalidInput(f"The body has more than {most_bytes:,} bytes.", ("body",))


def told(status: int, failure: DomainError, answer: dict[str, Any]) -> Response:
    """The answer to a failure, and when to try again where that helps."""
    response = as_json(answer, status)
    if status == 401:  # noqa: PLR2004 - RFC 9110, 11.6.1 wants the scheme named
        response.headers["WWW-Authenticate"] = "Bearer"
    waiting(response, failure)
    return response


async def _answer(handler: Handler, refuse: Refuse, request: Request) -> Response:
    try:
        return await handler(request)
    except ClientDisconnect:
        return Response(status_code=400)  # nobody reads it
    except DomainError as failure:
        return refuse(next(status for kind, status in _STATUSES if isinstance(failure, kind)), failure)
