"""`/api/docs`: `/api/openapi.json` as a page for people; all of it is served by us, so it works without an internet."""

from functools import partial

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from api.graphiql import PAGES

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-cache",
}
_FILES = {
    "/api/docs": "reference.html",
    "/api/docs/reference.css": "reference.css",
    "/api/docs/reference.js": "reference.js",
}


def reference_routes() -> list[Route]:
    """The page, and what it is made of."""
    return [Route(path, partial(_show, name), methods=["GET"]) for path, name in _FILES.items()]


async def _show(name: str, _: Request) -> Response:
    return FileResponse(PAGES / name, headers=_HEADERS)
