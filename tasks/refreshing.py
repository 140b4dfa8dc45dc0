"""Keeping messages up to date besides all else, so that a slow server holds up no alarm."""

import asyncio
from collections.abc import Mapping

import structlog

from core.ending import end
from domain.notification import Channel
from resolvers.notification.door import Refresh
from resolvers.notification.refresh import refresh_messages
from resolvers.resources import Resources

_log = structlog.get_logger()


class Refresher:
    """Begins to bring messages up to date when it is asked to, once at a time."""

    def __init__(self, res: Resources, by_channel: Mapping[Channel, Refresh]) -> None:
        self._res = res
        self._by_channel = by_channel
        self._under_way: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin, unless it is under way."""
        if self._under_way is None or self._under_way.done():
            self._under_way = asyncio.create_task(self._refresh())

    async def stop(self) -> None:
        """Leave none under way; what was cut off is tried again."""
        if self._under_way is not None:
            await end([self._under_way])

    async def _refresh(self) -> None:
        try:
            while await refresh_messages(self._res, self._by_channel):
                pass
        except Exception:  # noqa: BLE001 - the next time is soon
            _log.exception("messages not refreshed")
