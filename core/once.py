"""What may be done once: words that all processes remember for a time, in Valkey."""

import asyncio
import math

from redis.asyncio import Redis
from redis.exceptions import RedisError

VALKEY_AWAY = (RedisError, OSError, TimeoutError)
_PREFIX = "tocsin:once:"
_ANSWER_S = 2.0


class Once:
    """Remembers words; whoever says one first is told so, whichever process that is."""

    def __init__(self, url: str) -> None:
        self._valkey: Redis = Redis.from_url(url, socket_connect_timeout=_ANSWER_S)

    async def is_first(self, word: str, kept_s: float) -> bool:
        """Whether nobody has said the word in the time for which it was to be kept; it is kept from now on.

        Raises: one of VALKEY_AWAY.
        """
        async with asyncio.timeout(_ANSWER_S):
            return bool(await self._valkey.set(_PREFIX + word, b"", nx=True, ex=math.ceil(kept_s) + 1))

    async def forget(self, word: str) -> None:
        """Let the word count as never said.

        Raises: one of VALKEY_AWAY.
        """
        async with asyncio.timeout(_ANSWER_S):
            await self._valkey.delete(_PREFIX + word)

    async def close(self) -> None:
        """Leave no connection open."""
        await self._valkey.aclose()
