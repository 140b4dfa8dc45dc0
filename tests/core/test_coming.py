import asyncio

import pytest

from core.coming import Coming


async def test_it_is_brought_once_however_many_wait():
    brought, let = [], asyncio.Event()

    async def bring() -> int:
        await let.wait()
        brought.append(1)
        return 7

    coming = Coming(bring())
    waiting = [asyncio.create_task(coming.wait()) for _ in range(3)]
    await asyncio.sleep(0)
    assert not coming.has_arrived
    let.set()
    assert await asyncio.gather(*waiting) == [7, 7, 7]
    assert (await coming.wait(), brought, coming.has_arrived) == (7, [1], True)


async def test_who_goes_away_leaves_it_to_the_others():
    let = asyncio.Event()

    async def bring() -> int:
        await let.wait()
        return 7

    coming = Coming(bring())
    gone, staying = (asyncio.create_task(coming.wait()) for _ in range(2))
    await asyncio.sleep(0)
    gone.cancel()
    await asyncio.wait([gone])
    let.set()
    assert await staying == 7


async def test_a_failure_is_told_to_all_and_to_nobody_where_none_waits():
    async def bring() -> int:
        raise OSError("away")

    coming = Coming(bring())
    for _ in range(2):
        with pytest.raises(OSError, match="away"):
            await coming.wait()
    Coming(bring())
    await asyncio.sleep(0)
