"""Reading on behalf of a watcher, who waits while PostgreSQL is away instead of losing what comes next."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from typing import TypeVar

import structlog

from core.away import AWAY, is_away
from domain.errors import Unavailable

_log = structlog.get_logger()
_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 0.1, 2.0
Result = TypeVar("Result")


def can_wait(error: BaseException | None) -> bool:
    """Whether the same may succeed later."""
    return isinstance(error, Unavailable) or is_away(error)


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
        except (*AWAY, Unavailable) as error:
            if not can_wait(error):
                raise
            _log.info("a watcher waits for PostgreSQL", error=str(error) or type(error).__name__)
        await asyncio.sleep(pause_s)
    raise AssertionError("pauses have no end")
