"""Group commit: what arrives while one flush is under way travels in the next.

No timer: a lone item goes at once, and a burst travels together. Measured: waiting some milliseconds for company
lowers throughput, since the flush itself is the wait.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


class Full(Exception):
    """The queue holds as much as it may."""


@dataclass(slots=True)
class _Waiting(Generic[Item, Result]):
    item: Item
    size: int
    done: "asyncio.Future[Result]"


class Batcher(Generic[Item, Result]):
    """Hands items to `flush` in order, in batches, one flush at a time, and each result to who waits for it."""

    def __init__(
        self,
        flush: Callable[[Sequence[Item]], Awaitable[Sequence[Result]]],
        *,
        most_items: int,
        most_bytes: int,
        batch_items: int,
    ) -> None:
        self._flush = flush
        self._most_items = most_items
        self._most_bytes = most_bytes
        self._batch_items = batch_items
        self._queue: deque[_Waiting[Item, Result]] = deque()
        self._waiting_items = 0
        self._waiting_bytes = 0
        self._arrived = asyncio.Event()
        self._closing = False

    @property
    def depth(self) -> tuple[int, int]:
        """Items and bytes that were taken and not yet answered."""
        return self._waiting_items, self._waiting_bytes

    def put(self, items: Sequence[tuple[Item, int]]) -> "list[asyncio.Future[Result]]":
        """Take items with their sizes in bytes, all or none; each future is done once its batch is.

        Raises: Full when they do not fit, or the batcher is closing.
        """
        size = sum(item_size for _, item_size in items)
        if self._closing or not self._fits(len(items), size):
            raise Full
        loop = asyncio.get_running_loop()
        waiting = [_Waiting(item, item_size, loop.create_future()) for item, item_size in items]
        self._queue.extend(waiting)
        self._waiting_items += len(items)
        self._waiting_bytes += size
        self._arrived.set()
        return [entry.done for entry in waiting]

    async def run(self) -> None:
        """Flush what arrives until `close`, then what is left."""
        while self._queue or not self._closing:
            if not self._queue:
                self._arrived.clear()
                await self._arrived.wait()
                continue
            await self._flush_one([self._queue.popleft() for _ in range(min(len(self._queue), self._batch_items))])

    def close(self) -> None:
        """Take nothing more, and let `run` end when the queue is empty."""
        self._closing = True
        self._arrived.set()

    def _fits(self, items: int, size: int) -> bool:
        """Whether there is room; an empty queue takes anything, else a large batch could never pass."""
        if self._waiting_items == 0:
            return True
        return self._waiting_items + items <= self._most_items and self._waiting_bytes + size <= self._most_bytes

    async def _flush_one(self, batch: "list[_Waiting[Item, Result]]") -> None:
        try:
            results = await self._flush([entry.item for entry in batch])
            for entry, result in zip(batch, results, strict=True):
                if not entry.done.done():
                    entry.done.set_result(result)
        except Exception as error:  # noqa: BLE001 - whatever it was, those who wait must hear it
            for entry in batch:
                if not entry.done.done():
                    entry.done.set_exception(error)
        finally:
            self._waiting_items -= len(batch)
            self._waiting_bytes -= sum(entry.size for entry in batch)
