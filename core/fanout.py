"""One source, many takers: each has a bounded buffer of its own, and one that is slow is let go, not waited for."""

import asyncio
from collections.abc import Sequence
from typing import Generic, TypeVar

Item = TypeVar("Item")


class Tap(Generic[Item]):
    """What one taker has still to take."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._waiting: list[Item] = []
        self._ready = asyncio.Event()
        self._is_attached = True

    @property
    def is_dry(self) -> bool:
        """Whether nothing waits here, and nothing more will come."""
        return not self._is_attached and not self._waiting

    @property
    def is_empty(self) -> bool:
        """Whether nothing waits here, and what comes will."""
        return self._is_attached and not self._waiting

    async def take(self) -> list[Item]:
        """Everything that waits, in order, as soon as there is something; nothing when nudged, or once dry."""
        if not self._waiting and self._is_attached:
            await self._ready.wait()
        self._ready.clear()
        taken, self._waiting = self._waiting, []
        return taken

    def nudge(self) -> None:
        """Let the taker go on, with nothing if nothing waits."""
        self._ready.set()

    def offer(self, items: Sequence[Item]) -> bool:
        """Leave the items waiting, if there is room for all of them; else let go of the taker, and say so."""
        if len(self._waiting) + len(items) > self._most:
            self.let_go()
            return False
        self._waiting.extend(items)
        self._ready.set()
        return True

    def let_go(self) -> None:
        """Bring nothing more; what waits may still be taken."""
        self._is_attached = False
        self._ready.set()


class Fanout(Generic[Item]):
    """Hands items to all taps that are attached, the same to each, in the same order."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._taps: set[Tap[Item]] = set()

    def __len__(self) -> int:
        return len(self._taps)

    def attach(self) -> Tap[Item]:
        """A tap that gets every item from now on, until it is detached, or full."""
        tap: Tap[Item] = Tap(self._most)
        self._taps.add(tap)
        return tap

    def detach(self, tap: Tap[Item]) -> None:
        """Bring this tap nothing more."""
        self._taps.discard(tap)
        tap.let_go()

    def detach_all(self) -> None:
        """Bring nobody anything more."""
        for tap in list(self._taps):
            self.detach(tap)

    def put(self, items: Sequence[Item]) -> None:
        """Leave the items with every tap that has room for them."""
        if items:
            self._taps = {tap for tap in self._taps if tap.offer(items)}
