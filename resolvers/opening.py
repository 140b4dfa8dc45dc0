"""What a process that takes errors needs of the database before it is whole, done as soon as PostgreSQL is there."""

import asyncio
from contextlib import suppress

import asyncpg
import structlog

from core.away import AWAY
from resolvers.feed.patience import pauses
from resolvers.feed.position import open_feed
from resolvers.feed.warming import warm_up
from resolvers.intake.absence import reason_of
from resolvers.partitions import make_partitions
from resolvers.resources import Resources

_log = structlog.get_logger()

_GRACE_S = 3.0


async def open_database(res: Resources) -> None:
    """Leave partitions made, the feed open, and warm what tells of it.

    While PostgreSQL is away it waits, and the door spools.
    """
    for pause_s in pauses():
        try:
            await make_partitions(res)
            await open_feed(res.db)
        except (*AWAY, asyncpg.PostgresError) as error:
            res.writer.absence.begin(reason_of(error))
            await asyncio.sleep(pause_s)
        else:
            with suppress(*AWAY):  # then the first who watches waits a little longer
                await warm_up(res)
            return


async def begin_opening(res: Resources) -> "asyncio.Task[None]":
    """Begin to open the database, and return once that is done, or takes long: then it goes on besides."""
    opening = asyncio.create_task(open_database(res))
    with suppress(TimeoutError):
        async with asyncio.timeout(_GRACE_S):
            while not opening.done() and not res.writer.absence.is_known:
                await asyncio.wait([opening], timeout=0.05)
    return opening
