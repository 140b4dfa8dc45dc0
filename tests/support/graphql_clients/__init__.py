"""Published clients of GraphQL over its transports, unmodified, in one process of Node.js that is told what to do."""

import asyncio
import itertools
import json
import os
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from tests.support.npm import installed

_HERE = Path(__file__).parent
_PATIENCE_S = 30
_LONGEST_LINE = 2**22


class Clients:
    """The process: each call has one answer, and several may be under way."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._ids = itertools.count()
        self._awaited: dict[int, asyncio.Future[Any]] = {}

    async def call(self, name: str, **options: object) -> Any:
        """What the function of that name in clients.mjs answers."""
        assert self._process.stdin is not None
        id = next(self._ids)
        answer = self._awaited[id] = asyncio.get_running_loop().create_future()
        self._process.stdin.write(json.dumps({"id": id, "call": name, "options": options}).encode() + b"\n")
        async with asyncio.timeout(_PATIENCE_S):
            return await answer

    async def connect(self, by: str, url: str, token: str, **options: object) -> "Connected":
        """A client of that package, that connects when it watches."""
        return Connected(self, await self.call("connect", by=by, url=url, token=token, **options))

    async def read(self) -> None:
        """Hand on the answers, until the process ends."""
        assert self._process.stdout is not None
        while line := await self._process.stdout.readline():
            told = json.loads(line)
            answer = self._awaited.pop(told["id"])
            if answer.done():
                continue
            if "problem" in told:
                answer.set_exception(AssertionError(told["problem"]))
            else:
                answer.set_result(told["answer"])
        for answer in self._awaited.values():
            answer.cancel("The clients have ended.")


class Connected:
    """One client."""

    def __init__(self, clients: Clients, id: int) -> None:
        self._clients = clients
        self._id = id

    async def watch(self, query: str, **variables: object) -> "Watched":
        """What comes of an operation, of whatever kind."""
        return Watched(
            self._clients, await self._clients.call("watch", client=self._id, query=query, variables=variables)
        )

    async def next(self) -> tuple[str, Any]:
        """The next that it tells of its connection."""
        return await _next(self._clients, self._id)

    async def leave(self) -> None:
        """Close what it has open."""
        await self._clients.call("leave", client=self._id)


class Watched:
    """One operation of a client."""

    def __init__(self, clients: Clients, id: int) -> None:
        self._clients = clients
        self._id = id

    async def next(self) -> tuple[str, Any]:
        """What came next: `next`, `error` or `complete`, and what it brought."""
        return await _next(self._clients, self._id)

    async def item(self) -> dict[str, Any]:
        """The next item of a stream."""
        kind, value = await self.next()
        assert kind == "next", (kind, value)
        assert not value.get("errors"), value
        (item,) = value["data"].values()
        return dict(item)

    async def event(self) -> dict[str, Any]:
        """The next event of a stream, past what else it says."""
        while (item := await self.item())["__typename"] != "ErrorLogged":
            assert item["__typename"] == "StreamPosition", item
        return item

    async def stop(self) -> None:
        """Want no more of it."""
        await self._clients.call("stop", watch=self._id)


@asynccontextmanager
async def running_clients(node: str) -> AsyncIterator[Clients]:
    """The process, within the block."""
    with tempfile.TemporaryDirectory() as made:
        program = Path(shutil.copy(_HERE / "clients.mjs", made))
        (program.parent / "node_modules").symlink_to(installed(node, _HERE))
        environment = {"PATH": os.environ["PATH"], "NO_PROXY": "*"}  # noqa: TID251 - handed on, not read
        process = await asyncio.create_subprocess_exec(
            node,
            str(program),
            env=environment,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            limit=_LONGEST_LINE,
        )
        clients = Clients(process)
        reading = asyncio.create_task(clients.read())
        try:
            yield clients
        finally:
            assert process.stdin is not None
            process.stdin.close()
            await asyncio.wait_for(process.wait(), _PATIENCE_S)
            await reading


async def _next(clients: Clients, id: int) -> tuple[str, Any]:
    heard = await clients.call("next", of=id)
    return heard["kind"], heard["value"]
