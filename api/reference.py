"""`/api/docs`: what may be sent and asked, as pages for people; all of it is served by us, without an internet."""

import asyncio
from functools import cache, partial
from hashlib import sha256

from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

from api.graphiql import PAGES
from api.schema_page import schema_page
from api.unchanged import file_unless_known, unless_known
from schema.export import sdl

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
    made = [
        Route("/api/docs/graphql", _show_schema, methods=["GET"]),
        Route("/api/docs/schema.graphql", _show_sdl, methods=["GET"]),
    ]
    return [*files, *made]


async def _show(name: str, request: Request) -> Response:
    return file_unless_known(request, PAGES / name, _HEADERS)


async def _show_schema(request: Request) -> Response:
    response = HTMLResponse(await asyncio.to_thread(schema_page), headers=_HEADERS)
    return _unless_known(request, response)


async def _show_sdl(request: Request) -> Response:
    """The contract as tools take it: what `frontend-contract/schema.graphql` has, for everyone as the page is."""
    response = PlainTextResponse(await asyncio.to_thread(_sdl), headers=_HEADERS)
    return _unless_known(request, response)


_sdl = cache(sdl)


def _unless_known(request: Request, response: Response) -> Response:
    """The response with an `ETag` of what is in it, the same from each server of a version; or 304."""
    response.headers["ETag"] = f'"{sha256(response.body).hexdigest()[:32]}"'
    return unless_known(request, response)
