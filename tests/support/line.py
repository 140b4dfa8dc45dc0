"""A line between client and server that can be cut: it passes on bytes until then."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from urllib.parse import urlsplit


class Line:
    """A port of loopback that leads to another one."""

    def __init__(self, port: int) -> None:
        self._to = port
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.StreamWriter] = set()
        self._passing: set[asyncio.Task[None]] = set()
        self._passes = asyncio.Event()
        self._passes.set()

    @property
    def url(self) -> str:
        assert self._server is not None
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def open(self) -> None:
        self._server = await asyncio.start_server(self._join, "127.0.0.1", 0)

    def cut(self) -> None:
        """Break every connection; new ones are let through."""
        self._passes.set()
        for writer in list(self._open):
            writer.transport.abort()

    def lead_to(self, url: str) -> None:
        """Lead new connections to that address instead."""
        self._to = _port(url)

    def hold(self) -> None:
        """Pass nothing on, and tell nobody, as where a machine has vanished, until it is cut."""
        self._passes.clear()

    async def close(self) -> None:
        assert self._server is not None
        self._server.close()
        self.cut()
        for task in list(self._passing):
            task.cancel()
        await asyncio.gather(*self._passing, return_exceptions=True)

    async def _join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            there, back = await asyncio.open_connection("127.0.0.1", self._to)
        except OSError:  # nobody is there by now
            writer.transport.abort()
            return
        self._open |= {writer, back}
        for source, target in ((reader, back), (there, writer)):
            task = asyncio.create_task(self._pass_on(source, target))
            self._passing.add(task)
            task.add_done_callback(self._passing.discard)

    async def _pass_on(self, source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while data := await source.read(65536):
                await self._passes.wait()
                target.write(data)
                await target.drain()
        target.transport.abort()
        self._open.discard(target)


@asynccontextmanager
async def line_to(url: str) -> AsyncIterator[Line]:
    """A line to that address, closed at the end of the block."""
    line = Line(_port(url))
    await line.open()
    try:
        yield line
    finally:
        await line.close()


def _port(url: str) -> int:
    port = urlsplit(url).port
    assert port is not None
    return port
