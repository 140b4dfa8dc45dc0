"""Limits that several processes share, on a real Valkey."""

import asyncio
import multiprocessing
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.allowance import DRY_S, Allowances
from core.clock import ManualClock
from core.embedded.valkey import Valkey
from tests.support.clock import START
from tests.support.servers import Servers

PATIENT_S = 30.0
MINUTE = 60


@asynccontextmanager
async def sharing(url: str, count: int, clock: ManualClock) -> AsyncIterator[list[Allowances]]:
    several = [Allowances(url, clock.now, answer_s=PATIENT_S) for _ in range(count)]
    try:
        yield several
    finally:
        for one in several:
            await one.close()


async def drain(one: Allowances, name: str, limit: int, tries: int, count: int = 1) -> int:
    return sum([await one.take(name, limit, MINUTE, count) for _ in range(tries)])


@pytest.mark.parametrize("limit", [1, 7, 100, 5000])
async def test_together_they_give_out_the_limit_and_no_more(redis_url: str, clock: ManualClock, limit: int):
    async with sharing(redis_url, 4, clock) as several:
        taken = sum(await asyncio.gather(*(drain(one, "a", limit, limit) for one in several)))
        held = 3 * (limit // 32)  # what the others may hold when the first finds nothing left
        assert limit - held <= taken <= limit
        for _ in range(2):  # all that is held and not used goes back
            await asyncio.gather(*(one.turn() for one in several))
        await clock.advance(timedelta(seconds=DRY_S))
        rest = [await one.take("a", limit, MINUTE, limit) for one in several]
        assert taken + sum(rest) == limit


async def test_a_lone_process_gives_out_exactly_the_limit(redis_url: str, clock: ManualClock):
    async with sharing(redis_url, 1, clock) as (one,):
        assert await drain(one, "a", 1000, 1500) == 1000
        assert 0 < one.wait_s("a", MINUTE) <= MINUTE
        assert (one.wait_s("b", MINUTE), await one.take("b", 5, MINUTE, 9)) == (0, 5)


async def test_what_is_left_is_known_as_far_as_one_has_heard(redis_url: str, clock: ManualClock):
    async with sharing(redis_url, 2, clock) as (one, other):
        assert one.left("a", 100_000, MINUTE) == 100_000
        await one.take("a", 100_000, MINUTE, 40_000, block=20_000)
        assert one.left("a", 100_000, MINUTE) == 60_000
        await other.take("a", 100_000, MINUTE, 50_000, block=20_000)
        assert (other.left("a", 100_000, MINUTE), one.left("a", 100_000, MINUTE)) == (10_000, 60_000)
        one._is_away = True  # then each gives out what it last heard of
        assert await one.take("a", 100_000, MINUTE, 30_000, block=20_000) == 30_000
        assert one.left("a", 100_000, MINUTE) == 30_000
        one._is_away = False


async def test_the_next_window_begins_anew(redis_url: str, clock: ManualClock):
    async with sharing(redis_url, 2, clock) as several:
        for _ in range(3):
            assert sum([await drain(one, "a", 3, 5) for one in several]) == 3
            await clock.advance(timedelta(seconds=MINUTE))


async def test_what_is_given_back_can_be_taken_again(redis_url: str, clock: ManualClock):
    async with sharing(redis_url, 1, clock) as (one,):
        assert await one.take("a", 10, MINUTE, 10) == 10
        one.give_back("a", MINUTE, 4)
        assert await one.take("a", 10, MINUTE, 10) == 4


async def test_a_limit_that_grows_is_of_use_at_once(redis_url: str, clock: ManualClock):
    async with sharing(redis_url, 1, clock) as (one,):
        assert await one.take("a", 3, MINUTE, 9) == 3
        await clock.advance(timedelta(seconds=DRY_S))
        assert await one.take("a", 8, MINUTE, 9) == 5


@settings(max_examples=25, deadline=None)
@given(
    limit=st.integers(1, 400),
    asked=st.lists(st.tuples(st.integers(0, 2), st.integers(1, 60)), max_size=40),
    turns=st.sets(st.integers(0, 40)),
)
def test_never_more_than_the_limit_whoever_asks_for_how_many(
    servers: Servers, limit: int, asked: list[tuple[int, int]], turns: set[int]
):
    async def story() -> None:
        clock = ManualClock(START)
        async with sharing(servers.redis_url, 3, clock) as several:
            await several[0]._valkey.flushall()
            taken = 0
            for step, (who, count) in enumerate(asked):
                taken += await several[who].take("a", limit, MINUTE, count)
                if step in turns:
                    await several[who].turn()
            assert taken <= limit
            assert taken == sum(count for _, count in asked) or taken >= limit - sum(
                share.left for one in several for share in one._shares.values()
            )

    asyncio.run(story())


def _work(url: str, limit: int, tries: int, results: "multiprocessing.SimpleQueue[int]") -> None:
    async def work() -> int:
        async with sharing(url, 1, ManualClock(START)) as (one,):
            takers = [drain(one, "a", limit, tries // 8) for _ in range(8)]
            return sum(await asyncio.gather(*takers))

    results.put(asyncio.run(work()))


def test_processes_at_once_keep_to_the_limit(servers: Servers, redis_url: str):
    limit, count = 3000, 4
    context = multiprocessing.get_context("spawn")
    results: multiprocessing.SimpleQueue[int] = context.SimpleQueue()
    processes = [context.Process(target=_work, args=(redis_url, limit, limit, results)) for _ in range(count)]
    for process in processes:
        process.start()
    taken = sum(results.get() for _ in processes)
    for process in processes:
        process.join()
    assert limit - count * (limit // 32) <= taken <= limit


async def test_without_valkey_each_goes_on_with_what_was_left_and_says_so_later(own_valkey: Valkey, clock: ManualClock):
    limit = 320
    async with sharing(own_valkey.url, 2, clock) as (one, other):
        assert await one.take("a", limit, MINUTE, 100) == 100
        own_valkey.stop()
        alone = Allowances(own_valkey.url, clock.now)
        assert await alone.take("a", limit, MINUTE, 1000) == limit
        await alone.close()
        assert await drain(one, "a", limit, 150) == 150
        own_valkey.start()
        for _ in range(3):
            await one.turn()
        assert await other.take("a", limit, MINUTE, 1000) == limit - 250


async def test_valkey_away_delays_nobody_for_long(clock: ManualClock):
    async with asyncio.timeout(10):
        one = Allowances("redis://127.0.0.1:1", clock.now)
        assert await drain(one, "a", 500, 1000) == 500
        await one.turn()
        await one.close()
