"""What a field can reach: who asks, the resources, the loaders of this request."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeAlias

import strawberry

from core.ids import uuid7
from domain.access import ANONYMOUS, Actor
from domain.feed import Cursor
from domain.quota import Purse
from resolvers.feed.cohort import Entry, Member, Place, Take
from resolvers.resources import Resources
from schema.loaders import Loaders


class SharedData(dict[str, Any]):
    """The data of an execution that several subscribers share; `text` keeps its JSON once that is written."""

    text: str | None = None


class Context:
    """One request's, socket's or stream's view. No session: every use case opens its own.

    The loaders of what lives long batch but keep nothing.
    """

    def __init__(self, resources: Resources, actor: Actor = ANONYMOUS, *, is_long_lived: bool = False) -> None:
        self.resources = resources
        self.request_id = uuid7(resources.clock.now()).hex
        self.connection_params: dict[str, Any] | None = None
        self.position: asyncio.Task[Cursor] | None = None
        # Where a transport takes a subscription's data that is at hand, past the execution.
        self.outlet: Callable[[SharedData], Awaitable[None]] | None = None
        # How it takes the text of a result, and how the same operation is run for somebody else: what a cohort needs.
        self.take: Take | None = None
        self.again: Callable[[Context, Take], Awaitable[object]] | None = None
        # Where a cohort's own stream begins, and the place of what is told just now; none for a reset.
        self.leads_from: Cursor | None = None
        self.told: Place | None = None
        # What is shown next of what came together with that.
        self.next_shown: Sequence[Any] = ()
        # With whom a stream is counted, its seat among them, and where it stood when it left that.
        self.entry = Entry(resources.cohorts)
        self.seat: Member | None = None
        self.returns_from: Cursor | None = None
        # What the operation costs, once it is weighed, and what is left to its caller, where that is bounded.
        self.cost = 0
        self.purse: Purse | None = None
        self._is_long_lived = is_long_lived
        self._document: str | None = None
        self.become(actor)

    def run(self, document: str) -> None:
        """Act within the document of that digest from now on, which a token may be bound to."""
        self._document = document
        self.become(self.actor)

    def become(self, actor: Actor) -> None:
        """Act for this actor from now on, with loaders that see what it may see."""
        if self.seat is not None:
            self.seat.leave()
        self.actor = actor.running(self._document)
        self.loaders = Loaders(self.resources, self.actor, keep=not self._is_long_lived)


Info: TypeAlias = strawberry.Info[Context, None]
