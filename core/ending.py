"""Ending what runs besides, for good."""

import asyncio
from collections.abc import Collection
from typing import Any

_AGAIN_S = 1.0


async def end(tasks: "Collection[asyncio.Task[Any]]") -> None:
    """Leave none of the tasks running, whatever they end with.

    One that was just being answered may take its cancellation for a timeout of its own and go on (`asyncio.wait_for` of
    Python 3.11 does so, cpython issue 86296), so it is told again.
    """
    running = set(tasks)
    while running:
        for task in running:
            task.cancel()
        _, running = await asyncio.wait(running, timeout=_AGAIN_S)
    await asyncio.gather(*tasks, return_exceptions=True)


def end_soon(task: "asyncio.Task[Any]") -> None:
    """See to it that the task ends, as `end` does, without waiting for it."""
    ending = asyncio.create_task(end([task]))
    _ending.add(ending)
    ending.add_done_callback(_ending.discard)


# The loop itself holds tasks weakly.
_ending: "set[asyncio.Task[None]]" = set()
