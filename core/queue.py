"""The wall in front of arq: wake-ups for the worker, nothing that may not be lost.

PostgreSQL holds what is to be done; a wake-up only saves the wait for the next poll. A wake-up carries no job id:
arq drops an id that runs or has finished within the hour.
"""

import asyncio
from contextlib import suppress

import orjson
from arq.connections import ArqRedis, RedisSettings, create_pool
from redis.exceptions import RedisError

QUEUE = "tocsin:jobs"
_ENQUEUE_S = 1.0


def redis_settings(url: str) -> RedisSettings:
    """How arq reaches Valkey, giving up soon so that nobody waits for a wake-up."""
    settings = RedisSettings.from_dsn(url)
    settings.conn_timeout, settings.conn_retries, settings.conn_retry_delay = 1, 1, 0
    return settings


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
        self._url = url
        self._pool: ArqRedis | None = None
        self._connecting = asyncio.Lock()

    async def enqueue(self, name: str) -> bool:
        """Wake the worker for that job; False while Valkey is away (the worker polls)."""
        with suppress(RedisError, OSError):
            async with asyncio.timeout(_ENQUEUE_S):
                pool = await self._connected()
                await pool.enqueue_job(name)
            return True
        return False

    async def describe(self) -> dict[str, object]:
        """What Valkey says of itself.

        Raises: RedisError, OSError when it is away.
        """
        info = await (await self._connected()).info()
        wanted = ("valkey_version", "redis_version", "used_memory", "connected_clients", "aof_enabled")
        return {name: info[name] for name in wanted if name in info}

    async def close(self) -> None:
        """Leave no connection open."""
        if self._pool is not None:
            await self._pool.aclose()
            self._pool = None

    async def _connected(self) -> ArqRedis:
        async with self._connecting:
            if self._pool is None:
                self._pool = await create_pool(
                    redis_settings(self._url),
                    job_serializer=encode,
                    job_deserializer=decode,
                    default_queue_name=QUEUE,
                )
            return self._pool
