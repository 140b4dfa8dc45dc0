"""Running the feed's reader, and taking what a stream brings."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable
from contextlib import aclosing, asynccontextmanager, suppress
from typing import Any

from resolvers.resources import Resources
from resolvers.stream import StreamPosition

PATIENCE_S = 15


@asynccontextmanager
async def reading_feed(res: Resources) -> AsyncIterator[None]:
    """The reader of this process at work, and hearing news."""
    task = asyncio.create_task(res.feed.run())
    try:
        await asyncio.wait_for(res.bus.wait_connected(), PATIENCE_S)
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


class Watching:
    """A stream in the hands of one who watches."""

    def __init__(self, turns: AsyncGenerator[list[Any], None]) -> None:
        self._turns = turns
        self._items: list[Any] = []

    async def next(self) -> Any:
        """The next item."""
        while not self._items:
            self._items = await asyncio.wait_for(anext(self._turns), PATIENCE_S)
        return self._items.pop(0)

    async def take(self, count: int) -> list[Any]:
        """So many rows, without what else the stream says."""
        taken: list[Any] = []
        while len(taken) < count:
            item = await self.next()
            if not isinstance(item, StreamPosition):
                taken.append(item)
        return taken

    async def is_silent(self, seconds: float = 0.3) -> bool:
        """Whether nothing but its position comes for so long; the stream is of no use afterwards."""
        try:
            await asyncio.wait_for(self.take(1), seconds)
        except TimeoutError:
            return True
        return False


@asynccontextmanager
async def watching(stream: Awaitable[AsyncGenerator[list[Any], None]]) -> AsyncIterator[Watching]:
    """The stream, closed in the end."""
    async with aclosing(await stream) as turns:
        yield Watching(turns)
