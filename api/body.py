"""How large a request may be, decided while it arrives, before anything is parsed."""

from collections.abc import Callable

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.answers import problem


class TooLarge(Exception):
    """The body is larger than it may be; the message names the bound."""


def _refusal(message: str) -> Response:
    return problem(413, "BODY_TOO_LARGE", message)


class BodyLimit:
    """Answers 413 to a body past the limit: at once where its length is announced, else at the byte too many.

    `refuse` makes that answer, in the form that the callers of the app read.
    """

    def __init__(self, app: ASGIApp, most_bytes: int, refuse: Callable[[str], Response] = _refusal) -> None:
        self._app = app
        self._most = most_bytes
        self._refuse = refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, counting its body."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        try:
            self._refuse_announced(Headers(scope=scope).get("content-length", "0"))
            await self._app(scope, self._counting(receive), send)
        except TooLarge as refusal:
            await self._refuse(str(refusal))(scope, receive, send)

    def _refuse_announced(self, length: str) -> None:
        if not length.isdigit() or int(length) > self._most:
            raise self._too_large()

    def _counting(self, receive: Receive) -> Receive:
        seen = 0

        async def counted() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > self._most:
                raise self._too_large()
            return message

        return counted

    def _too_large(self) -> TooLarge:
        return TooLarge(f"The body is larger than {self._most:,} bytes (TOCSIN_MAX_BODY_BYTES).")
