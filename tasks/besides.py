"""Work that is done besides all else, so that it holds up no alarm: once at a time, as often as it is asked for."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from core.ending import end

_log = structlog.get_logger()


class Besides:
    """Does a piece of work again and again until it says that there is no more, each time it is started."""

    def __init__(self, name: str, work: Callable[[], Awaitable[int]]) -> None:
        self._name = name
        self._work = work
        self._under_way: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin, unless it is under way."""
        if self._under_way is None or self._under_way.done():
            self._under_way = asyncio.create_task(self._do())

    async def stop(self) -> None:
        """Leave none under way; what was cut off is tried again."""
        if self._under_way is not None:
            await end([self._under_way])

    async def _do(self) -> None:
        try:
            while await self._work():
                pass
        except Exception:  # noqa: BLE001 - the next time is soon
            _log.exception("work left for the next time", work=self._name)
