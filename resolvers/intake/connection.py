"""The raw connection of one flush."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeAlias

import asyncpg
from asyncpg.pool import PoolConnectionProxy

from core.away import AWAY

if TYPE_CHECKING:  # generic for type checkers only
    Connection: TypeAlias = PoolConnectionProxy[asyncpg.Record]
else:
    Connection = PoolConnectionProxy


@contextmanager
def cut_after(connection: Connection, seconds: float) -> Iterator[None]:
    """Break the connection when the block takes longer.

    A server that hangs answers no request to cancel either, so to wait for that would take as long again.

    Raises: TimeoutError when it was broken.
    """
    timer = asyncio.get_running_loop().call_later(seconds, connection.terminate)
    try:
        yield
    except (*AWAY, asyncpg.PostgresError) as error:
        if asyncio.get_running_loop().time() >= timer.when() and not timer.cancelled():
            raise TimeoutError(f"It did not answer within {seconds:g} s.") from error
        raise
    finally:
        timer.cancel()
