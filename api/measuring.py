"""How long requests take, and how they end."""

import time

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.metrics import REQUEST_SECONDS

# Set in the scope of a request that is answered for as long as its caller likes: how long says nothing of us.
ENDLESS = "tocsin.endless"


class Measured:
    """Times every HTTP request by its route, never by what a caller wrote into the path."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and note how long its answer took."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status = 500

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        began = time.perf_counter()
        try:
            await self._app(scope, receive, noting)
        finally:
            if ENDLESS not in scope:
                self._note(scope, status, time.perf_counter() - began)

    @staticmethod
    def _note(scope: Scope, status: int, took_s: float) -> None:
        path = getattr(scope.get("route"), "path", "other")  # the router has left there what it found
        REQUEST_SECONDS.labels(path, status).observe(took_s)
