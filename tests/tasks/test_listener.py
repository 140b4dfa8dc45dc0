import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import pytest
from redis.asyncio import Redis

from core.clock import ManualClock
from core.embedded.valkey import Valkey
from domain.messages import Job, wake
from resolvers.resources import Resources, open_resources
from tasks.listener import listen
from tests.support.db import make_settings


@asynccontextmanager
async def listening(res: Resources) -> AsyncIterator[asyncio.Event]:
    """The event that wake-ups set; it is set once at the beginning, and cleared here."""
    woken = asyncio.Event()
    task = asyncio.create_task(listen(res, woken))
    try:
        await wait(woken)
        yield woken
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def wait(woken: asyncio.Event) -> None:
    await asyncio.wait_for(woken.wait(), 20)
    woken.clear()


@pytest.mark.parametrize("job", Job)
async def test_a_wake_up_that_left_with_a_commit_is_heard(res: Resources, job):
    async with listening(res) as woken:
        for _ in range(3):
            async with res.db.transaction() as tx:
                tx.send(wake(job))
            await wait(woken)


async def test_a_wake_up_leaves_nothing_behind(res: Resources):
    async with listening(res) as woken, Redis.from_url(res.settings.redis_url) as valkey:
        await res.queue.enqueue(Job.TAKE_TRIAGE)
        await wait(woken)
        while left := [key for key in await valkey.keys("*") if b"health-check" not in key]:
            assert all(key.startswith((b"arq:", b"tocsin:jobs")) for key in left)
            await asyncio.sleep(0.01)


async def test_a_wake_up_that_is_no_json_or_unknown_harms_nothing(res: Resources):
    async with listening(res) as woken, Redis.from_url(res.settings.redis_url) as valkey:
        await valkey.set("arq:job:evil", b"\x80\x04cos\nsystem\n.", px=60_000)
        await valkey.zadd("tocsin:jobs", {"evil": 1})
        await res.queue.enqueue("unknown")
        await res.queue.enqueue(Job.TAKE_TRIAGE)
        await wait(woken)


async def test_it_listens_again_after_valkey_died(database_url: str, own_valkey: Valkey, clock: ManualClock):
    async with open_resources(make_settings(database_url, own_valkey.url), clock) as res, listening(res) as woken:
        own_valkey.kill()
        assert not await res.queue.enqueue(Job.TAKE_TRIAGE)
        await asyncio.to_thread(own_valkey.start)
        await wait(woken)
        assert await res.queue.enqueue(Job.TAKE_TRIAGE)
        await wait(woken)
