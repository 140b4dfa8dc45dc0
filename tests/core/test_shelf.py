import asyncio

import pytest

from core.shelf import Shelf


class Source:
    """Brings the squares of numbers, when it is let."""

    def __init__(self) -> None:
        self.asked: list[list[int]] = []
        self.let = asyncio.Event()
        self.fails = False

    async def __call__(self, keys):
        self.asked.append(list(keys))
        await self.let.wait()
        if self.fails:
            raise OSError("away")
        return [key * key for key in keys]


async def test_all_who_want_the_same_wait_for_one_fetch():
    shelf, source = Shelf(), Source()
    waiting = [asyncio.create_task(shelf.stock([1, 2, 1], source)) for _ in range(5)]
    await asyncio.sleep(0)
    source.let.set()
    await asyncio.gather(*waiting)
    assert source.asked == [[1, 2]]
    assert (shelf[1], shelf[2]) == (1, 4)


async def test_only_what_is_missing_is_fetched():
    shelf, source = Shelf(), Source()
    source.let.set()
    await shelf.stock([1], source)
    await shelf.stock([1], source)
    await shelf.stock([1, 3], source)
    await shelf.stock([], source)
    assert source.asked == [[1], [3]]


async def test_who_wants_more_waits_for_what_is_coming_and_fetches_the_rest():
    shelf, source = Shelf(), Source()
    first = asyncio.create_task(shelf.stock([1], source))
    await asyncio.sleep(0)
    second = asyncio.create_task(shelf.stock([1, 2], source))
    await asyncio.sleep(0)
    source.let.set()
    await asyncio.gather(first, second)
    assert source.asked == [[1], [2]]
    assert shelf[2] == 4


async def test_a_failure_is_told_to_all_and_may_be_tried_again():
    shelf, source = Shelf(), Source()
    source.fails = True
    waiting = [asyncio.create_task(shelf.stock([1], source)) for _ in range(3)]
    source.let.set()
    assert [type(error) for error in await asyncio.gather(*waiting, return_exceptions=True)] == [OSError] * 3
    source.fails = False
    await shelf.stock([1], source)
    assert shelf[1] == 1


async def test_one_who_goes_away_leaves_the_others_what_they_wait_for():
    shelf, source = Shelf(), Source()
    first, second = (asyncio.create_task(shelf.stock([1], source)) for _ in range(2))
    await asyncio.sleep(0)
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    source.let.set()
    await second
    assert shelf[1] == 1
    assert source.asked == [[1]]
