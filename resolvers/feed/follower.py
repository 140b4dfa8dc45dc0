"""One watcher's way along the feed: replay until it is level with the reader, then live; back again when too slow."""

from core.fanout import Tap
from domain.feed import Cursor
from resolvers.feed.patience import patiently
from resolvers.feed.replay import Gone, Window
from resolvers.feed.rows import Batch, Row
from resolvers.resources import Resources


class Follower:
    """Hands out every row after `cursor` once, in order; `cursor` is where it stands.

    `is_present`: the cursor was read this moment, so there is nothing to replay.
    """

    def __init__(self, res: Resources, cursor: Cursor, *, is_present: bool) -> None:
        self._res = res
        self._tap: Tap[Row] | None = None
        self._level = cursor
        # What it replays just now, held for others who come by.
        self._window: Window | None = None
        self.cursor = cursor
        if is_present:
            self._attach()

    @property
    def is_live(self) -> bool:
        """Whether it gets rows as they come."""
        return self._tap is not None and self.cursor.position >= self._level.position

    @property
    def is_level(self) -> bool:
        """Whether it is live, and has handed out every row that has come."""
        return self.is_live and self._tap is not None and self._tap.is_empty

    async def take(self) -> list[Row]:
        """The rows that come next; live, as soon as there are any. None when nudged, or at the end of a replay.

        Raises: Gone, and stands where it can go on.
        """
        if self._tap is None or not self.is_live:
            return await self._replay()
        self._window = None
        return await self._take_from(self._tap)

    def nudge(self) -> None:
        """Let one who waits for live rows go on with none."""
        if self._tap is not None:
            self._tap.nudge()

    def close(self) -> None:
        """Leave nothing behind at the reader."""
        if self._tap is not None:
            self._res.feed.detach(self._tap)
            self._tap = None
        self._window = None

    def _attach(self) -> None:
        self._tap, self._level = self._res.feed.attach(self.cursor)

    async def _take_from(self, tap: Tap[Row]) -> list[Row]:
        rows = await tap.take()
        if rows and rows[0].cursor.position <= self.cursor.position:
            rows = [row for row in rows if row.cursor.position > self.cursor.position]
        if rows:
            self.cursor = rows[-1].cursor
        elif tap.is_dry:
            self.close()
        else:
            # The tap is empty, so everything that the reader has handed on was taken.
            reader = self._res.feed.cursor
            if reader is not None and reader.position > self.cursor.position:
                self.cursor = reader
        return rows

    async def _replay(self) -> list[Row]:
        batch = await patiently(self._read)
        if self._tap is None:
            self.cursor = batch.cursor
            if not batch.is_full:
                self._attach()
            return list(batch.rows)
        # What comes after the reader's place at the time of attaching comes by the tap.
        self.cursor = min(batch.cursor, self._level, key=lambda cursor: cursor.position)
        return [row for row in batch.rows if row.cursor.position <= self._level.position]

    async def _read(self) -> Batch:
        """The next rows.

        Raises: Gone.
        """
        try:
            self._window = await self._res.replays.read(self.cursor)
        except Gone as gone:
            self.close()
            self.cursor = gone.start
            raise
        return self._window.rest(self.cursor)
