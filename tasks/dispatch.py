"""Keeping the outbox empty: several notifications are under way at once, so that a slow one holds up no other."""

import asyncio
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress

import structlog

from core.away import AWAY
from core.ending import end
from domain.notification import Channel
from domain.throttle import Room
from resolvers.notification.claim import Claim, claim_due
from resolvers.notification.delivery import Send, deliver
from resolvers.notification.recording import Recorder
from resolvers.resources import Resources

_log = structlog.get_logger()
# A server that does not answer keeps a place for two thirds of a lease: of all there are, one channel has half at most,
# and one address an eighth.
_AT_ONCE, _BY_CHANNEL, _BY_PLACE = 32, 16, 4
_POLL_S = 1.0
# What ends at nearly the same time is followed by one claim, not by one each.
_GATHER_S = 0.02


class Dispatcher:
    """Sends what is due, besides all else that a worker does."""

    def __init__(self, res: Resources, senders: Mapping[Channel, Send]) -> None:
        self._res = res
        self._senders = senders
        self._recorder = Recorder(res)
        self._under_way: dict[asyncio.Task[None], Claim] = {}
        self._wake = asyncio.Event()
        self._is_stopping = False

    async def run(self) -> None:
        """Send what is due as soon as it is woken or there is room again, and look once a second, until `stop`."""
        while not self._is_stopping:
            self._wake.clear()
            try:
                await self.start_due()
            except AWAY as error:
                _log.warning("database away", error=f"{type(error).__name__}: {error}".partition("\n")[0])
            except Exception:  # noqa: BLE001 - the alarm must not end with one bad look
                _log.exception("nothing claimed")
            with suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), _POLL_S)
            if self._under_way:
                await asyncio.sleep(_GATHER_S)

    def wake(self) -> None:
        """Let it look now."""
        self._wake.set()

    def stop(self) -> None:
        """Let `run` return; what is under way is left for `finish`."""
        self._is_stopping = True
        self._wake.set()

    async def start_due(self) -> int:
        """Begin to send what is due and there is room for; return how many that were."""
        begun, has_more = 0, True
        while has_more:
            claimed = await claim_due(self._res, room=self._room())
            for claim in claimed.claims:
                task = asyncio.create_task(deliver(self._res, claim, self._senders, self._recorder))
                self._under_way[task] = claim
                task.add_done_callback(self._done)
            begun, has_more = begun + len(claimed.claims), claimed.has_more
        return begun

    async def finish(self, within_s: float) -> None:
        """Return when nothing is under way any more; what takes longer is cut, and left to its lease."""
        if self._under_way:
            _, late = await asyncio.wait(self._under_way, timeout=within_s)
            await end(late)

    def _room(self) -> Room:
        places = [claim.place for claim in self._under_way.values()]
        return Room(
            _AT_ONCE - len(places),
            _BY_CHANNEL,
            _BY_PLACE,
            channels=Counter(channel for channel, _ in places),
            places=Counter(places),
        )

    def _done(self, task: asyncio.Task[None]) -> None:
        self._under_way.pop(task)
        if not task.cancelled() and (error := task.exception()):
            _log.error("notification left to its lease", exc_info=error)
        self._wake.set()
