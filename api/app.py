"""Process 1: the ASGI app, and what lives as long as it does."""

import asyncio
import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Route, WebSocketRoute

from api.answering import answer_routes
from api.body import BodyLimit
from api.calendar import calendar_routes
from api.cors import those_may_ask
from api.exporting import export_routes
from api.graphiql import WithGraphiQL, asset_routes
from api.graphql import GraphQLView
from api.health import ROUTES
from api.ingest.openapi import described
from api.ingest.otlp import otlp_routes
from api.ingest.rest import rest_routes
from api.ingest.sentry import sentry_routes
from api.ingest.webhook import webhook_routes
from api.measuring import Measured
from api.negotiation import Negotiated
from api.reference import reference_routes
from api.replies import reply_routes
from api.sourcemaps.releases import release_routes
from api.sourcemaps.rest import upload_routes
from api.sourcemaps.sentry_cli import sentry_cli_routes
from api.unsubscribing import unsubscribe_routes
from core.budget import Budget
from core.clock import Clock
from core.ending import end
from core.settings import Settings
from resolvers.dropped import keep_books
from resolvers.intake.drain import Drainer
from resolvers.opening import begin_opening
from resolvers.own_errors import tracked_errors
from resolvers.registering import keep_register
from resolvers.resources import Resources, open_resources
from schema.root import build_schema

_YOUNG_OBJECTS = 20_000


def create_app(settings: Settings | None = None, clock: Clock | None = None) -> Starlette:
    """The app, its stores opened when it starts; `settings` come from the environment unless given."""
    settings = settings or Settings()
    contract = build_schema()
    view = GraphQLView(contract, settings)
    graphql = BodyLimit(view, settings.max_body_bytes)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        async with open_resources(settings, clock) as resources, _at_work(resources):
            app.state.resources = resources
            yield

    http = WithGraphiQL(Negotiated(graphql)) if settings.graphiql else Negotiated(graphql)
    plain = [
        described(contract, settings),
        *reference_routes(),
        *answer_routes(),
        *reply_routes(),
        *calendar_routes(),
        *export_routes(),
        *unsubscribe_routes(),
    ]
    ingest = [*sentry_routes(settings), *rest_routes(settings), *otlp_routes(settings), *webhook_routes(settings)]
    uploads = [*upload_routes(settings), *sentry_cli_routes(), *release_routes()]
    asking = Route("/graphql", http, middleware=those_may_ask(settings.allowed_origins))
    # They are looked through in this order: what is asked most comes first.
    routes = [asking, *ingest, WebSocketRoute("/graphql", graphql), *ROUTES, *plain, *uploads]
    pages = asset_routes() if settings.graphiql else []
    app = Starlette(routes=[*routes, *pages], middleware=[Middleware(Measured)], lifespan=lifespan)
    app.state.bodies = Budget(settings.bodies_bytes)
    app.state.sockets = view.sockets
    return app


@asynccontextmanager
async def _at_work(resources: Resources) -> AsyncIterator[None]:
    """Run the writer and what goes on beside it within the block; at its end what was taken is brought to the disk."""
    beside = [await begin_opening(resources)]
    _settle()
    work = (resources.feed.run(), Drainer(resources).run(), keep_register(resources), keep_books(resources))
    beside.extend(map(asyncio.create_task, work))
    writing = asyncio.create_task(resources.writer.run())
    try:
        async with tracked_errors(resources, "tocsin-api"):
            yield
    finally:
        resources.writer.close()
        await writing
        await end(beside)


def _settle() -> None:
    """Keep the garbage collector from walking over and over what lives as long as the process: schema, code, tables.

    A batch of a thousand reports makes some hundred thousand objects at once, and none of them in circles.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG_OBJECTS, 20, 20)
