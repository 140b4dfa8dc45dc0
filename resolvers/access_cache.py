"""What this process knows of credentials: who each one is, for a moment only, so that revoking soon takes effect."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from core.clock import Clock
from domain.access import Actor

_MOST = 10_000


@dataclass(frozen=True, slots=True)
class Verdict:
    """Who a credential is, or that it is refused, and until when that may be believed."""

    actor: Actor
    until: datetime


class AccessCache:
    """Verdicts by the digest of the credential, those used last; each is asked for once for all who wait."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._verdicts: OrderedDict[bytes, Verdict] = OrderedDict()
        self._judging: dict[bytes, asyncio.Task[Verdict]] = {}
        self._later: set[asyncio.Task[None]] = set()

    async def actor(self, digest: bytes, judge: Callable[[], Awaitable[Verdict]]) -> Actor:
        """Who the credential is: as known, or as `judge` finds out."""
        verdict = self._verdicts.get(digest)
        if verdict is not None and self._clock.now() < verdict.until:
            self._verdicts.move_to_end(digest)
            return verdict.actor
        return (await self._judged(digest, judge)).actor

    def forget(self, id: UUID) -> None:
        """Believe nothing of the token or key of that id any more."""
        for digest in [digest for digest, verdict in self._verdicts.items() if verdict.actor.id == id]:
            del self._verdicts[digest]

    def later(self, work: Coroutine[None, None, None]) -> None:
        """Let the work be done besides, without anybody waiting for it but `close`; it raises nothing."""
        task = asyncio.create_task(work)
        self._later.add(task)
        task.add_done_callback(self._later.discard)

    async def close(self) -> None:
        """Leave nothing running."""
        await asyncio.gather(*self._judging.values(), return_exceptions=True)
        await asyncio.gather(*self._later)

    async def _judged(self, digest: bytes, judge: Callable[[], Awaitable[Verdict]]) -> Verdict:
        task = self._judging.get(digest)
        if task is None:
            task = asyncio.create_task(self._judge(digest, judge))
            self._judging[digest] = task
            task.add_done_callback(lambda _: self._judging.pop(digest))
        # One who goes away leaves the others their answer.
        return await asyncio.shield(task)

    async def _judge(self, digest: bytes, judge: Callable[[], Awaitable[Verdict]]) -> Verdict:
        verdict = await judge()
        self._verdicts[digest] = verdict
        self._verdicts.move_to_end(digest)
        if len(self._verdicts) > _MOST:
            self._verdicts.popitem(last=False)
        return verdict
