"""Begin at once: a coroutine that need not wait is done without a task, and without a turn of the loop.

Python 3.12 has this as `asyncio.eager_task_factory`.
"""

import asyncio
import types
from collections.abc import Coroutine, Generator
from functools import partial
from typing import Any


def begin(coroutine: Coroutine[Any, Any, None]) -> "asyncio.Task[None] | None":
    """Run it until it first waits; return none where it came to its end, else a task that does the rest.

    Raises: whatever it raises before it waits.
    """
    try:
        waits_for = coroutine.send(None)
    except StopIteration:
        return None
    return asyncio.create_task(_finish(coroutine, waits_for))


async def _finish(coroutine: Coroutine[Any, Any, None], waits_for: Any) -> None:
    await _go_on(coroutine, waits_for)


@types.coroutine
def _go_on(coroutine: Coroutine[Any, Any, None], waits_for: Any) -> Generator[Any, Any, None]:
    """Wait in the coroutine's stead, and hand it what comes of that, a cancellation too."""
    while True:
        try:
            yield waits_for
        except BaseException as error:  # noqa: BLE001 - it is the coroutine's to deal with
            step = partial(coroutine.throw, error)
        else:
            step = partial(coroutine.send, None)
        try:
            waits_for = step()
        except StopIteration:
            return
