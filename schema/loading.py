"""How a loader of a request is made: it batches what fields ask for, for one caller."""

from collections.abc import Awaitable, Callable, Hashable, Sequence
from typing import TypeVar

from strawberry.dataloader import DataLoader

from domain.access import Actor
from resolvers.resources import Resources

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Loading:
    """What all loaders of one request share: for whom they load, and whether they keep what they loaded."""

    def __init__(self, resources: Resources, actor: Actor, *, keep: bool) -> None:
        self._resources = resources
        self._actor = actor
        self._keep = keep

    def _load(
        self, batch: Callable[[Resources, Actor, Sequence[Key]], Awaitable[list[Value]]]
    ) -> DataLoader[Key, Value]:
        async def load(keys: list[Key]) -> list[Value]:
            different = list(dict.fromkeys(keys))  # what keeps nothing is asked for the same more than once
            found = dict(zip(different, await batch(self._resources, self._actor, different), strict=True))
            return [found[key] for key in keys]

        return DataLoader(load_fn=load, cache=self._keep)
