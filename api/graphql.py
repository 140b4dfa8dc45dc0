"""GraphQL over HTTP and WebSocket: from bytes and headers to the schema and back."""

import math
from datetime import timedelta
from hashlib import sha256
from typing import Any

from cross_web import HTTPException
from graphql import OperationType as CoreType
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket
from strawberry.asgi import GraphQL
from strawberry.exceptions import MissingQueryError
from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError
from strawberry.subscriptions import GRAPHQL_TRANSPORT_WS_PROTOCOL
from strawberry.types import ExecutionResult
from strawberry.types.graphql import OperationType

from api.answers import as_json, json_bytes, problem, try_later
from api.asked import JSON, METHODS, Asked, read_asked, refuse_other_kinds
from api.compiled import ShortWay
from api.credentials import credential_of
from api.documents import Documents, UnknownDocument
from api.framing import FRAMINGS, Framing
from api.negotiation import EVENT_STREAM, GRAPHQL_RESPONSE, Accepted, accepted_by, refusal_status, refused_for_now
from api.reading import read_json
from api.running import operation_type, payload
from api.socket import TransportHandler, allowed_origins
from api.sockets import Sockets
from api.streamed import Streamed
from api.unchanged import unless_known
from core.settings import Settings
from domain.errors import LimitExceeded, Unavailable
from resolvers.access import authenticate
from resolvers.resources import Resources
from schema.context import Context
from schema.contract import Contract

_INIT_TIMEOUT = timedelta(seconds=10)
_ALLOWED = {"GET": frozenset(OperationType) - {OperationType.MUTATION}, "POST": frozenset(OperationType)}
_BY_POST = "A mutation is asked for by POST."
_BY_STREAM = f"What is watched needs a WebSocket, or `Accept: {EVENT_STREAM}`."
_ASKED_BY = "Accept, Authorization, X-Tocsin-Key"
_METHOD_NOT_ALLOWED, _UNSUPPORTED = 405, 415


class GraphQLView(GraphQL[Context, None]):
    """The one GraphQL address."""

    graphql_transport_ws_handler_class = TransportHandler

    def __init__(self, schema: Contract, settings: Settings) -> None:
        super().__init__(
            schema,
            graphql_ide=None,
            subscription_protocols=(GRAPHQL_TRANSPORT_WS_PROTOCOL,),
            connection_init_wait_timeout=_INIT_TIMEOUT,
            max_subscriptions_per_connection=settings.operations_per_socket,
            allowed_origins=allowed_origins(settings),
        )
        self.sockets = Sockets(settings.sockets_per_caller)
        self._contract = schema
        self.documents = Documents(settings)
        self._short_way = ShortWay(schema)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer; what is wrong with the request itself is told as JSON."""
        if scope["type"] == "websocket":
            await self.run(WebSocket(scope, receive=receive, send=send))
            return
        request = Request(scope, receive)
        try:
            response = await self._answer(request)
        except HTTPException as refusal:
            response = _told(refusal, request)
        except UnknownDocument as unknown:
            response = problem(400, unknown.code, unknown.message)
        except (LimitExceeded, Unavailable) as failure:
            response = try_later(failure)
        if request.method == "GET":
            response.headers.setdefault("Cache-Control", "no-store")  # it depends on who asks, and on when
        await response(scope, receive, send)

    async def get_context(self, request: Request | WebSocket, response: Response | WebSocket) -> Context:  # noqa: ARG002
        """A socket's caller, who is nobody until `connection_init`."""
        return Context(request.app.state.resources, is_long_lived=True)

    def decode_json(self, data: str | bytes) -> object:
        """The value of a JSON text."""
        return read_json(data)

    def encode_json(self, data: object) -> str:
        """JSON as text, which is what a socket wants."""
        return json_bytes(data).decode()

    async def _answer(self, request: Request) -> Response:
        """The answer to a request that can be read.

        Raises: HTTPException, LimitExceeded, Unavailable.
        """
        refuse_other_kinds(request)
        accepted = accepted_by(request.scope)
        if not accepted.is_json and accepted.stream is None:
            raise HTTPException(406, f"The answer is {GRAPHQL_RESPONSE}, {JSON} or {EVENT_STREAM}.")
        short = await self._short_way.answer(request) if accepted.is_json else None
        if short is not None:
            return short
        asked = self.documents.found(await read_asked(request))
        if accepted.stream is not None and _is_streamed(request, asked, accepted):
            return await self._streamed(request, asked, FRAMINGS[accepted.stream])
        return await self._executed(request, asked)

    async def _streamed(self, request: Request, asked: Asked, framing: Framing) -> Response:
        """An answer that lasts, whose caller is counted with those of sockets."""
        response = Streamed(self._contract, asked, await _context_of(request, is_long_lived=True), framing)
        response.admit(self.sockets, credential_of(request))
        return response

    async def _executed(self, request: Request, asked: Asked) -> Response:
        """The answer to a query or mutation; in GraphQL's own media type one to what was not executed is refused."""
        context = await _context_of(request)
        result = await self._result(request, asked, context)
        answer, status = payload(result), 200
        if (limited := refused_for_now(answer)) is not None:
            return _with_purse(_again_after(answer, limited), context)
        if accepted_by(request.scope).is_ours and (refused := refusal_status(answer)):
            del answer["data"]
            status = refused
        response = as_json(answer, status)
        if asked.is_known and request.method == "GET" and not result.errors:
            response = _to_be_kept(response, request, json_bytes(result.data))
        return _with_purse(response, context)

    async def _result(self, request: Request, asked: Asked, context: Context) -> ExecutionResult:
        try:
            return await self._contract.execute(
                asked.query,
                variable_values=asked.variables,
                context_value=context,
                operation_name=asked.operation_name,
                operation_extensions=asked.extensions,
                allowed_operation_types=_ALLOWED[request.method],
            )
        except MissingQueryError as error:
            raise HTTPException(400, "The `query` is empty.") from error
        except CannotGetOperationTypeError as error:
            raise HTTPException(400, error.as_http_error_reason()) from error
        except InvalidOperationTypeError as error:
            if error.operation_type is OperationType.MUTATION:
                raise HTTPException(405, _BY_POST) from error
            raise HTTPException(400, _BY_STREAM) from error


def _is_streamed(request: Request, asked: Asked, accepted: Accepted) -> bool:
    """Whether the answer is to be streamed: who takes JSON too gets in that what has one result.

    Raises: HTTPException for a mutation by GET.
    """
    kind = operation_type(asked)
    if kind is CoreType.MUTATION and request.method == "GET":
        raise HTTPException(405, _BY_POST)
    return kind is CoreType.SUBSCRIPTION or not accepted.is_json


async def _context_of(request: Request, *, is_long_lived: bool = False) -> Context:
    """Who asks, by the request's credential.

    Raises: Unavailable.
    """
    resources: Resources = request.app.state.resources
    actor = await authenticate(resources, credential_of(request))
    return Context(resources, actor, is_long_lived=is_long_lived)


def _to_be_kept(response: Response, request: Request, data: bytes) -> Response:
    """The answer, for its caller alone to keep and to ask whether it still stands; without a body if it does.

    The tag is weak (RFC 9110, 8.8.1), since what is left of a budget changes with each answer and the data does not.
    """
    tag = f'W/"{sha256(data).hexdigest()[:32]}"'
    response.headers.update({"ETag": tag, "Cache-Control": "private, no-cache", "Vary": _ASKED_BY})
    return unless_known(request, response)


def _again_after(answer: dict[str, Any], seconds: float) -> Response:
    """429, in whichever media type: as at all doors, it was not executed and may be later."""
    del answer["data"]
    response = as_json(answer, 429)
    response.headers["Retry-After"] = str(math.ceil(seconds))
    return response


def _with_purse(response: Response, context: Context) -> Response:
    """The answer, with what is left to the caller, in the three headers that clients know from elsewhere."""
    response.headers["x-request-id"] = context.request_id
    if context.purse is not None:
        response.headers["RateLimit-Limit"] = str(context.purse.limit)
        response.headers["RateLimit-Remaining"] = str(context.purse.left)
        response.headers["RateLimit-Reset"] = str(context.purse.reset_s)
    return response


def _told(refusal: HTTPException, request: Request) -> Response:
    """What is wrong with the request itself, and what would be right (RFC 9110, 15.5.6 and 15.5.16)."""
    response = problem(refusal.status_code, "BAD_REQUEST", refusal.reason)
    if refusal.status_code == _METHOD_NOT_ALLOWED:
        response.headers["Allow"] = "POST" if request.method in METHODS else ", ".join(METHODS)
    if refusal.status_code == _UNSUPPORTED:
        response.headers["Accept"] = JSON
    return response
