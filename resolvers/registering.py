"""Writing the register: what the door must know, read from PostgreSQL and left in Valkey."""

import asyncio
from contextlib import suppress

import asyncpg
import structlog
from redis.exceptions import RedisError

from core.away import AWAY
from resolvers.access import read_bearers
from resolvers.intake.absence import reason_of
from resolvers.intake.destination import read_projects
from resolvers.register import Known
from resolvers.resources import Resources

_log = structlog.get_logger()

_REGISTERING = 0x70C56
_EVERY_S, _PAUSE_S, _WITHIN_S = 30.0, 1.0, 3.0


async def keep_register(res: Resources) -> None:
    """Write the register every half a minute, and when it is stale, until cancelled."""
    while True:
        res.register.is_stale.clear()
        if not res.writer.absence.is_known:
            await renew_register(res)
        await asyncio.sleep(_PAUSE_S)
        with suppress(TimeoutError):
            async with asyncio.timeout(_EVERY_S):
                await res.register.is_stale.wait()


async def renew_register(res: Resources) -> None:
    """Leave the register as PostgreSQL is now; where a store is away it stays as it was, and that is logged."""
    try:
        async with asyncio.timeout(_WITHIN_S):
            await _renew(res)
    except (*AWAY, asyncpg.PostgresError, RedisError) as error:
        _log.warning("register not written", error=reason_of(error))


async def _renew(res: Resources) -> None:
    """Read and write while no other process does: nobody writes what was read before another wrote."""
    async with res.db.raw.acquire(timeout=_WITHIN_S) as connection:
        await connection.execute("SELECT pg_advisory_lock($1)", _REGISTERING)
        try:
            known = Known(await read_bearers(connection), await read_projects(connection))
            await res.register.write(known)
        finally:
            await connection.execute("SELECT pg_advisory_unlock($1)", _REGISTERING)
