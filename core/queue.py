"""The wall in front of arq: wake-ups for the worker, nothing that may not be lost.

PostgreSQL holds what is to be done; a wake-up only saves the wait for the next poll. A wake-up carries no job id:
arq drops an id that runs or has finished within the hour.
"""

import asyncio
from contextlib import suppress

import orjson
from arq.connections import ArqRedis
from redis.exceptions import RedisError

QUEUE = "tocsin:jobs"
_CONNECT_S, _ENQUEUE_S = 1.0, 1.0


def open_pool(url: str) -> ArqRedis:
    """Arq's way to Valkey, which connects when it is first used, and gives up soon so that nobody waits for a wake-up.

    Arq's own `create_pool` connects at once, which takes a lock and a state of one's own beside it.
    """
    pool: ArqRedis = ArqRedis.from_url(url, encoding="utf8", socket_connect_timeout=_CONNECT_S)
    pool.job_serializer, pool.job_deserializer, pool.default_queue_name = encode, decode, QUEUE
    return pool


def encode(job: dict[str, object]) -> bytes:
    """A job as JSON, so that reading one runs no code (arq's own default is pickle)."""
    return orjson.dumps(job, default=_plain)


def decode(data: bytes) -> dict[str, object]:
    """A job from JSON."""
    job: dict[str, object] = orjson.loads(data)
    return job


def _plain(value: object) -> object:
    """What arq puts into a result besides JSON: exceptions."""
    if isinstance(value, BaseException):
        return repr(value)
    raise TypeError(f"{type(value).__name__} is not JSON")


class Queue:
    """Wakes the worker."""

    def __init__(self, url: str) -> None:
        self._pool = open_pool(url)

    async def enqueue(self, name: str) -> bool:
        """Wake the worker for that job; False while Valkey is away (the worker polls)."""
        with suppress(RedisError, OSError):
            async with asyncio.timeout(_ENQUEUE_S):
                await self._pool.enqueue_job(name)
            return True
        return False

    async def describe(self) -> dict[str, object]:
        """What Valkey says of itself.

        Raises: RedisError, OSError when it is away.
        """
        info = await self._pool.info()
        wanted = ("valkey_version", "redis_version", "used_memory", "connected_clients", "aof_enabled")
        return {name: info[name] for name in wanted if name in info}

    async def close(self) -> None:
        """Leave no connection open."""
        await self._pool.aclose()
