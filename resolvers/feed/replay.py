"""Reading the feed again for those who come back: once for all who come back to about the same place.

After a deploy a thousand come at once, each with a cursor of its own, and most of these lie close together. Who is to
read rows that another has just read gets the same rows, and with them what was loaded, executed and written for the
other. So those who replay near each other go on together, at the cost of one.
"""

import asyncio
from bisect import bisect_right
from collections import deque
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from weakref import ref

from core.clock import Clock
from core.db import Database
from domain.feed import Cursor, StreamResetReason
from resolvers.feed.position import count_since, find_present, find_start, why_gone
from resolvers.feed.rows import Batch, read_rows

# Rows bring what they tell of as it was when they were first read, which is to be about now.
_FRESH = timedelta(seconds=2)
_MOST_WINDOWS = 16


class Gone(Exception):
    """Rows after the cursor are no longer there; `start` is where one can go on."""

    def __init__(self, reason: StreamResetReason, start: Cursor) -> None:
        super().__init__(reason)
        self.reason = reason
        self.start = start


@dataclass(frozen=True, slots=True, weakref_slot=True, eq=False)
class Window:
    """All rows of the feed between two places, read at that time."""

    after: Cursor
    batch: Batch
    at: datetime

    def has(self, cursor: Cursor) -> bool:
        """Whether rows that come just after the cursor are among these."""
        end = self.batch.cursor
        return cursor.epoch == end.epoch and self.after.position <= cursor.position < end.position

    def rest(self, cursor: Cursor) -> Batch:
        """The rows after the cursor."""
        rows = self.batch.rows
        first = bisect_right(rows, cursor.position, key=lambda row: row.cursor.position)
        return replace(self.batch, rows=rows[first:]) if first else self.batch


class Replays:
    """All who replay in a process. A window is kept for as long as one of them holds it.

    Who is further behind than about `most_rows` would hardly ever be level: it is to go on at the present.
    """

    def __init__(self, db: Database, clock: Clock, *, most_rows: int) -> None:
        self._db = db
        self._clock = clock
        self._most_rows = most_rows
        self._turn = asyncio.Lock()
        self._windows: deque[ref[Window]] = deque(maxlen=_MOST_WINDOWS)

    async def read(self, cursor: Cursor) -> Window:
        """A window that has the rows after the cursor, if there are any: one that was just read, or a new one.

        One at a time reads, and the others wait, since most of them will find what they want in what it read.

        Raises: Gone, OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError.
        """
        async with self._turn:
            window = self._find(cursor)
            if window is None:
                window = await self._read(cursor)
                self._windows.appendleft(ref(window))
            return window

    def _find(self, cursor: Cursor) -> Window | None:
        since = self._clock.now() - _FRESH
        windows = (window for each in self._windows if (window := each()) is not None)
        return next((window for window in windows if window.at > since and window.has(cursor)), None)

    async def _read(self, cursor: Cursor) -> Window:
        """The rows, if all that come after the cursor are still there, which is asked after they were read."""
        now, database = self._clock.now(), self._db.raw
        batch = await read_rows(database, cursor, now.date())
        reason = await why_gone(database, cursor, now.date())
        if reason is not None:
            raise Gone(reason, await find_start(database))
        # What was never written, or is kept no longer, is not behind: so it is counted from the first row there is.
        if batch.is_full and await count_since(database, batch.rows[0].cursor.position) > self._most_rows:
            raise Gone(StreamResetReason.TOO_FAR_BEHIND, await find_present(database, now.date()))
        return Window(cursor, batch, now)
