"""What a field can reach: who asks, the resources, the loaders of this request."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias

import strawberry

from core.ids import uuid7
from domain.access import ANONYMOUS, Actor
from domain.feed import Cursor
from resolvers.resources import Resources
from schema.loaders import Loaders


class SharedData(dict[str, Any]):
    """The data of an execution that several subscribers share; `text` keeps its JSON once that is written."""

    text: str | None = None


class Context:
    """One request's, or one socket's, view. No session: every use case opens its own.

    A socket lives long, so its loaders batch but keep nothing.
    """

    def __init__(self, resources: Resources, actor: Actor = ANONYMOUS, *, is_socket: bool = False) -> None:
        self.resources = resources
        self.request_id = uuid7(resources.clock.now()).hex
        self.connection_params: dict[str, Any] | None = None
        self.position: asyncio.Task[Cursor] | None = None
        # Where a socket takes a subscription's data that is at hand, past the execution.
        self.outlet: Callable[[SharedData], Awaitable[None]] | None = None
        self._is_socket = is_socket
        self.become(actor)

    def become(self, actor: Actor) -> None:
        """Act for this actor from now on, with loaders that see what it may see."""
        self.actor = actor
        self.loaders = Loaders(self.resources, actor, keep=not self._is_socket)


Info: TypeAlias = strawberry.Info[Context, None]
