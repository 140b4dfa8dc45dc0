"""Noticing that a stream has said nothing for a while: one task for all streams of a process, not one for each."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.clock import Clock


@dataclass(eq=False, slots=True)
class Silence:
    """One stream's: `nudge` is called once nothing was said for so long, and again each time it has lasted as long."""

    silences: "Silences"
    nudge: Callable[[], None]
    since: datetime

    @property
    def is_long(self) -> bool:
        """Whether something should be said now."""
        return self.silences.now() - self.since >= self.silences.after

    def broken(self) -> None:
        """Note that something was said."""
        self.since = self.silences.now()
        self.silences.put_last(self, self.since)

    def close(self) -> None:
        """Watch the stream no more."""
        self.silences.remove(self)


class Silences:
    """Watches the streams of a process; what is silent for `after_s` is nudged.

    All wait for as long, so whoever was put last is due last, and the first is all that must be waited for.
    """

    def __init__(self, clock: Clock, *, after_s: float) -> None:
        self.after = timedelta(seconds=after_s)
        self.now = clock.now
        self._clock = clock
        self._waiting_since: dict[Silence, datetime] = {}
        self._watching: asyncio.Task[None] | None = None

    def begin(self, nudge: Callable[[], None]) -> Silence:
        """Watch a stream that says something now, until it is closed."""
        silence = Silence(self, nudge, self.now())
        self._waiting_since[silence] = silence.since
        if self._watching is None:
            self._watching = asyncio.create_task(self._watch())
        return silence

    def put_last(self, silence: Silence, since: datetime) -> None:
        """Nudge it when all others have been, as it waits since now."""
        if self._waiting_since.pop(silence, None) is not None:
            self._waiting_since[silence] = since

    def remove(self, silence: Silence) -> None:
        """Nudge it no more; the last one ends the watching."""
        self._waiting_since.pop(silence, None)
        if not self._waiting_since and self._watching is not None:
            self._watching.cancel()
            self._watching = None

    async def _watch(self) -> None:
        while True:
            await self._clock.sleep(self._nudge_who_is_due().total_seconds())

    def _nudge_who_is_due(self) -> timedelta:
        """How long it is then until the next one is; the task itself holds no stream."""
        now = self.now()
        while True:
            silence, since = next(iter(self._waiting_since.items()))
            left = since + self.after - now
            if left > timedelta(0):
                return left
            self.put_last(silence, now)
            silence.nudge()
