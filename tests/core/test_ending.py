"""What is to end does."""

import asyncio
from contextlib import suppress

from core.ending import end, end_soon


async def deaf(to: int) -> None:
    """Go on after so many cancellations."""
    for _ in range(to):
        with suppress(asyncio.CancelledError):
            await asyncio.sleep(3600)
    await asyncio.sleep(3600)


async def broken() -> None:
    raise ValueError


async def test_a_task_that_misses_its_cancellation_is_told_again():
    tasks = [asyncio.create_task(work) for work in (deaf(0), deaf(1), broken())]
    await asyncio.sleep(0)
    await end(tasks)
    assert all(task.done() for task in tasks)


async def test_what_ends_soon_is_told_again_and_not_waited_for():
    task = asyncio.create_task(deaf(1))
    await asyncio.sleep(0)
    end_soon(task)
    assert not task.done()
    with suppress(asyncio.CancelledError):
        async with asyncio.timeout(5):
            await asyncio.shield(task)
    assert task.cancelled()


async def test_nothing_to_end_takes_no_time():
    await end([])
