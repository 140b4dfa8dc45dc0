"""GraphiQL at `/graphql`, for people; all of it is served by us, so that it works where there is no internet."""

from pathlib import Path
from urllib.parse import quote

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send

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
        app = FileResponse(PAGES / "graphiql.html", headers=_HEADERS) if _is_browser(scope) else self._graphql
        await app(scope, receive, send)


def _is_browser(scope: Scope) -> bool:
    return (
        scope["type"] == "http" and scope["method"] == "GET" and "text/html" in Headers(scope=scope).get("accept", "")
    )


async def show_issue(request: Request) -> Response:
    """The address that mails and `Issue.url` link to: the page, with that issue asked for."""
    return RedirectResponse(f"/graphql?issue={quote(request.path_params['short_id'])}")


def asset_routes() -> list[BaseRoute]:
    """What the page is made of, the operations that it opens with, what it watches by, and the links to it."""
    return [
        Route("/issues/{short_id}", show_issue),
        Mount("/graphiql/operations", StaticFiles(directory=OPERATIONS)),
        Mount("/graphiql/client", StaticFiles(directory=CLIENT)),
        Mount("/graphiql", StaticFiles(directory=PAGES, packages=[_BUILT])),
    ]
