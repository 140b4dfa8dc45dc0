"""An HTTP server on loopback that keeps what it is sent, and answers as told: also late, too much, or half."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from urllib.parse import parse_qs

import orjson
import pytest

_HEAD = b"\r\n\r\n"


@dataclass(frozen=True)
class Received:
    """One request."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> object:
        return orjson.loads(self.body)

    @property
    def form(self) -> dict[str, str]:
        return {name: values[0] for name, values in parse_qs(self.body.decode()).items()}


@dataclass(frozen=True)
class Reply:
    """What is answered. `is_half`: it hangs up within the body; `is_endless`: the body does not end,
    and drips where there is a pause."""

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b"ok"
    is_half: bool = False
    is_endless: bool = False
    pause_s: float | None = None


def json_reply(value: object, status: int = 200, **headers: str) -> Reply:
    return Reply(status, {"Content-Type": "application/json", **headers}, orjson.dumps(value))


class Receiver:
    """What was received, in order. `reply` answers all; `gate`, closed, holds every answer back."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.requests: list[Received] = []
        self.reply = Reply()
        self.gate = asyncio.Event()
        self.gate.set()
        self.port = 0
        self._tls = tls
        self._server: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()

    @property
    def url(self) -> str:
        return f"{'https' if self._tls else 'http'}://127.0.0.1:{self.port}"

    async def open(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port, ssl=self._tls)
        self.port = self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        """Refuse new connections, and cut those that there are."""
        if self._server:
            self._server.close()
            self._server = None
        self.gate.set()
        for writer in list(self._writers):
            writer.transport.abort()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        try:
            # Whoever hangs up first, the test says what came of it.
            with suppress(ConnectionError, asyncio.IncompleteReadError):
                self.requests.append(await _read(reader))
                await self.gate.wait()
                await self._answer(writer)
        finally:
            self._writers.discard(writer)
            writer.transport.abort() if self.reply.is_half else writer.close()

    async def _answer(self, writer: asyncio.StreamWriter) -> None:
        reply = self.reply
        length = {} if reply.is_endless else {"Content-Length": str(len(reply.body) + reply.is_half)}
        lines = [f"HTTP/1.1 {reply.status} As told", *(f"{k}: {v}" for k, v in {**length, **reply.headers}.items())]
        writer.write("\r\n".join(lines).encode() + _HEAD + reply.body)
        await writer.drain()
        while reply.is_endless:
            writer.write(b"x" if reply.pause_s else b"x" * 4096)
            await writer.drain()
            await asyncio.sleep(reply.pause_s or 0)


async def _read(reader: asyncio.StreamReader) -> Received:
    head = (await reader.readuntil(_HEAD)).decode().rstrip().split("\r\n")
    method, path, _ = head[0].split(" ", 2)
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in head[1:])}
    body = await reader.readexactly(int(headers.get("content-length", 0)))
    return Received(method, path, headers, body)


@asynccontextmanager
async def open_receiver(tls: ssl.SSLContext | None = None) -> AsyncIterator[Receiver]:
    receiver = Receiver(tls)
    await receiver.open()
    try:
        yield receiver
    finally:
        await receiver.close()


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with open_receiver() as opened:
        yield opened
