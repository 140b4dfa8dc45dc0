"""The only clock: what time is it, and how to wait for a time to come."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Something that tells the time; tests have one that they move."""

    def now(self) -> datetime:
        """The present instant, aware, in UTC."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Return when so many seconds have passed on this clock."""
        ...


class SystemClock:
    """The time of the machine."""

    def now(self) -> datetime:
        """The present instant, aware, in UTC."""
        return datetime.now(UTC)  # noqa: TID251 - this is the one place

    async def sleep(self, seconds: float) -> None:
        """Return when so many seconds have passed."""
        await asyncio.sleep(max(0.0, seconds))


class ManualClock:
    """A clock that stands still until it is told to move: for tests, and for what is only tried."""

    def __init__(self, at: datetime) -> None:
        self._now = at
        self._moved = asyncio.Condition()

    def now(self) -> datetime:
        """The instant it was last moved to."""
        return self._now

    async def sleep(self, seconds: float) -> None:
        """Return when it was moved on by so many seconds."""
        until = self._now + timedelta(seconds=seconds)
        async with self._moved:
            await self._moved.wait_for(lambda: self._now >= until)

    async def advance(self, by: timedelta) -> None:
        """Leave it that much later, and wake who slept until then."""
        await self.move_to(self._now + by)

    async def move_to(self, at: datetime) -> None:
        """Leave it at that instant, and wake who slept until then."""
        async with self._moved:
            self._now = at
            self._moved.notify_all()
