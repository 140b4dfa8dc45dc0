"""The real app behind a real uvicorn, in this process, on a free port of loopback."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from dataclasses import dataclass

import pytest
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute

from api.app import create_app
from api.graphql import GraphQLView
from api.server import make_server
from core.clock import Clock
from core.settings import Settings
from resolvers.resources import Resources
from resolvers.setup import Credentials, first_setup
from tests.support.clones import Clones
from tests.support.db import make_settings, own_database
from tests.support.plain_http import plain_http
from tests.support.servers import Servers


@dataclass(frozen=True)
class Served:
    """A running API."""

    url: str
    app: Starlette
    credentials: Credentials

    @property
    def res(self) -> Resources:
        resources: Resources = self.app.state.resources
        return resources

    @property
    def view(self) -> GraphQLView:
        """What answers at `/graphql`."""
        view: GraphQLView = next(r.app._app for r in self.app.routes if isinstance(r, WebSocketRoute))
        return view

    @property
    def dsn(self) -> str:
        """What an SDK of Sentry is given."""
        user = f"://{self.credentials.ingest_key}@"
        return f"{self.url.replace('://', user)}/{self.credentials.project_number}"

    @property
    def ws_url(self) -> str:
        return self.url.replace("http", "ws", 1) + "/graphql"

    async def ask(self, document: str, *, credential: str | None = None, **variables: object) -> dict:
        """The whole answer to a document, by the owner's token unless told otherwise."""
        body = {"query": document, "variables": variables}
        headers = {"Authorization": f"Bearer {credential or self.credentials.token}"}
        async with plain_http() as client:
            return (await client.post(self.url + "/graphql", json=body, headers=headers)).json()


Serving = Callable[..., AbstractAsyncContextManager[Served]]


@asynccontextmanager
async def serving(
    settings: Settings, clock: Clock | None = None, **options: object
) -> AsyncIterator[tuple[str, Starlette]]:
    """The app of these settings, served within the block; `options` are those of uvicorn."""
    app = create_app(settings, clock)
    options = {"port": 0, "loop": "asyncio", "timeout_graceful_shutdown": 2, **options}
    server = make_server(app, settings, **options)
    server.capture_signals = _no_signals  # the test runner keeps its own
    running = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
        if running.done():
            running.result()
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}", app
    finally:
        server.should_exit = True
        with suppress(asyncio.CancelledError):
            await running


@pytest.fixture
async def served(database_url: str, redis_url: str) -> AsyncIterator[Served]:
    """A running API on a database of its own, set up as at a first start."""
    async with serving(make_settings(database_url, redis_url)) as (url, app):
        credentials = await first_setup(app.state.resources)
        assert credentials is not None
        yield Served(url, app, credentials)


@pytest.fixture
def served_with(database_url: str, redis_url: str) -> Serving:
    """A function that serves with other settings, and options of uvicorn, within a block."""

    @asynccontextmanager
    async def serve(server: Mapping[str, object] | None = None, **overrides: object) -> AsyncIterator[Served]:
        settings = make_settings(database_url, redis_url, **overrides)
        async with serving(settings, **(server or {})) as (url, app):
            credentials = await first_setup(app.state.resources)
            assert credentials is not None
            yield Served(url, app, credentials)

    return serve


@asynccontextmanager
async def served_alone(servers: Servers, clones: Clones, **overrides: object) -> AsyncIterator[Served]:
    """A running API as `served` is, for a module whose tests share one."""
    async with (
        own_database(servers, clones) as database_url,
        serving(make_settings(database_url, servers.redis_url, **overrides)) as (url, app),
    ):
        credentials = await first_setup(app.state.resources)
        assert credentials is not None
        yield Served(url, app, credentials)


class _NoSignals:
    def __enter__(self) -> None: ...

    def __exit__(self, *_: object) -> None: ...


def _no_signals() -> _NoSignals:
    return _NoSignals()
