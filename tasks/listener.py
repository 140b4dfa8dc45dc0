"""Hearing wake-ups, those by the timetable too, while Valkey is there: arq's worker ends with it, and is begun anew."""

import asyncio
from contextlib import aclosing
from datetime import UTC

import structlog
from arq.connections import ArqRedis
from arq.worker import Worker, func
from redis.exceptions import RedisError

from core.ending import end
from core.queue import QUEUE, decode, encode, open_pool
from resolvers.resources import Resources
from tasks.registry import HANDLERS, WAKE, timetable

_log = structlog.get_logger()
_POLL_S = 0.1
_AGAIN_S, _AGAIN_AT_MOST_S = 0.5, 5.0


async def listen(res: Resources, wake: asyncio.Event) -> None:
    """Set the event at each wake-up, until cancelled."""
    assert res.settings.redis_url is not None
    wait_s = _AGAIN_S
    while True:
        try:
            async with aclosing(open_pool(res.settings.redis_url)) as pool:
                await pool.ping()
                wait_s = _AGAIN_S
                wake.set()
                await _work(pool, res.settings.timetable, {WAKE: wake})
        except (RedisError, OSError) as error:
            _log.warning("wake-ups lost, polling goes on", error=str(error) or type(error).__name__)
        except Exception:  # noqa: BLE001 - the wake-ups must not end with one bad day
            _log.exception("wake-ups lost, polling goes on")
        await asyncio.sleep(wait_s)
        wait_s = min(2 * wait_s, _AGAIN_AT_MOST_S)


async def _work(pool: ArqRedis, times: str | None, ctx: dict[str, object]) -> None:
    """Run arq's worker until Valkey goes away.

    Its own `close` is not used: it waits for jobs that wait for Valkey.
    """
    worker = Worker(
        [func(handler, name=job) for job, handler in HANDLERS.items()],
        cron_jobs=timetable(times),
        queue_name=QUEUE,
        redis_pool=pool,
        handle_signals=False,
        keep_result=0,
        poll_delay=_POLL_S,
        job_serializer=encode,
        job_deserializer=decode,
        ctx=ctx,
        timezone=UTC,
        log_results=False,
    )
    try:
        await worker.async_run()
    finally:
        await end(worker.tasks.values())
