"""Entries that wait in a real Valkey: in order, bounded, and only where they survive."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from redis.asyncio import Redis

from core.backlog import Backlog, NotKept
from core.embedded.valkey import Valkey

_NAME = "test:{backlog}"


def backlog_at(url: str, most_bytes: int = 2**20) -> Backlog:
    return Backlog(url, _NAME, most_bytes=most_bytes)


@pytest.fixture
async def backlog(redis_url: str) -> AsyncIterator[Backlog]:
    made = backlog_at(redis_url)
    yield made
    await made.close()


async def test_entries_come_out_in_the_order_in_which_they_went_in_until_they_are_removed(backlog: Backlog):
    await backlog.add([b"first", b"second"])
    await backlog.add([b"third"])
    entries = await backlog.oldest(2)
    assert [entry.body for entry in entries] == [b"first", b"second"]
    await backlog.remove([entry.id for entry in entries])
    await backlog.remove([entry.id for entry in entries])
    assert [entry.body for entry in await backlog.oldest(9)] == [b"third"]


async def test_the_bound_is_exact_whoever_adds_and_removes_meanwhile(redis_url: str):
    several = [backlog_at(redis_url, 64 * 1064) for _ in range(4)]
    kept = await asyncio.gather(
        *(backlog.add([b"x" * 1000]) for backlog in several for _ in range(20)), return_exceptions=True
    )
    assert sum(result is None for result in kept) == 64
    assert {str(result) for result in kept if result is not None} == {"it is full (68,096 bytes)"}
    state = await several[0].state()
    assert (state.entries, state.size) == (64, 64 * 1064)
    assert state.problem is not None
    entries = await several[0].oldest(64)
    await asyncio.gather(*(backlog.remove([entry.id for entry in entries]) for backlog in several))
    assert (await several[0].state()).size == 0
    for backlog in several:
        await backlog.close()


async def test_of_several_entries_all_are_kept_or_none(redis_url: str):
    backlog = backlog_at(redis_url, 1000)
    with pytest.raises(NotKept, match="it is full"):
        await backlog.add([b"x" * 500, b"y" * 500])
    assert await backlog.oldest(9) == []
    await backlog.close()


@pytest.mark.parametrize(
    ("option", "value", "why"),
    [("appendonly", "no", "no append-only file"), ("maxmemory-policy", "allkeys-lru", "may evict")],
)
async def test_nothing_is_kept_where_it_would_not_survive(own_valkey: Valkey, option: str, value: str, why: str):
    async with Redis.from_url(own_valkey.url) as valkey:
        await valkey.flushall()
        await valkey.config_set("maxmemory", "100mb")
        await valkey.config_set(option, value)
    backlog = backlog_at(own_valkey.url)
    with pytest.raises(NotKept, match=why):
        await backlog.add([b"x"])
    assert await backlog.oldest(1) == []
    await backlog.close()


async def test_what_was_kept_survives_the_death_of_valkey(own_valkey: Valkey):
    async with Redis.from_url(own_valkey.url) as valkey:
        await valkey.flushall()
    backlog = backlog_at(own_valkey.url)
    for number in range(20):
        await backlog.add([b"%d" % number])
        if number % 10 == 9:
            own_valkey.kill()
            own_valkey.start()
    assert [entry.body for entry in await backlog.oldest(99)] == [b"%d" % number for number in range(20)]
    await backlog.close()


async def test_a_valkey_that_is_away_is_said_at_once(own_valkey: Valkey):
    backlog = backlog_at(own_valkey.url)
    own_valkey.kill()
    for why in ("Valkey is away", "Valkey was away a moment ago"):
        with pytest.raises(NotKept, match=why):
            await backlog.add([b"x"])
    await backlog.close()
