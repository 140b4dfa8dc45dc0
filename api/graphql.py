"""GraphQL over HTTP and WebSocket: from bytes and headers to the schema and back."""

from datetime import timedelta
from json import JSONDecodeError
from typing import Any

from cross_web import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket
from strawberry.asgi import GraphQL
from strawberry.http import GraphQLHTTPResponse
from strawberry.subscriptions import GRAPHQL_TRANSPORT_WS_PROTOCOL
from strawberry.types import ExecutionResult

from api.answers import json_bytes, problem, try_later
from api.compiled import ShortWay
from api.credentials import credential_of
from api.negotiation import is_wanted, refusal_status
from api.reading import read_json
from api.socket import TransportHandler, allowed_origins
from api.sockets import Sockets
from core.settings import Settings
from domain.errors import LimitExceeded, Unavailable
from resolvers.access import authenticate
from resolvers.resources import Resources
from schema.context import Context
from schema.contract import Contract

_INIT_TIMEOUT = timedelta(seconds=10)
_MOST_OPERATIONS = 100
_METHOD_NOT_ALLOWED = 405
_REFUSED = "refused_with"


class GraphQLView(GraphQL[Context, None]):
    """The one GraphQL address."""

    graphql_transport_ws_handler_class = TransportHandler

    def __init__(self, schema: Contract, settings: Settings) -> None:
        super().__init__(
            schema,
            graphql_ide=None,
            allow_queries_via_get=False,
            subscription_protocols=(GRAPHQL_TRANSPORT_WS_PROTOCOL,),
            connection_init_wait_timeout=_INIT_TIMEOUT,
            max_subscriptions_per_connection=_MOST_OPERATIONS,
            allowed_origins=allowed_origins(settings),
        )
        self.sockets = Sockets(settings.sockets_per_caller)
        self._short_way = ShortWay(schema)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer; what is wrong with the request itself is told as JSON."""
        if scope["type"] == "websocket":
            await self.run(WebSocket(scope, receive=receive, send=send))
            return
        request = Request(scope, receive)
        try:
            response = await self._short_way.answer(request) or await self.run(request)
        except HTTPException as refusal:
            response = problem(refusal.status_code, "BAD_REQUEST", refusal.reason)
            if refusal.status_code == _METHOD_NOT_ALLOWED:
                response.headers["Allow"] = "POST"  # RFC 9110, 15.5.6
        except (LimitExceeded, Unavailable) as failure:
            response = try_later(failure)
        response.status_code = getattr(request.state, _REFUSED, response.status_code)
        await response(scope, receive, send)

    async def get_context(self, request: Request | WebSocket, response: Response | WebSocket) -> Context:
        """Who asks: by the request's credential; a socket's caller is nobody until `connection_init`."""
        resources: Resources = request.app.state.resources
        if isinstance(response, WebSocket):
            return Context(resources, is_socket=True)
        context = Context(resources, await authenticate(resources, credential_of(request)))
        response.headers["x-request-id"] = context.request_id
        return context

    async def process_result(self, request: Request, result: ExecutionResult) -> GraphQLHTTPResponse:
        """The answer; in GraphQL's own media type one to what was not executed has a status, and no `data`."""
        answer = await super().process_result(request, result)
        if is_wanted(request.scope) and (status := refusal_status(answer)):
            del answer["data"]
            setattr(request.state, _REFUSED, status)
        return answer

    def decode_json(self, data: str | bytes) -> object:
        """The value of a JSON text."""
        return read_json(data)

    def parse_json(self, data: str | bytes) -> Any:
        """The object that a request's body must be.

        Raises: HTTPException.
        """
        try:
            body = read_json(data)
        except JSONDecodeError as error:
            raise HTTPException(400, f"The body is no JSON: {error}.") from error
        if not isinstance(body, dict):
            raise HTTPException(400, "The body must be a JSON object with a `query`.")
        return body

    def encode_json(self, data: object) -> str:
        """JSON as text, which is what a socket wants."""
        return json_bytes(data).decode()
