"""What is on its way to many: whoever stops waiting leaves it to the others."""

import asyncio
from collections.abc import Coroutine
from typing import Any, Generic, TypeVar

Value = TypeVar("Value")


class Coming(Generic[Value]):
    """A value that is brought once, however many wait for it.

    `asyncio.shield` does the same for each of them with a future and two callbacks; a thousand watchers of one event
    notice the difference.
    """

    def __init__(self, bring: Coroutine[Any, Any, Value]) -> None:
        self._arrived = asyncio.Event()
        self._task = asyncio.create_task(bring)
        self._task.add_done_callback(self._hear)

    @property
    def has_arrived(self) -> bool:
        """Whether nobody need wait any more."""
        return self._task.done()

    async def wait(self) -> Value:
        """The value.

        Raises: what bringing it raised, to each who waits.
        """
        if not self._task.done():
            await self._arrived.wait()
        return self._task.result()

    def _hear(self, task: asyncio.Task[Value]) -> None:
        """Let all go on, and take note of how it ended, which nobody may be waiting for any more."""
        self._arrived.set()
        if not task.cancelled():
            task.exception()
