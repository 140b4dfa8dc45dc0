"""Reading on behalf of a watcher, who waits while PostgreSQL is away instead of losing what comes next."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import asyncpg
import structlog
from sqlalchemy import exc

_log = structlog.get_logger()
_FIRST_RETRY_S, _LONGEST_RETRY_S = 0.1, 2.0
Result = TypeVar("Result")

# What a raw connection raises when PostgreSQL is away, or refuses for a moment.
AWAY = (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError)
_SESSION_AWAY = (exc.DBAPIError, exc.TimeoutError)
_OUR_FAULT = (exc.ProgrammingError, exc.DataError, exc.IntegrityError, exc.NotSupportedError)


async def patiently(read: Callable[[], Awaitable[Result]]) -> Result:
    """What `read` brings, by raw connections or by sessions, tried again for as long as PostgreSQL is away."""
    retry_s = _FIRST_RETRY_S
    while True:
        try:
            return await read()
        except _OUR_FAULT:
            raise
        except (*AWAY, *_SESSION_AWAY) as error:
            _log.info("a watcher waits for PostgreSQL", error=str(error) or type(error).__name__)
            await asyncio.sleep(retry_s)
            retry_s = min(2 * retry_s, _LONGEST_RETRY_S)
