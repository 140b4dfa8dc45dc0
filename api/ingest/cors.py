"""Browsers report from pages of any origin: an ingest key is public, and its answers tell nothing."""

from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware

_EXPOSED = ("X-Sentry-Error", "X-Sentry-Rate-Limits", "Retry-After")
_REMEMBERED_S = 3600

# Answers what browsers ask beforehand (Fetch standard, 3.2); a route must allow OPTIONS for that.
CORS = Middleware(
    CORSMiddleware,
    allow_origins=("*",),
    allow_methods=("GET", "POST"),
    allow_headers=("*",),
    expose_headers=_EXPOSED,
    max_age=_REMEMBERED_S,
)
