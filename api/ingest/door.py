"""What all doors for reports have in common: who may knock, how much they may carry, and how failures are told."""

import math
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from functools import partial

from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from api.body import HOLD, BodyLimit, grow, grow_to
from api.cors import ANY_MAY_REPORT
from api.ingest.decoding import decoded
from core.settings import Settings
from domain.access import Actor
from domain.admission import Endpoint
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


async def whole_body(request: Request, most_bytes: int) -> bytes:
    """The body, decompressed, and held as such.

    Raises: InvalidInput, TooLarge, LimitExceeded.
    """
    pieces: list[bytes] = []
    size, hold = 0, request.scope[HOLD]
    async for piece in body_of(request, most_bytes):
        size += len(piece)
        await grow_to(hold, size)
        pieces.append(piece)
    return b"".join(pieces)


async def holding(request: Request, size: int) -> None:
    """Hold so many more bytes than the body has.

    Raises: LimitExceeded.
    """
    await grow(request.scope[HOLD], size)


async def admitted(request: Request, credential: str | None, endpoint: Endpoint = Endpoint.SINGLE) -> Actor:
    """Who calls, if they may report, and are within their limits; asked twice of a request, it is counted once.

    Raises: PermissionDenied, LimitExceeded, Unavailable.
    """
    resources = request.app.state.resources
    actor = await authenticate(resources, credential)
    if getattr(request.state, "reporter", None) != actor:
        await resources.admission.knock(actor, endpoint)
        request.state.reporter = actor
    return actor


def waiting(response: Response, failure: DomainError) -> int | None:
    """Tell in the response after how many whole seconds to try again (RFC 9110, 10.2.3), where that may help.

    And which limit it was, in the words of draft-ietf-httpapi-ratelimit-headers-06, which clients know.
    """
    if not isinstance(failure, LimitExceeded | Unavailable):
        return None
    seconds = math.ceil(failure.retry_after_s)
    response.headers["Retry-After"] = str(seconds)
    if isinstance(failure, LimitExceeded) and failure.limit is not None:
        response.headers["RateLimit-Limit"] = str(failure.limit)
        response.headers["RateLimit-Remaining"] = "0"
        response.headers["RateLimit-Reset"] = str(seconds)
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
