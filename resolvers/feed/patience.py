"""Reading on behalf of a watcher, who waits while PostgreSQL is away instead of losing what comes next."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from typing import TypeVar

import asyncpg
import structlog
from sqlalchemy import exc

from domain.errors import Unavailable

_log = structlog.get_logger()
_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 0.1, 2.0
Result = TypeVar("Result")

_AWAY = (
    OSError,
    TimeoutError,
    asyncpg.InterfaceError,
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
    exc.TimeoutError,
    exc.DBAPIError,
    Unavailable,
)
_OUR_FAULT = (exc.ProgrammingError, exc.DataError, exc.IntegrityError, exc.NotSupportedError)


def is_away(error: BaseException | None) -> bool:
    """Whether the error says that PostgreSQL is away, or refuses for a moment: the same may succeed later."""
    return isinstance(error, _AWAY) and not isinstance(error, _OUR_FAULT)


def pauses() -> Iterator[float]:
    """How many seconds to wait before each further try, without end."""
    pause_s = _FIRST_PAUSE_S
    while True:
        yield pause_s
        pause_s = min(2 * pause_s, _LONGEST_PAUSE_S)


async def patiently(read: Callable[[], Awaitable[Result]]) -> Result:
    """What `read` brings, by raw connections or by sessions, tried again for as long as PostgreSQL is away."""
    for pause_s in pauses():
        try:
            return await read()
        except _AWAY as error:
            if not is_away(error):
                raise
            _log.info("a watcher waits for PostgreSQL", error=str(error) or type(error).__name__)
        await asyncio.sleep(pause_s)
    raise AssertionError("pauses have no end")
