"""Keeping the outbox empty: several notifications are under way at once, so that a slow one holds up no other."""

import asyncio
from collections.abc import Callable, Mapping

import structlog

from core.ending import end
from domain.notification import Channel
from resolvers.notification.delivery import Claim, Send, claim_due, deliver
from resolvers.resources import Resources

_log = structlog.get_logger()
_AT_ONCE = 16


class Dispatcher:
    """Sends what is due; `freed` is called whenever there is room again."""

    def __init__(self, res: Resources, senders: Mapping[Channel, Send], freed: Callable[[], None]) -> None:
        self._res = res
        self._senders = senders
        self._freed = freed
        self._under_way: set[asyncio.Task[None]] = set()

    async def start_due(self) -> int:
        """Begin to send what is due and there is room for; return how many that were."""
        room = _AT_ONCE - len(self._under_way)
        claims = await claim_due(self._res, most=room) if room else []
        for claim in claims:
            task = asyncio.create_task(self._send(claim))
            self._under_way.add(task)
            task.add_done_callback(self._done)
        return len(claims)

    async def finish(self, within_s: float) -> None:
        """Return when nothing is under way any more; what takes longer is cut, and left to its lease."""
        if self._under_way:
            _, late = await asyncio.wait(self._under_way, timeout=within_s)
            await end(late)

    async def _send(self, claim: Claim) -> None:
        await deliver(self._res, claim, self._senders)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._under_way.discard(task)
        if not task.cancelled() and (error := task.exception()):
            _log.error("notification left to its lease", exc_info=error)
        self._freed()
