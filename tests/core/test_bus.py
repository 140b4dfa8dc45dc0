import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress

import pytest
from redis.asyncio import Redis

from core.bus import Bus
from core.embedded.valkey import Valkey
from tests.support.servers import Servers

CHANNEL = "tocsin:test"


@asynccontextmanager
async def listening(bus: Bus) -> AsyncIterator["asyncio.Queue[str | None]"]:
    heard: asyncio.Queue[str | None] = asyncio.Queue()
    task = asyncio.create_task(bus.run(heard.put_nowait))
    try:
        await asyncio.wait_for(bus.wait_connected(), 10)
        yield heard
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        await bus.close()


async def next_heard(heard: "asyncio.Queue[str | None]") -> str | None:
    return await asyncio.wait_for(heard.get(), 10)


@pytest.fixture
async def speaker(redis_url: str) -> AsyncIterator[Bus]:
    bus = Bus(redis_url, CHANNEL)
    yield bus
    await bus.close()


@pytest.fixture
def own_valkey(servers: Servers) -> Iterator[Valkey]:
    valkey = Valkey(servers.valkey._quarters)
    valkey._directory = servers.directory / "own-valkey"
    valkey.start()
    yield valkey
    valkey.stop()


async def test_one_that_does_not_listen_is_heard(redis_url, speaker):
    async with listening(Bus(redis_url, CHANNEL)) as heard:
        assert await next_heard(heard) is None
        await speaker.publish("news")
        assert await next_heard(heard) == "news"


async def test_what_was_not_said_yet_is_not_said_twice(redis_url, speaker):
    async with listening(Bus(redis_url, CHANNEL)) as heard:
        assert await next_heard(heard) is None
        for _ in range(100):
            await speaker.publish("news")
        await speaker.publish("last")
        assert [await next_heard(heard), await next_heard(heard)] == ["news", "last"]


async def test_the_listener_of_the_same_bus_hears_it_once_and_at_once(redis_url, speaker):
    bus = Bus(redis_url, CHANNEL)
    async with listening(bus) as heard:
        assert await next_heard(heard) is None
        await bus.publish("own")
        assert heard.get_nowait() == "own"
        await speaker.publish("news")
        assert await next_heard(heard) == "news"


async def test_a_silence_is_no_loss(redis_url, speaker):
    async with listening(Bus(redis_url, CHANNEL, silence_s=0.05)) as heard:
        assert await next_heard(heard) is None
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(heard.get(), 0.5)


async def test_a_lost_connection_is_made_again_and_said(redis_url, speaker):
    async with listening(Bus(redis_url, CHANNEL)) as heard, Redis.from_url(redis_url) as valkey:
        assert await next_heard(heard) is None
        await valkey.execute_command("CLIENT", "KILL", "TYPE", "pubsub")
        assert await next_heard(heard) is None
        await speaker.publish("news")
        assert await next_heard(heard) == "news"


async def test_a_line_that_hangs_is_taken_for_dead(redis_url, speaker):
    bus = Bus(redis_url, CHANNEL, silence_s=0.1)
    async with listening(bus) as heard, Redis.from_url(redis_url) as valkey:
        assert await next_heard(heard) is None
        await valkey.execute_command("CLIENT", "PAUSE", "700", "ALL")
        assert await next_heard(heard) is None
        assert bus.is_connected
        await speaker.publish("news")
        assert await next_heard(heard) == "news"


async def test_a_restart_of_valkey_is_survived(own_valkey):
    bus, speaker = Bus(own_valkey.url, CHANNEL), Bus(own_valkey.url, CHANNEL)
    async with listening(bus) as heard:
        assert await next_heard(heard) is None
        own_valkey.kill()
        while bus.is_connected:
            await asyncio.sleep(0.01)
        await speaker.publish("nobody hears this")
        await asyncio.to_thread(own_valkey.start)
        assert await next_heard(heard) is None
        await speaker.publish("news")
        assert await next_heard(heard) == "news"
    await speaker.close()
