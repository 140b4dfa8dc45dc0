"""Writing what comes beside events, whose senders do not send it again: a lost connection is no reason to lose it."""

import asyncio

import asyncpg

from core.away import AWAY
from domain.errors import Unavailable
from resolvers.resources import Resources

_DELAYS_S = (0.1, 0.3, 0.6, 1.0)
_RETRY_AFTER_S = 2.0
_AGAIN = (*AWAY, asyncpg.TransactionRollbackError)


async def execute_patiently(res: Resources, statement: str, *values: object) -> None:
    """Run a statement in a transaction of its own, again where that helps.

    Raises: Unavailable while PostgreSQL is away.
    """
    for delay in (*_DELAYS_S, None):
        try:
            await res.db.raw.execute(statement, *values)
        except _AGAIN as error:
            if delay is None:
                raise Unavailable("The database is away; try again.", _RETRY_AFTER_S) from error
            await asyncio.sleep(delay)
        else:
            return
