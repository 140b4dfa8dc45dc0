"""`/api/docs`: what may be sent and asked, as pages for people; all of it is served by us, without an internet."""

import asyncio
from functools import partial

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from api.graphiql import PAGES
from api.schema_page import schema_page
from api.unchanged import file_unless_known

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
    "/api/docs/find.js": "find.js",
}


def reference_routes() -> list[Route]:
    """The pages, and what they are made of."""
    files = [Route(path, partial(_show, name), methods=["GET"]) for path, name in _FILES.items()]
    return [*files, Route("/api/docs/graphql", _show_schema, methods=["GET"])]


async def _show(name: str, request: Request) -> Response:
    return file_unless_known(request, PAGES / name, _HEADERS)


async def _show_schema(_: Request) -> Response:
    return HTMLResponse(await asyncio.to_thread(schema_page), headers=_HEADERS)
