"""What was fetched once, for many who want it at about the same time."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Sequence
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Shelf(Generic[Key, Value]):
    """Values by key, each fetched at most once, those that are wanted together in one go."""

    def __init__(self) -> None:
        self._values: dict[Key, Value] = {}
        self._fetching = asyncio.Lock()

    def __getitem__(self, key: Key) -> Value:
        """The value of a key that was stocked."""
        return self._values[key]

    async def stock(self, keys: Sequence[Key], fetch: Callable[[Sequence[Key]], Awaitable[Sequence[Value]]]) -> None:
        """Leave the value of each key here; `fetch` brings those that are missing, in their order.

        Who comes while another fetches waits for it. What `fetch` raises is raised, and may be tried again.
        """
        if self._missing(keys):
            async with self._fetching:
                missing = self._missing(keys)
                if missing:
                    self._values.update(zip(missing, await fetch(missing), strict=True))

    def _missing(self, keys: Sequence[Key]) -> list[Key]:
        return list(dict.fromkeys(key for key in keys if key not in self._values))
