"""Many WebSockets that cost little themselves: they count a mark in what arrives, and parse nothing (RFC 6455)."""

import asyncio
import base64
import os
import struct
import time
from collections.abc import Callable, Sequence
from urllib.parse import urlsplit

import orjson

_SHORT, _MEDIUM = 126, 1 << 16
_ACCEPTED = b" 101 "
# A ping of uvicorn's has four bytes. JSON holds no such pair of bytes: what is below a space is escaped there.
_PING, _PING_SIZE = b"\x89\x04", 6
_PONG = b"\x8a\x84\0\0\0\0"
_AT_ONCE = 50


class Counting(asyncio.Protocol):
    """One socket that notes when a mark has arrived each time, and answers pings, or it would be closed.

    `now` is the clock that says when.
    """

    def __init__(self, mark: bytes, now: Callable[[], float] = time.perf_counter) -> None:
        self._now = now
        self.arrivals: list[float] = []
        self.is_lost = False
        self._mark = mark
        self._tail = b""
        self._head: bytes | None = b""
        self._changed = asyncio.Event()

    async def open(self, url: str, messages: list[object]) -> None:
        """Shake hands, and send these messages; then count.

        Raises: RuntimeError where the server takes no sockets.
        """
        parts = urlsplit(url)
        loop = asyncio.get_running_loop()
        self._transport, _ = await loop.create_connection(lambda: self, parts.hostname, parts.port)
        key = base64.b64encode(os.urandom(16)).decode()
        lines = [f"GET {parts.path} HTTP/1.1", f"Host: {parts.netloc}", "Upgrade: websocket", "Connection: Upgrade"]
        lines += [f"Sec-WebSocket-Key: {key}", "Sec-WebSocket-Version: 13"]
        lines += ["Sec-WebSocket-Protocol: graphql-transport-ws", "", ""]
        self._transport.write("\r\n".join(lines).encode())
        while self._head is not None:
            if self.is_lost:
                raise RuntimeError(self._head.decode())
            await self._next_change()
        for message in messages:
            self._transport.write(_frame(orjson.dumps(message)))

    async def wait_for(self, count: int) -> None:
        """Return once the mark has arrived so often.

        Raises: RuntimeError where the socket is lost before.
        """
        while len(self.arrivals) < count:
            if self.is_lost:
                raise RuntimeError("A socket was lost.")
            await self._next_change()

    def close(self) -> None:
        """Leave."""
        self._transport.close()

    def data_received(self, data: bytes) -> None:
        """Count."""
        if self._head is not None:
            self._shake(data)
            return
        if _PING in data:
            self._answer_pings(data)
        text = self._tail + data
        found = text.count(self._mark)
        # A mark that ended in this piece must not be counted again with the next.
        rest = text[text.rfind(self._mark) + len(self._mark) :] if found else text
        self._tail = rest[1 - len(self._mark) :]
        if found:
            self.arrivals += [self._now()] * found
            self._changed.set()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - as asyncio calls it
        """Wake who waits."""
        self.is_lost = True
        self._changed.set()

    def _shake(self, data: bytes) -> None:
        assert self._head is not None
        self._head += data
        if b"\r\n\r\n" in self._head and _ACCEPTED in self._head.split(b"\r\n")[0]:
            _, rest = self._head.split(b"\r\n\r\n", 1)
            self._head = None
            self._changed.set()
            if rest:  # a ping may come together with the end of the handshake
                self.data_received(rest)

    def _answer_pings(self, data: bytes) -> None:
        start = data.find(_PING)
        while start >= 0:
            self._transport.write(_PONG + data[start + len(_PING) : start + _PING_SIZE])
            start = data.find(_PING, start + _PING_SIZE)

    async def _next_change(self) -> None:
        self._changed.clear()
        await self._changed.wait()


async def open_all(sockets: Sequence[Counting], url: str, firsts: Sequence[list[object]]) -> None:
    """Open them, some at a time; each says its first messages.

    Raises: RuntimeError where the server takes no sockets.
    """
    left = iter(zip(sockets, firsts, strict=True))

    async def some() -> None:
        for socket, first in left:
            await socket.open(url, first)

    await asyncio.gather(*(some() for _ in range(_AT_ONCE)))


def leave(sockets: Sequence[Counting]) -> None:
    """Leave; one that was lost meanwhile was not measured.

    Raises: RuntimeError.
    """
    if any(socket.is_lost for socket in sockets):
        raise RuntimeError("Sockets were lost.")
    for socket in sockets:
        socket.close()


def _frame(payload: bytes) -> bytes:
    """A masked text frame, as clients must send."""
    size = len(payload)
    if size < _SHORT:
        head = struct.pack("!BB", 0x81, 0x80 | size)
    elif size < _MEDIUM:
        head = struct.pack("!BBH", 0x81, 0x80 | _SHORT, size)
    else:
        head = struct.pack("!BBQ", 0x81, 0x80 | (_SHORT + 1), size)
    return head + b"\0\0\0\0" + payload
