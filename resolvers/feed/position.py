"""Where the feed begins and where it stands; and whether what a cursor points to is still there."""

from datetime import date, timedelta
from uuid import uuid4

from core.db import Database
from domain.errors import Unavailable
from domain.feed import START, Cursor, Position, StreamResetReason
from models.partitions import FEED
from resolvers.feed.rows import Fetching

_OPENING = 0x70C53
_DAY = timedelta(days=1)
# After a restore into another cluster transaction ids begin low again, and rows of the feed are ahead of them.
_STATE = """
SELECT (SELECT epoch FROM feed_epoch) AS epoch,
       coalesce((SELECT xid FROM feed ORDER BY xid DESC LIMIT 1) >= pg_snapshot_xmax(pg_current_snapshot()), false)
           AS is_restored
"""
_DRAW = """
INSERT INTO feed_epoch (is_only, epoch) VALUES (true, $1)
ON CONFLICT (is_only) DO UPDATE SET epoch = excluded.epoch
"""
# The place of a row, not a transaction id that came to nothing: those may come again (`resolvers/feed/rows.py`).
_LAST = """
SELECT present.epoch, row.xid, row.id
  FROM (SELECT (SELECT epoch FROM feed_epoch) AS epoch) AS present
  LEFT JOIN LATERAL (
       SELECT xid, id FROM feed WHERE xid < pg_snapshot_xmin(pg_current_snapshot())
        ORDER BY xid DESC, id DESC LIMIT 1) AS row ON true
"""
_NEWEST = "SELECT id FROM feed ORDER BY xid DESC, id DESC LIMIT 1"
_PRESENT = """
SELECT pg_snapshot_xmax(pg_current_snapshot()) AS xmax,
       (SELECT epoch FROM feed_epoch) AS epoch,
       (SELECT min(relname) FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid
         WHERE inhparent = 'feed'::regclass AND NOT inhdetachpending) AS oldest
"""


async def open_feed(db: Database) -> str:
    """Leave the feed of this database open, and return its epoch.

    The first start draws the first epoch. Where a restore has happened the feed is emptied and a new one drawn, in
    one transaction, so that no cursor of before can be taken for one of now. Many processes may do this at once.

    Raises: OSError, asyncpg.PostgresError, asyncpg.InterfaceError.
    """
    async with db.raw.acquire() as connection, connection.transaction():
        await connection.execute("SELECT pg_advisory_xact_lock($1)", _OPENING)
        state = (await connection.fetch(_STATE))[0]
        if state["epoch"] is not None and not state["is_restored"]:
            return str(state["epoch"])
        if state["is_restored"]:
            await connection.execute("TRUNCATE feed")
        epoch = uuid4().hex
        await connection.execute(_DRAW, epoch)
        return epoch


async def find_present(database: Fetching, today: date) -> Cursor:
    """Where the feed stands: after the last row that may be read, and before all that is committed from now on.

    Raises: Unavailable before the feed was opened; OSError, asyncpg.PostgresError, asyncpg.InterfaceError.
    """
    last = (await database.fetch(_LAST))[0]
    if last["epoch"] is None:
        raise Unavailable("The feed is not open yet; try again.")
    return Cursor(last["epoch"], today, START if last["id"] is None else Position(last["xid"], last["id"]))


async def count_since(database: Fetching, first: Position) -> int:
    """About how many rows were written since that one: by their numbers, of which some came to nothing."""
    newest = await database.fetch(_NEWEST)
    return int(newest[0]["id"]) - first.id if newest else 0


async def find_start(database: Fetching) -> Cursor:
    """Before the oldest row that is kept."""
    present = (await database.fetch(_PRESENT))[0]
    return Cursor(present["epoch"], FEED.day(present["oldest"]), START)


async def why_gone(database: Fetching, cursor: Cursor, today: date) -> StreamResetReason | None:
    """Why rows after the cursor may be missing; none where all of them are there.

    A cursor that is ahead of the present is one of before a restore too, even if the feed was empty then.
    """
    present = (await database.fetch(_PRESENT))[0]
    is_ahead = cursor.position.xid > present["xmax"] or cursor.day > today + _DAY
    if cursor.epoch != present["epoch"] or is_ahead:
        return StreamResetReason.RESTORED
    if cursor.day < FEED.day(present["oldest"]):
        return StreamResetReason.EXPIRED
    return None
