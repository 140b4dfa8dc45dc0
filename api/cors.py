"""Which pages of other origins may call us, as browsers ask beforehand (Fetch standard, 3.2)."""

from collections.abc import Sequence

from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware

_RATE = ("Retry-After", "RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset")
_EXPOSED = ("X-Sentry-Error", "X-Sentry-Rate-Limits", *_RATE)
_REMEMBERED_S = 3600

# Any page may report: an ingest key is public, and the answers tell nothing. A route must allow OPTIONS for that.
ANY_MAY_REPORT = Middleware(
    CORSMiddleware,
    allow_origins=("*",),
    allow_methods=("GET", "POST"),
    allow_headers=("*",),
    expose_headers=_EXPOSED,
    max_age=_REMEMBERED_S,
)


def those_may_ask(origins: Sequence[str]) -> list[Middleware]:
    """Let pages of these origins use GraphQL; tokens come in a header, so no cookies are let along."""
    if not origins:
        return []
    return [
        Middleware(
            CORSMiddleware,
            allow_origins=tuple(origins),
            allow_methods=("GET", "POST"),
            allow_headers=("Authorization", "Content-Type", "X-Tocsin-Key"),
            expose_headers=("X-Request-Id", *_RATE),
            max_age=_REMEMBERED_S,
        )
    ]
