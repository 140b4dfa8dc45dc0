"""What all doors for reports have in common: who may knock, how much they may carry, and how failures are told."""

import math
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from functools import partial

from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from api.body import BodyLimit
from api.cors import ANY_MAY_REPORT
from api.ingest.decoding import decoded
from core.settings import Settings
from domain.access import Actor, Scope
from domain.errors import (
    DomainError,
    InvalidInput,
    LimitExceeded,
    NotFound,
    PermissionDenied,
    Unauthenticated,
    Unavailable,
)
from resolvers.access import authenticate

STATUSES: tuple[tuple[type[DomainError], int], ...] = (
    (Unauthenticated, 401),
    (PermissionDenied, 403),
    (NotFound, 404),
    (LimitExceeded, 429),
    (Unavailable, 503),
    (InvalidInput, 400),
)
TOO_LARGE = 413

Handler = Callable[[Request], Awaitable[Response]]
# Makes the answer to a failure, in the form that the callers of a dialect read.
Refuse = Callable[[int, DomainError], Response]


def doors(path: str, handler: Handler, methods: Sequence[str], *, settings: Settings, refuse: Refuse) -> list[Route]:
    """The routes of one address, with and without the slash that some clients leave out."""
    limit = Middleware(
        BodyLimit,
        most_bytes=settings.max_body_bytes,
        refuse=lambda message: refuse(TOO_LARGE, InvalidInput(message)),
    )
    endpoint = partial(_answer, handler, refuse)
    allowed, middleware = [*methods, "OPTIONS"], [ANY_MAY_REPORT, limit]
    return [Route(path + slash, endpoint, methods=allowed, middleware=middleware) for slash in ("/", "")]


def body_of(request: Request, most_bytes: int) -> AsyncIterator[bytes]:
    """The body in pieces, decompressed.

    Raises: InvalidInput, TooLarge.
    """
    return decoded(request.stream(), request.headers.get("content-encoding", ""), most_bytes)


async def admitted(request: Request, credential: str | None) -> Actor:
    """Who calls, if they may report.

    Raises: PermissionDenied, Unavailable.
    """
    actor = await authenticate(request.app.state.resources, credential)
    actor.require(Scope.INGEST)
    return actor


def waiting(response: Response, failure: DomainError) -> int | None:
    """Tell in the response after how many whole seconds to try again (RFC 9110, 10.2.3), where that may help."""
    if not isinstance(failure, LimitExceeded | Unavailable):
        return None
    seconds = math.ceil(failure.retry_after_s)
    response.headers["Retry-After"] = str(seconds)
    return seconds


async def _answer(handler: Handler, refuse: Refuse, request: Request) -> Response:
    if request.method == "OPTIONS":
        return Response()  # asked by no browser: what those ask never comes so far
    try:
        return await handler(request)
    except ClientDisconnect:
        return Response(status_code=400)  # nobody reads it
    except DomainError as failure:
        status = next(status for kind, status in STATUSES if isinstance(failure, kind))
        return refuse(status, failure)
