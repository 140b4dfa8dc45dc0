"""GraphQL over WebSocket, by the protocol `graphql-transport-ws` of the npm package graphql-ws.

Every message is checked before anything is done with it: a wrong one closes the socket with 4400. What is wrong with
one operation ends that operation with an `error`, and leaves the others alone.
"""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol, cast
from urllib.parse import urlsplit

import structlog
from cross_web import HTTPException
from starlette.websockets import WebSocket, WebSocketDisconnect
from strawberry.http.exceptions import NonJsonMessageReceived, NonTextMessageReceived, WebSocketDisconnected
from strawberry.subscriptions.protocols.graphql_transport_ws.handlers import BaseGraphQLTransportWSHandler

from api.asked import Asked
from api.credentials import bare_token, credential_of
from api.documents import Documents, UnknownDocument
from api.messages import Complete, Init, Malformed, Message, Ping, Pong, Subscribe, read_message
from api.running import Problems, run_operation
from api.sockets import Sockets
from api.wire import text_writer
from core.ending import end
from core.settings import Settings
from domain.access import Actor, ActorKind
from domain.errors import LimitExceeded, Unavailable
from resolvers.access import authenticate
from resolvers.feed.cohort import Take
from schema.context import Context
from schema.contract import Contract
from schema.errors import BAD_REQUEST as BAD_REQUEST_CODE
from schema.errors import RATE_LIMITED

_log = structlog.get_logger()

RESTART, TRY_AGAIN_LATER = 1012, 1013
BAD_REQUEST, UNAUTHORIZED, FORBIDDEN, SILENT, DUPLICATE, TOO_MANY = 4400, 4401, 4403, 4408, 4409, 4429
_CLOSE_S = 5.0
_RETRY_AFTER_S = 1.0
_LONGEST_REASON = 120
_TOO_LATE = "Connection initialisation timeout"


class HasSockets(Protocol):
    """The view that a handler belongs to."""

    sockets: Sockets
    documents: Documents


@dataclass(slots=True, eq=False)
class Operation:
    """One operation under way."""

    id: str
    context: Context
    task: "asyncio.Task[None] | None" = None


def allowed_origins(settings: Settings) -> tuple[str, ...]:
    """The web origins whose pages may open a socket, besides the address that they call."""
    ours = urlsplit(settings.base_url)
    return (f"{ours.scheme}://{ours.netloc}", *settings.allowed_origins)


class TransportHandler(BaseGraphQLTransportWSHandler[Context, None]):
    """One socket, from its acceptance to its end."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._running: dict[str, Operation] = {}
        self._credential: str | None = None
        self._is_closed = False
        self._leaving: asyncio.Task[None] | None = None
        self._init_until: asyncio.TimerHandle | None = None
        self._write = text_writer(self._request.scope)

    async def handle(self) -> None:
        """Do what the client asks for until one of both closes; leave nothing running."""
        self.on_request_accepted()
        try:
            async for message in self.websocket.iter_json():
                await self._hear(read_message(message))
                if self._is_closed:
                    break
        except (NonTextMessageReceived, NonJsonMessageReceived):
            await self._close(BAD_REQUEST, "A message must be JSON text")
        except Malformed as malformed:
            await self._close(BAD_REQUEST, str(malformed))
        except WebSocketDisconnected:
            _log.debug("socket lost")
        finally:
            await self.shutdown()

    def become(self, actor: Actor) -> None:
        """Act for this actor from now on, in every operation; close the socket if it is nobody any more."""
        if actor.kind is ActorKind.ANONYMOUS:
            # A client that reads nothing must not keep the others waiting to be checked.
            self._leave(FORBIDDEN, "Forbidden")
        elif actor != self.context.actor:
            for context in (self.context, *(operation.context for operation in self._running.values())):
                context.become(actor)

    def send_away(self) -> None:
        """End what runs, and say that the server stops: the client may come again."""
        self._leave(RESTART, "The server stops; come again")

    def on_request_accepted(self) -> None:
        """Give it some time to say who it is: by a timer, since a task would be kept for as long as the socket."""
        wait_s = self.connection_init_wait_timeout.total_seconds()
        self._init_until = asyncio.get_running_loop().call_later(wait_s, self._leave, SILENT, _TOO_LATE)

    async def shutdown(self) -> None:
        """Leave nothing of this socket running."""
        self._is_closed = True
        if self._credential is not None:
            self._sockets.remove(self, self._credential)
        operations, self._running = list(self._running.values()), {}
        self._stop_waiting_for_init()
        tasks = (*(operation.task for operation in operations), self._leaving)
        await end([task for task in tasks if task is not None])

    @property
    def _contract(self) -> Contract:
        return cast(Contract, self.schema)

    @property
    def _sockets(self) -> Sockets:
        return cast(HasSockets, self.view).sockets

    @property
    def _request(self) -> WebSocket:
        socket: WebSocket = self.websocket.ws  # type: ignore[attr-defined]  # Strawberry's adapter for ASGI has it
        return socket

    async def _hear(self, message: Message) -> None:
        match message:
            case Init():
                await self._init(message)
            case Ping(payload=None):
                await self._send({"type": "pong"})
            case Ping(payload=payload):
                await self._send({"type": "pong", "payload": payload})
            case Subscribe():
                await self._subscribe(message)
            case Complete(id=id):
                await self._stop(id)
            case Pong():
                return

    async def _init(self, message: Init) -> None:
        if self.connection_init_received:
            await self._close(TOO_MANY, "Too many initialisation requests")
            return
        self.connection_init_received = True
        self._stop_waiting_for_init()
        credential = _credential_in(message.payload) or credential_of(self._request)
        try:
            actor = await authenticate(self.context.resources, credential)
        except Unavailable as error:
            await self._close(TRY_AGAIN_LATER, error.message)
            return
        if credential is None or actor.kind is ActorKind.ANONYMOUS:
            await self._close(FORBIDDEN, "Forbidden")
            return
        await self._let_in(actor, credential)

    def _stop_waiting_for_init(self) -> None:
        if self._init_until is not None:
            self._init_until.cancel()
            self._init_until = None

    async def _let_in(self, actor: Actor, credential: str) -> None:
        try:
            self._sockets.add(self, actor, credential, self.context.resources)
        except LimitExceeded as error:
            await self._close(TOO_MANY, error.message)
            return
        except Unavailable as error:
            await self._close(RESTART, error.message)
            return
        self._credential = credential
        self.context.become(actor)
        self.connection_acknowledged = True
        await self._send({"type": "connection_ack"})

    async def _subscribe(self, message: Subscribe) -> None:
        if not self.connection_acknowledged:
            await self._close(UNAUTHORIZED, "Unauthorized")
        elif message.id in self._running:
            await self._close(DUPLICATE, f"Subscriber for {message.id} already exists")
        elif len(self._running) >= (self.max_subscriptions_per_connection or 0):
            problem = f"A socket runs at most {self.max_subscriptions_per_connection} operations at a time."
            extensions = {"code": RATE_LIMITED, "retryAfter": _RETRY_AFTER_S}
            await self._send(_error(message.id, {"message": problem, "extensions": extensions}))
        else:
            context = Context(self.context.resources, self.context.actor, is_long_lived=True)
            operation = self._running[message.id] = Operation(message.id, context)
            operation.task = asyncio.create_task(self._run(operation, message))

    async def _stop(self, id: str) -> None:
        operation = self._running.pop(id, None)
        if operation is not None and operation.task is not None:
            await end([operation.task])

    async def _run(self, operation: Operation, message: Subscribe) -> None:
        try:
            take = partial(self._send_next, f'{{"id":{self.view.encode_json(operation.id)!s},"type":"next","payload":')
            problems = await self._answered(operation, message.asked, take)
            word = _error(operation.id, *problems) if problems else {"id": operation.id, "type": "complete"}
            await self._finish(operation, word)
        except WebSocketDisconnected:
            _log.debug("socket lost")
        except asyncio.CancelledError:
            # Kept with the task, it would hold the frames of all that was under way, with rows that hold much, until
            # the garbage collector, which comes seldom, finds the circle.
            _log.debug("operation stopped")

    async def _answered(self, operation: Operation, asked: Asked, take: Take) -> Problems:
        """Hand over each result; return the errors that ended the operation."""
        try:
            found = cast(HasSockets, self.view).documents.found(asked)
        except UnknownDocument as unknown:
            return [{"message": unknown.message, "extensions": {"code": unknown.code}}]
        except HTTPException as wrong:
            return [{"message": wrong.reason, "extensions": {"code": BAD_REQUEST_CODE}}]
        return await run_operation(self._contract, found, operation.context, take)

    async def _finish(self, operation: Operation, message: Mapping[str, object]) -> None:
        """Say the last word of an operation; its id is free by then."""
        if self._running.get(operation.id) is operation:
            del self._running[operation.id]
        await self._send(message)

    async def _send(self, message: Mapping[str, object]) -> None:
        await self._send_text(str(self.view.encode_json(message)))

    async def _send_text(self, text: str) -> None:
        if self._is_closed or (self._write is not None and self._write(text.encode())):
            return
        try:
            await self._request.send_text(text)
        except WebSocketDisconnect as lost:
            raise WebSocketDisconnected from lost

    async def _send_next(self, head: str, payload: str) -> None:
        await self._send_text(f"{head}{payload}}}")

    def _leave(self, code: int, reason: str) -> None:
        self._leaving = self._leaving or asyncio.create_task(self._end(code, reason))

    async def _end(self, code: int, reason: str) -> None:
        for id in list(self._running):
            await self._stop(id)
        await self._close(code, reason)

    async def _close(self, code: int, reason: str) -> None:
        """Say why, and then nothing more; a client that does not read it is not waited for."""
        if self._is_closed:
            return
        self._is_closed = True
        with suppress(WebSocketDisconnected, TimeoutError, RuntimeError):
            async with asyncio.timeout(_CLOSE_S):
                await self.websocket.close(code, reason.encode()[:_LONGEST_REASON].decode(errors="ignore"))


def _credential_in(payload: Mapping[str, Any]) -> str | None:
    """The token that a client sent with `connection_init`, under the names that clients use for it."""
    named = {name.lower(): value for name, value in payload.items() if isinstance(value, str)}
    return bare_token(named.get("authorization", "")) or named.get("token") or named.get("x-tocsin-key") or None


def _error(id: str, *errors: Mapping[str, Any]) -> dict[str, object]:
    return {"id": id, "type": "error", "payload": list(errors)}
