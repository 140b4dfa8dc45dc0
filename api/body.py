"""How large a request may be, decided while it arrives, before anything is parsed."""

from collections.abc import Callable

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.answers import problem
from api.dropped import count_too_large
from core.budget import Full, Hold
from domain.errors import LimitExceeded

HOLD = "tocsin.hold"
_RETRY_AFTER_S = 1.0
# What a byte of JSON takes once it is parsed: small objects take this many times their text.
_PARSED_TIMES = 8


class TooLarge(Exception):
    """The body is larger than it may be; the message names the bound."""


def _refusal(message: str) -> Response:
    return problem(413, "BODY_TOO_LARGE", message)


async def grow(hold: Hold, size: int) -> None:
    """Hold so many more bytes of a request, and what will be made of them.

    Raises: LimitExceeded where all requests together hold as many as they may.
    """
    try:
        await hold.grow(size * _PARSED_TIMES)
    except Full as full:
        message = "Requests of too many bytes are under way (TOCSIN_BODIES_BYTES); try again."
        raise LimitExceeded(message, _RETRY_AFTER_S) from full


async def grow_to(hold: Hold, size: int) -> None:
    """Hold as many bytes of a request, unless it are more already.

    Raises: LimitExceeded.
    """
    if size * _PARSED_TIMES > hold.count:
        await grow(hold, size - hold.count // _PARSED_TIMES)


class BodyLimit:
    """Answers 413 to a body past the limit: at once where its length is announced, else at the byte too many.

    `refuse` makes that answer, in the form that the callers of the app read. What all bodies under way have together is
    bounded too: an app that holds more of a request than its body has grows `scope[HOLD]`.
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
        hold = scope[HOLD] = scope["app"].state.bodies.hold()
        try:
            self._refuse_announced(Headers(scope=scope).get("content-length", "0"))
            await self._app(scope, self._counting(receive, hold), send)
        except TooLarge as refusal:
            await count_too_large(scope)
            await self._refuse(str(refusal))(scope, receive, send)
        finally:
            hold.release()

    def _refuse_announced(self, length: str) -> None:
        if not length.isdigit() or int(length) > self._most:
            raise self._too_large()

    def _counting(self, receive: Receive, hold: Hold) -> Receive:
        seen = 0

        async def counted() -> Message:
            nonlocal seen
            message = await receive()
            size = len(message.get("body", b""))
            seen += size
            if seen > self._most:
                raise self._too_large()
            await grow(hold, size)
            return message

        return counted

    def _too_large(self) -> TooLarge:
        return TooLarge(f"The body is larger than {self._most:,} bytes (TOCSIN_MAX_BODY_BYTES).")
