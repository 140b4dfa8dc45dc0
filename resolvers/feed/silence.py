"""Noticing that a stream has said nothing for a while."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

from core.clock import Clock


class Silence:
    """Calls `nudge` once nothing was said for so long, and again each time it has lasted as long again."""

    def __init__(self, clock: Clock, *, after_s: float, nudge: Callable[[], None]) -> None:
        self._clock = clock
        self._after = timedelta(seconds=after_s)
        self._nudge = nudge
        self._since = clock.now()
        self._watching = asyncio.create_task(self._watch())

    @property
    def is_long(self) -> bool:
        """Whether something should be said now."""
        return self._clock.now() - self._since >= self._after

    def broken(self) -> None:
        """Note that something was said."""
        self._since = self._clock.now()

    async def stop(self) -> None:
        """Leave nothing running."""
        self._watching.cancel()
        await asyncio.wait([self._watching])

    async def _watch(self) -> None:
        # A task keeps the cancellation that ended it, which holds this frame, and so us, who hold the task.
        with suppress(asyncio.CancelledError):
            await self._nudge_after_each()

    async def _nudge_after_each(self) -> None:
        while True:
            left = self._since + self._after - self._clock.now()
            if left <= timedelta(0):
                self._nudge()
                left = self._after
            await self._clock.sleep(left.total_seconds())
