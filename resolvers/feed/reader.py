"""The one reader of the feed in a process: it reads each row once, for all who watch here."""

import asyncio
from contextlib import suppress
from typing import Any

import asyncpg
import structlog

from core.away import AWAY
from core.bus import Bus
from core.clock import Clock
from core.db import Database
from core.ending import end
from core.fanout import Fanout, Tap
from domain.feed import Cursor
from resolvers.feed.lag import find_lag
from resolvers.feed.patience import pauses
from resolvers.feed.position import open_feed
from resolvers.feed.rows import Batch, Fetching, Row, read_rows

_log = structlog.get_logger()

_POLL_S = 1.0
_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 0.002, 0.05
# Whatever PostgreSQL says, nobody would read on if this reader died of it.
_TROUBLE = (*AWAY, asyncpg.PostgresError)


class FeedReader:
    """Follows the feed while somebody here watches, and hands the rows on; while nobody does it reads nothing.

    It reads when it hears news, from this process at once and from others by the bus, and once a second whether it
    hears any or not. While an older transaction holds rows up it looks every few milliseconds.
    """

    def __init__(self, db: Database, clock: Clock, bus: Bus, *, buffer_rows: int) -> None:
        self._db = db
        self._clock = clock
        self._bus = bus
        self._fanout: Fanout[Row] = Fanout(buffer_rows)
        self._cursor: Cursor | None = None
        self._news = asyncio.Event()
        self._watched = asyncio.Event()

    @property
    def cursor(self) -> Cursor | None:
        """Where it stands: every row before was handed on; none while nobody watches."""
        return self._cursor

    @property
    def watchers(self) -> int:
        """How many are attached."""
        return len(self._fanout)

    def wake(self) -> None:
        """Look now: something was committed."""
        self._news.set()

    def attach(self, cursor: Cursor) -> tuple[Tap[Row], Cursor]:
        """A tap, and the cursor from which on it gets every row.

        What lies between `cursor` and that one the watcher reads by itself; what comes before `cursor` it skips.
        """
        if self._cursor is None:
            self._cursor = cursor
        tap = self._fanout.attach()
        self._watched.set()
        return tap, self._cursor

    def detach(self, tap: Tap[Row]) -> None:
        """Bring this tap nothing more."""
        self._fanout.detach(tap)

    async def lag(self) -> dict[str, Any]:
        """How far readers are behind, who holds them up (`find_lag`), and how many watch here.

        Raises: OSError, asyncpg.PostgresError, asyncpg.InterfaceError.
        """
        return {**(await find_lag(self._db.raw, self._clock.now())), "watchers": self.watchers}

    async def run(self) -> None:
        """Follow the feed until cancelled. While PostgreSQL is away it waits, and then goes on from where it was."""
        listening = asyncio.create_task(self._bus.run(lambda _: self.wake()))
        try:
            await self._follow()
        finally:
            await end([listening])

    async def _follow(self) -> None:
        is_open, retries = False, pauses()
        while True:
            try:
                if not is_open:
                    await open_feed(self._db)
                    is_open = True
                await self._watched.wait()
                async with self._db.raw.acquire() as connection:
                    await self._read_while_watched(connection)
                retries = pauses()
            except _TROUBLE as error:
                _log.warning("feed cannot be read", error=str(error) or type(error).__name__)
                is_open = False  # it may come back restored
                await asyncio.sleep(next(retries))
            except Exception:  # noqa: BLE001 - the streams must not end, silently, with one bad row
                _log.exception("feed reader failed")
                await asyncio.sleep(next(retries))

    async def _read_while_watched(self, connection: Fetching) -> None:
        pause_s = _FIRST_PAUSE_S
        while self._cursor is not None:
            self._news.clear()
            batch = await read_rows(connection, self._cursor, self._clock.now().date())
            self._hand_on(batch)
            pause_s = _FIRST_PAUSE_S if batch.rows else min(2 * pause_s, _LONGEST_PAUSE_S)
            if not batch.is_full:
                await self._pause(pause_s if batch.is_held_up else _POLL_S)

    def _hand_on(self, batch: Batch) -> None:
        assert self._cursor is not None
        if batch.cursor.epoch == self._cursor.epoch:
            self._fanout.put(batch.rows)
            self._cursor = batch.cursor
        else:
            # Each watcher finds out by itself that its rows are gone, and is told.
            self._fanout.detach_all()
        if not self._fanout:
            self._cursor = None
            self._watched.clear()

    async def _pause(self, seconds: float) -> None:
        """Return when there is news, or after so many seconds."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._news.wait()
