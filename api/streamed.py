"""One operation answered over one HTTP response for as long as it runs: what a socket does, for who has none."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from typing import Any, TypeAlias

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from api.asked import Asked
from api.body import HOLD
from api.framing import Framing
from api.measuring import ENDLESS
from api.running import Problems, run_operation
from api.sockets import Sockets
from core.ending import end
from domain.access import Actor, ActorKind
from schema.context import Context
from schema.contract import Contract

_HEARTBEAT_S = 15.0
# As long as a socket has for the answer to a ping: who has taken nothing by then is given up.
_STUCK_S = 20.0
_CLOSE_S = 5.0
_HEADERS = {
    "Cache-Control": "no-store, no-transform",
    "X-Accel-Buffering": "no",  # nginx holds back what it proxies, unless told
}
_NOBODY = {"message": "The credential is not accepted any more.", "extensions": {"code": "UNAUTHENTICATED"}}
_STOPS = {"message": "The server stops; come again.", "extensions": {"code": "UNAVAILABLE", "retryAfter": 1}}

Write: TypeAlias = Callable[[bytes], Awaitable[None]]


class Streamed(Response):
    """The response. Its caller is counted and looked at as that of a socket is, from `admit` on."""

    def __init__(self, contract: Contract, asked: Asked, context: Context, framing: Framing) -> None:
        super().__init__(headers=_HEADERS, media_type=framing.media_type)
        del self.headers["content-length"]
        self.headers["x-request-id"] = context.request_id
        self._contract = contract
        self._asked = asked
        self._context = context
        self._framing = framing
        self._is_for = context.actor
        self._counted: tuple[Sockets, str] | None = None
        self._away: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()

    def admit(self, sockets: Sockets, credential: str | None) -> None:
        """Count it in; nobody is not counted, since whatever nobody watches is refused at once.

        Raises: LimitExceeded, Unavailable.
        """
        if credential is not None and self._context.actor.kind is not ActorKind.ANONYMOUS:
            sockets.add(self, self._context.actor, credential, self._context.resources)
            self._counted = sockets, credential

    def become(self, actor: Actor) -> None:
        """Act for this actor from now on; end it if it is nobody any more."""
        if actor.kind is ActorKind.ANONYMOUS:
            self._leave(_NOBODY, may_return=False)
        elif actor != self._is_for:
            self._is_for = actor
            self._context.become(actor)

    def send_away(self) -> None:
        """End it, and say that the server stops."""
        self._leave(_STOPS, may_return=True)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer until the operation ends, or the client goes away, or is sent away."""
        scope[HOLD].release()
        scope[ENDLESS] = True
        try:
            await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
            last = await self._answer(receive, send)
        finally:
            if self._counted is not None:
                sockets, credential = self._counted
                sockets.remove(self, credential)
        if last is not None:
            with suppress(TimeoutError):
                async with asyncio.timeout(_CLOSE_S):
                    await send({"type": "http.response.body", "body": last})

    async def _answer(self, receive: Receive, send: Send) -> bytes | None:
        """Send what comes; return the last that is to be sent, or none where nobody is there to hear it."""

        async def write(body: bytes) -> None:
            await send({"type": "http.response.body", "body": body, "more_body": True})

        running = asyncio.create_task(self._run(write))
        beside = [asyncio.create_task(_beat(self._framing, write)), asyncio.create_task(_gone(receive))]
        try:
            ends: list[asyncio.Future[Any]] = [running, *beside, self._away]
            await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
            if self._away.done():
                return self._away.result()
            return self._framing.end(running.result()) if running.done() else None
        finally:
            await end([running, *beside])

    async def _run(self, write: Write) -> Problems:
        async def take(payload: str) -> None:
            await write(self._framing.result(payload))

        await write(self._framing.opening)
        return await run_operation(self._contract, self._asked, self._context, take)

    def _leave(self, problem: Mapping[str, Any], *, may_return: bool) -> None:
        if not self._away.done():
            self._away.set_result(self._framing.sent_away(problem, may_return=may_return))


async def _beat(framing: Framing, write: Write) -> None:
    """Show now and then that it is alive; end when a client takes nothing more."""
    while True:
        await asyncio.sleep(_HEARTBEAT_S)
        try:
            async with asyncio.timeout(_STUCK_S):
                await write(framing.heartbeat)
        except TimeoutError:
            return


async def _gone(receive: Receive) -> None:
    """Return when the client has gone away."""
    while (await receive())["type"] != "http.disconnect":
        pass
