"""A client of the WebSocket, that speaks its protocol message by message."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlsplit

from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

from tests.support.serving import Served

PATIENCE_S = 15
PROTOCOL = Subprotocol("graphql-transport-ws")
WATCH = """subscription($filter: EventFilter, $after: Cursor) { errorLogged(filter: $filter, after: $after) { __typename
  ... on ErrorLogged { cursor isNew event { eventId message } issue { shortId } }
  ... on StreamPosition { cursor isLive }
  ... on StreamReset { cursor reason } } }"""
LOG = """mutation($input: LogErrorInput!) { logError(input: $input) { __typename ... on LoggedError { eventId } } }"""


class Client:
    """One socket."""

    def __init__(self, connection: ClientConnection) -> None:
        self._connection = connection

    async def send(self, message: Mapping[str, Any] | str | bytes | list[str]) -> None:
        """Send it; a list of texts as the parts of one message."""
        await self._connection.send(message if isinstance(message, str | bytes | list) else json.dumps(message))

    async def next(self) -> dict[str, Any]:
        # Not `wait_for`: before Python 3.12 it may swallow a cancellation.
        async with asyncio.timeout(PATIENCE_S):
            message: dict[str, Any] = json.loads(await self._connection.recv())
        return message

    async def init(self, payload: object = None, **more: object) -> None:
        await self.send({"type": "connection_init", "payload": payload, **more})
        assert await self.next() == {"type": "connection_ack"}

    async def subscribe(self, id: str = "1", query: str = WATCH, **payload: object) -> None:
        await self.send({"id": id, "type": "subscribe", "payload": {"query": query, **payload}})

    async def item(self, id: str = "1") -> dict[str, Any]:
        """The next item of a stream."""
        message = await self.next()
        assert (message["type"], message["id"]) == ("next", id), message
        assert "errors" not in message["payload"], message
        (item,) = message["payload"]["data"].values()
        return item

    async def event(self, id: str = "1") -> dict[str, Any]:
        """The next event of a stream, past what else it says."""
        while (item := await self.item(id))["__typename"] != "ErrorLogged":
            assert item["__typename"] == "StreamPosition", item
        return item

    async def closed(self) -> tuple[int | None, str | None]:
        """The code and the reason with which the server closes, whatever it says before."""
        await asyncio.wait_for(self._connection.wait_closed(), PATIENCE_S)
        return self._connection.close_code, self._connection.close_reason


@asynccontextmanager
async def connected(url: str, **options: Any) -> AsyncIterator[Client]:
    """A socket that has said nothing yet."""
    options = {"subprotocols": [PROTOCOL], **options}
    async with connect(url, compression=None, **options) as connection:
        yield Client(connection)


@asynccontextmanager
async def admitted(url: str, token: str) -> AsyncIterator[Client]:
    """A socket whose caller is known."""
    async with connected(url) as client:
        await client.init({"Authorization": f"Bearer {token}"})
        yield client


async def heard_in_silence(url: str) -> bytes:
    """All that the server sends to a client that opens a socket and then does nothing, not even answer pings."""
    parts = urlsplit(url)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    handshake = (
        f"GET {parts.path} HTTP/1.1\r\nHost: {parts.netloc}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
        f"Sec-WebSocket-Protocol: {PROTOCOL}\r\n\r\n"
    )
    writer.write(handshake.encode())
    async with asyncio.timeout(PATIENCE_S):
        heard = await reader.read()
    writer.close()
    await writer.wait_closed()
    return heard


def init(**payload: object) -> dict[str, Any]:
    return {"type": "connection_init", "payload": payload}


async def log(served: Served, message: str = "bad total") -> str:
    report = {"service": "checkout", "errorType": "ValueError", "message": message}
    answer = await served.ask(LOG, credential=served.credentials.ingest_key, input=report)
    event_id: str = answer["data"]["logError"]["eventId"]
    return event_id
