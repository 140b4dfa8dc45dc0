"""Many WebSockets that cost little themselves: they count a mark in what arrives, and parse nothing (RFC 6455)."""

import asyncio
import base64
import os
import struct
from urllib.parse import urlsplit

import orjson

_SHORT, _MEDIUM = 126, 1 << 16


class Counting:
    """One socket that counts how often a mark has arrived."""

    def __init__(self, mark: bytes) -> None:
        self._mark = mark
        self._tail = b""
        self._seen = 0
        self._changed = asyncio.Event()

    async def open(self, url: str, messages: list[object]) -> None:
        """Shake hands, and send these messages; then count in the background."""
        parts = urlsplit(url)
        self._reader, self._writer = await asyncio.open_connection(parts.hostname, parts.port)
        key = base64.b64encode(os.urandom(16)).decode()
        lines = [f"GET {parts.path} HTTP/1.1", f"Host: {parts.netloc}", "Upgrade: websocket", "Connection: Upgrade"]
        lines += [f"Sec-WebSocket-Key: {key}", "Sec-WebSocket-Version: 13"]
        lines += ["Sec-WebSocket-Protocol: graphql-transport-ws", "", ""]
        self._writer.write("\r\n".join(lines).encode())
        head = await self._reader.readuntil(b"\r\n\r\n")
        if b" 101 " not in head.split(b"\r\n")[0]:
            raise RuntimeError(head.decode())
        for message in messages:
            self._writer.write(_frame(orjson.dumps(message)))
        self._task = asyncio.create_task(self._count())

    async def wait_for(self, count: int) -> None:
        """Return once the mark has arrived so often."""
        while self._seen < count:
            self._changed.clear()
            await self._changed.wait()

    async def close(self) -> None:
        """Leave."""
        self._task.cancel()
        self._writer.close()

    async def _count(self) -> None:
        while data := await self._reader.read(65536):
            text = self._tail + data
            self._seen += text.count(self._mark)
            keep = len(self._mark) - 1
            # A mark that ended in this piece must not be counted again with the next.
            self._tail = (
                text[text.rfind(self._mark) + len(self._mark) :][-keep:] if self._mark in text else text[-keep:]
            )
            self._changed.set()


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
