"""What was fetched once, for many who want it at about the same time."""

from collections.abc import Awaitable, Callable, Hashable, Sequence
from typing import Generic, TypeVar

from core.coming import Coming

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Shelf(Generic[Key, Value]):
    """Values by key, each fetched once, those that are wanted together in one go."""

    def __init__(self) -> None:
        self._values: dict[Key, Value] = {}
        self._coming: dict[Key, Coming[None]] = {}

    def __getitem__(self, key: Key) -> Value:
        """The value of a key that was stocked."""
        return self._values[key]

    async def stock(self, keys: Sequence[Key], fetch: Callable[[Sequence[Key]], Awaitable[Sequence[Value]]]) -> None:
        """Leave the value of each key here; `fetch` brings those that nobody has fetched yet, in their order.

        What `fetch` raises is raised to all who wait for it; those keys may be tried again.
        """
        missing = list(dict.fromkeys(key for key in keys if key not in self._values and key not in self._coming))
        if missing:
            self._coming.update(dict.fromkeys(missing, Coming(self._fetch(missing, fetch))))
        for coming in {self._coming[key] for key in keys if key in self._coming}:
            await coming.wait()

    async def _fetch(self, keys: Sequence[Key], fetch: Callable[[Sequence[Key]], Awaitable[Sequence[Value]]]) -> None:
        try:
            self._values.update(zip(keys, await fetch(keys), strict=True))
        finally:
            for key in keys:
                del self._coming[key]
