"""A caller that speaks HTTP by hand, and so knows what became of a request that was not answered."""

import asyncio
import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit


class Refused(Exception):
    """Nobody listens any more."""


class Unread(Exception):
    """The connection ended before the first byte of an answer."""


class Cut(Exception):
    """The connection ended in the middle of an answer."""


@dataclass
class Caller:
    """Asks one question at a time; `keeps_alive` by the same connection while that lasts, else by a new one each."""

    url: str
    key: str
    keeps_alive: bool
    _connection: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, document: str, **variables: Any) -> dict[str, Any]:
        """The whole answer.

        Raises: Refused, Unread, Cut.
        """
        reader, writer = self._connection or await self._connect()
        self._connection = (reader, writer)
        try:
            writer.write(self._request({"query": document, "variables": variables}))
            is_last, answer = await _read_answer(reader)
        except (Unread, Cut):
            self.close()
            raise
        if is_last:
            self.close()
        return answer

    def close(self) -> None:
        """Leave no connection open."""
        if self._connection is not None:
            self._connection[1].transport.abort()
            self._connection = None

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        address = urlsplit(self.url)
        try:
            return await asyncio.open_connection(address.hostname, address.port)
        except ConnectionRefusedError as error:
            raise Refused from error
        except ConnectionResetError as error:
            raise Unread from error

    def _request(self, question: dict[str, Any]) -> bytes:
        body = json.dumps(question).encode()
        head = (
            "POST /graphql HTTP/1.1",
            f"Host: {urlsplit(self.url).netloc}",
            f"Authorization: Bearer {self.key}",
            "Content-Type: application/json",
            f"Content-Length: {len(body)}",
            f"Connection: {'keep-alive' if self.keeps_alive else 'close'}",
        )
        return "\r\n".join((*head, "", "")).encode() + body


async def _read_answer(reader: asyncio.StreamReader) -> tuple[bool, dict[str, Any]]:
    """Whether the connection ends with it, and the answer."""
    try:
        first = await reader.read(1)
    except ConnectionError as error:
        raise Unread from error
    if not first:
        raise Unread
    try:
        head = first + await reader.readuntil(b"\r\n\r\n")
        fields = dict(line.split(": ", 1) for line in head.decode().lower().splitlines()[1:] if line)
        body = await reader.readexactly(int(fields["content-length"]))
    except (ConnectionError, asyncio.IncompleteReadError) as error:
        raise Cut from error
    assert head.startswith(b"HTTP/1.1 200 "), (head, body)
    return fields.get("connection") == "close", json.loads(body)
