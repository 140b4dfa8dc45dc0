"""Who has left leaves nothing for the garbage collector: it comes seldom, and what they had in hand holds many rows."""

import asyncio
import gc
import random
from collections import Counter
from contextlib import suppress

import pytest
from graphql.execution.collect_fields import CollectedFields
from websockets.exceptions import ConnectionClosed

from resolvers.feed.follower import Follower
from resolvers.feed.rows import Row
from resolvers.feed.silence import Silence
from resolvers.stream import EventLogged
from tests.support.serving import Served
from tests.support.socket import admitted, log
from tests.support.watched import until_nobody_watches

_HELD = (Follower, Row, Silence, EventLogged)
_WATCHERS, _EVENTS = 3, 3


@pytest.fixture
def _uncollected():
    gc.collect()
    gc.disable()
    yield
    gc.enable()


def held() -> Counter[str]:
    return Counter(type(each).__name__ for each in gc.get_objects() if type(each) in _HELD)


async def watch_and_leave(served: Served, after: str | None) -> str:
    """Several watch at once, hear some events, and leave; where they began comes back."""
    async with asyncio.TaskGroup() as group:
        begun = [asyncio.Event() for _ in range(_WATCHERS)]
        watching = [group.create_task(_watch(served, after, each)) for each in begun]
        for each in begun:
            await each.wait()
        for number in range(_EVENTS):
            await log(served, f"total {number}")
    return watching[0].result()


async def _watch(served: Served, after: str | None, begun: asyncio.Event) -> str:
    async with admitted(served.ws_url, served.credentials.token) as client:
        await client.subscribe(variables={"after": after})
        first = await client.item()
        begun.set()
        for _ in range(_EVENTS):
            await client.event()
        return str(first["cursor"])


@pytest.mark.usefixtures("_uncollected")
async def test_who_has_left_is_forgotten_at_once(served: Served):
    after = await watch_and_leave(served, None)
    await watch_and_leave(served, after)
    async with asyncio.timeout(15):
        while held():
            await asyncio.sleep(0.05)


def collected() -> int:
    return sum(type(each) is CollectedFields for each in gc.get_objects())


async def test_a_long_stream_keeps_nothing_of_each_item(served: Served):
    async with admitted(served.ws_url, served.credentials.token) as client:
        await client.subscribe()
        await client.item()
        counts = []
        for number in range(2 * _EVENTS):
            await log(served, f"total {number}")
            await client.event()
            gc.collect()
            counts.append(collected())
    assert counts[-1] <= counts[1]


async def test_who_leaves_at_any_moment_is_not_watching_any_more(served: Served):
    """Also while it is let in: the client of Valkey may take the cancellation for an answer, and the stream began."""
    chance = random.Random()
    for _ in range(100):
        with suppress(ConnectionClosed):
            async with admitted(served.ws_url, served.credentials.token) as client:
                await client.subscribe()
                await asyncio.sleep(chance.choice([0, 0.001, 0.003, 0.006]))
    await until_nobody_watches(served)
