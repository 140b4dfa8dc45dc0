"""Many coroutines in one task, side by side: what they look up together costs one wait, and not a task for each.

Each is run until it waits, and on when what it waits for is there. What needs a task of its own, as timeouts and task
groups do, must not be run so.
"""

import asyncio
from collections.abc import Coroutine, Sequence
from typing import Any, TypeAlias, TypeVar

Value = TypeVar("Value")

# By the place of the coroutine; none where it waits for a mere turn of the loop.
_Awaited: TypeAlias = "dict[int, asyncio.Future[Any] | None]"


async def run_abreast(coroutines: Sequence[Coroutine[Any, Any, Value]]) -> list[Value]:
    """What each returns, once all have come to their end.

    If it is cancelled, so is what they wait for, as if each had a task of its own.

    Raises: what the first raised of those that raised.
    """
    found: list[Any] = [None] * len(coroutines)
    failures: dict[int, Exception] = {}
    awaited: _Awaited = dict.fromkeys(range(len(coroutines)))
    try:
        while awaited:
            for place in [place for place, future in awaited.items() if future is None or future.done()]:
                try:
                    future = awaited[place] = coroutines[place].send(None)
                except StopIteration as end:
                    found[place] = end.value
                    del awaited[place]
                except Exception as failure:  # noqa: BLE001 - the others go on, and then it is raised
                    failures[place] = failure
                    del awaited[place]
                else:
                    if future is not None:
                        future._asyncio_future_blocking = False  # noqa: SLF001 - heard, as a task says it
            await _until_any_is_done(awaited)
    finally:
        for coroutine in coroutines:
            coroutine.close()
    if failures:
        raise failures[min(failures)]
    return found


async def _until_any_is_done(awaited: _Awaited) -> None:
    """Wait for one, whatever becomes of it: it is looked at by who awaits it. Those of a batch end together."""
    futures = set(awaited.values())
    if not futures:
        return
    if None in futures or any(future.done() for future in futures if future):
        await asyncio.sleep(0)
        return
    try:
        await asyncio.wait({future for future in futures if future}, return_when=asyncio.FIRST_COMPLETED)
    except asyncio.CancelledError:
        for future in futures:
            if future:
                future.cancel()
        raise
