"""Subscribing through the schema, without a socket."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from domain.access import Actor
from resolvers.resources import Resources
from schema.context import Context
from schema.root import build_schema
from tests.support.feed import PATIENCE_S


class Subscriber:
    """One subscription, as a socket has it."""

    def __init__(self, results: Any, straight: "asyncio.Queue[Any]") -> None:
        self._results = results
        self._straight = straight
        self._pulling: asyncio.Task[Any] | None = None

    async def item(self) -> dict[str, Any]:
        """The next item, by whichever way it comes."""
        self._pulling = self._pulling or asyncio.ensure_future(anext(self._results))
        getting = asyncio.ensure_future(self._straight.get())
        async with asyncio.timeout(PATIENCE_S):
            await asyncio.wait({self._pulling, getting}, return_when=asyncio.FIRST_COMPLETED)
        if getting.done():
            data = getting.result()
        else:
            getting.cancel()
            result, self._pulling = self._pulling.result(), None
            assert not result.errors, result.errors
            data = result.data
        (item,) = data.values()
        return item

    async def row(self) -> dict[str, Any]:
        while (item := await self.item())["__typename"].startswith("Stream"):
            pass
        return item

    async def close(self) -> None:
        if self._pulling is not None:
            self._pulling.cancel()
            await asyncio.wait([self._pulling])
        await self._results.aclose()


@asynccontextmanager
async def subscribed(res: Resources, actor: Actor, document: str, **variables: Any) -> AsyncIterator[Subscriber]:
    straight: asyncio.Queue[Any] = asyncio.Queue()
    context = Context(res, actor, is_long_lived=True)
    context.outlet = straight.put
    results = await build_schema().stream(document, variable_values=variables, context_value=context)
    subscriber = Subscriber(results, straight)
    try:
        yield subscriber
    finally:
        await subscriber.close()
