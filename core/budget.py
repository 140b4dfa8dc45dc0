"""A number of bytes that all who hold some share: who finds none left waits a moment, and then hears so."""

import asyncio

WAIT_S = 1.0


class Full(Exception):
    """So much is held already that there was no room within a second."""


class Budget:
    """At most so many bytes held at once; one who is alone may hold any number, else a large one could never pass."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._held = 0
        self._freed: asyncio.Event | None = None

    @property
    def held(self) -> int:
        """How many bytes are held."""
        return self._held

    def hold(self) -> "Hold":
        """Nothing yet, of this budget."""
        return Hold(self)

    def take(self, count: int, *, beside: int) -> bool:
        """Hold so many more, if they fit; `beside` is what the same one holds already."""
        if self._held + count > self._most and self._held > beside:
            return False
        self._held += count
        return True

    def give(self, count: int) -> None:
        """Hold so many fewer, and wake those who wait."""
        self._held -= count
        if count and self._freed is not None:
            self._freed.set()
            self._freed = None

    async def wait_freed(self) -> None:
        """Return when something was given back."""
        self._freed = self._freed or asyncio.Event()
        await self._freed.wait()


class Hold:
    """What one holds of a budget, to be released at the end."""

    def __init__(self, budget: Budget) -> None:
        self._budget = budget
        self._count = 0

    @property
    def count(self) -> int:
        """How many bytes it is."""
        return self._count

    async def grow(self, count: int) -> None:
        """Hold so many more.

        Raises: Full.
        """
        if not self._budget.take(count, beside=self._count):
            await self._wait(count)
        self._count += count

    def release(self) -> None:
        """Hold nothing any more."""
        self._budget.give(self._count)
        self._count = 0

    async def _wait(self, count: int) -> None:
        try:
            async with asyncio.timeout(WAIT_S):
                while not self._budget.take(count, beside=self._count):
                    await self._budget.wait_freed()
        except TimeoutError as error:
            raise Full from error
