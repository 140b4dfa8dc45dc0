"""One who watches, and comes back whenever the connection is lost: from the last cursor, as the documentation says."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager
from typing import Any

from websockets.exceptions import WebSocketException

from tests.support.socket import WATCH, Client, connected

_AGAIN_S = 0.1


class Subscriber:
    """Watches one project. With `hangs_up_every` it goes away by itself after so many events.

    `events`: the reporters' ids of what came, in order. `resumed`: how often it came back, by the reason.
    """

    def __init__(self, url: str, token: str, project: str, *, hangs_up_every: int | None = None) -> None:
        self._url = url
        self._token = token
        self._filter = {"project": [project]}
        self._hangs_up_every = hangs_up_every
        self._cursor: str | None = None
        self._changed = asyncio.Condition()
        self.events: list[str] = []
        self.resumed: Counter[str] = Counter()

    @asynccontextmanager
    async def watching(self) -> AsyncIterator[None]:
        """At it within the block, from a known position on."""
        async with asyncio.TaskGroup() as group:
            task = group.create_task(self._watch())
            await self._until(lambda: self._cursor is not None)
            yield
            task.cancel()

    async def wait_for(self, event_ids: Collection[str]) -> None:
        """Return once all these events came: what was spooled comes behind what was stored at once."""
        await self._until(lambda: len(self.events) >= len(event_ids) and set(event_ids).issubset(self.events))

    async def _until(self, is_so: Callable[[], bool]) -> None:
        async with self._changed:
            await self._changed.wait_for(is_so)

    async def _watch(self) -> None:
        while True:
            self.resumed[await self._watch_once()] += 1
            await asyncio.sleep(_AGAIN_S)

    async def _watch_once(self) -> str:
        """Watch until the connection ends, and say why it did."""
        try:
            # Without a bound on what the library holds: full, it would not read the answer to its goodbye.
            async with connected(self._url, max_queue=None) as client:
                await client.init({"Authorization": f"Bearer {self._token}"})
                await client.subscribe("1", WATCH, variables={"filter": self._filter, "after": self._cursor})
                return await self._take(client)
        except (WebSocketException, OSError, EOFError) as lost:
            return type(lost).__name__

    async def _take(self, client: Client) -> str:
        """Take what comes until we go away, or the stream is refused."""
        heard = len(self.events)
        while self._hangs_up_every is None or len(self.events) < heard + self._hangs_up_every:
            message = await client.next()
            if message["type"] == "error":
                assert [error["extensions"]["code"] for error in message["payload"]] == ["UNAVAILABLE"], message
                return "UNAVAILABLE"
            assert message["type"] == "next", message
            await self._note(message["payload"]["data"]["errorLogged"])
        return "hung up"

    async def _note(self, item: dict[str, Any]) -> None:
        assert item["__typename"] in ("ErrorLogged", "StreamPosition"), item
        async with self._changed:
            self._cursor = item["cursor"]
            if item["__typename"] == "ErrorLogged":
                self.events.append(item["event"]["eventId"])
            self._changed.notify_all()
