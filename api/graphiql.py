"""GraphiQL at `/graphql`, for people; all of it is served by us, so that it works where there is no internet."""

from pathlib import Path
from typing import Any
from urllib.parse import quote

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send

from api.unchanged import file_unless_known
from core.settings import ROOT

PAGES = Path(__file__).parent / "pages"
OPERATIONS = ROOT / "frontend-contract" / "operations"
CLIENT = ROOT / "frontend-contract" / "client"
# A package that brings the published builds of GraphiQL 2.4.7 and React 17, and no code that we run.
_BUILT = ("graphene_django_graphiql_static", "static/graphene_django_graphiql_static")
# GraphiQL sets styles in elements and keeps its fonts in its style sheet. Sockets are named: not every browser counts
# them to 'self'.
_POLICY = (
    "default-src 'self'; style-src 'self' 'unsafe-inline'; font-src data:; img-src data:; connect-src 'self' ws: wss:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-cache",
}


class WithGraphiQL:
    """Shows the page to a browser that opens the GraphQL address; all else goes to GraphQL."""

    def __init__(self, graphql: ASGIApp) -> None:
        self._graphql = graphql

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with the page, or pass on."""
        app = self._graphql
        if _is_browser(scope):
            app = file_unless_known(Request(scope), PAGES / "graphiql.html", _HEADERS)
        await app(scope, receive, send)


def _is_browser(scope: Scope) -> bool:
    return (
        scope["type"] == "http" and scope["method"] == "GET" and "text/html" in Headers(scope=scope).get("accept", "")
    )


class _Asked(StaticFiles):
    """Files that a browser keeps and asks after each time: after an upgrade they must not be old."""

    def file_response(self, *args: Any, **more: Any) -> Response:
        """The file, or 304."""
        response = super().file_response(*args, **more)
        response.headers["Cache-Control"] = "no-cache"
        return response


async def show_issue(request: Request) -> Response:
    """The address that mails and `Issue.url` link to: the page, with that issue asked for."""
    return RedirectResponse(f"/graphql?issue={quote(request.path_params['short_id'])}")


def asset_routes() -> list[BaseRoute]:
    """What the page is made of, the operations that it opens with, what it watches by, and the links to it."""
    return [
        Route("/issues/{short_id}", show_issue),
        Mount("/graphiql/operations", _Asked(directory=OPERATIONS)),
        Mount("/graphiql/client", _Asked(directory=CLIENT)),
        Mount("/graphiql", _Asked(directory=PAGES, packages=[_BUILT])),
    ]
