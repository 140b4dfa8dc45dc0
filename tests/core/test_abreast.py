import asyncio

import pytest

from core.abreast import run_abreast


async def test_all_wait_at_once_and_in_one_task():
    let, begun, tasks = asyncio.get_running_loop().create_future(), [], set()

    async def work(number: int) -> int:
        begun.append(number)
        tasks.add(asyncio.current_task())
        if number == 3:
            let.set_result(10)
        found = await let
        await asyncio.sleep(0)
        return found + number

    assert await run_abreast([work(number) for number in range(4)]) == [10, 11, 12, 13]
    assert begun == [0, 1, 2, 3]
    assert tasks == {asyncio.current_task()}


async def test_what_need_not_wait_and_none_at_all():
    async def at_once(value: str) -> str:
        return value

    assert await run_abreast([at_once("a"), at_once("b")]) == ["a", "b"]
    assert await run_abreast([]) == []


async def test_the_first_failure_is_raised_when_all_have_ended():
    broken, ended = asyncio.get_running_loop().create_future(), []
    broken.set_exception(KeyError("of what was waited for"))

    async def work(number: int) -> None:
        if number == 2:
            raise ValueError("at once")
        try:
            if number == 1:
                await broken
            await asyncio.sleep(0)
        finally:
            ended.append(number)

    with pytest.raises(KeyError):
        await run_abreast([work(number) for number in range(4)])
    assert sorted(ended) == [0, 1, 3]


async def test_one_that_waits_for_another_is_not_waited_for_by_it():
    first, second, gate = (asyncio.get_running_loop().create_future() for _ in range(3))

    async def work(number: int) -> int:
        if number == 0:
            return await first + await gate
        first.set_result(await second)
        gate.set_result(1)
        return 0

    asyncio.get_running_loop().call_soon(second.set_result, 5)
    async with asyncio.timeout(10):
        assert await run_abreast([work(0), work(1)]) == [6, 0]


async def test_two_may_wait_for_the_same_that_fails():
    shared = asyncio.get_running_loop().create_future()

    async def work(number: int) -> int:
        try:
            return await shared
        except KeyError:
            return number

    asyncio.get_running_loop().call_soon(shared.set_exception, KeyError("for both"))
    assert await run_abreast([work(1), work(2)]) == [1, 2]


async def test_what_is_cancelled_by_another_is_raised_and_ends_all():
    given_up, never, ended = asyncio.get_running_loop().create_future(), asyncio.Event(), []

    async def work(number: int) -> None:
        try:
            await (given_up if number else never.wait())
        finally:
            ended.append(number)

    asyncio.get_running_loop().call_soon(given_up.cancel)
    with pytest.raises(asyncio.CancelledError):
        await run_abreast([work(number) for number in range(2)])
    assert sorted(ended) == [0, 1]


async def test_when_it_is_cancelled_all_are_ended_and_what_they_wait_for_is_cancelled():
    never, ended = asyncio.get_running_loop().create_future(), []

    async def work(number: int) -> None:
        try:
            await never
        finally:
            ended.append(number)

    task = asyncio.create_task(run_abreast([work(number) for number in range(2)]))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert ended == [0, 1]
    assert never.cancelled()
