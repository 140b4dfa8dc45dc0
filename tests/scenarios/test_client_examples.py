"""The examples by published clients, run as a reader runs them: each asks, acts, and watches through a break."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from core.settings import ROOT
from tests.support.line import line_to
from tests.support.serving import Served
from tests.support.watched import log, until_nobody_watches

PATIENCE_S = 45
CLIENTS = ("with_gql.py", "with_urql.ts", "with_apollo.ts", "with_relay.ts")
# The first run of all brings the packages.
pytestmark = pytest.mark.timeout(300)


@asynccontextmanager
async def running(served: Served, url: str, command: Sequence[str]) -> AsyncIterator[asyncio.StreamReader]:
    """What a program prints that does not end by itself."""
    environment = {
        "PATH": os.environ["PATH"],  # noqa: TID251 - handed on, not read
        "URL": f"{url}/graphql",
        "TOKEN": served.credentials.token,
    }
    process = await asyncio.create_subprocess_exec(
        *command, env=environment, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    assert process.stdout is not None
    try:
        yield process.stdout
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


class Program:
    """One example, and what it has told."""

    def __init__(self, name: str, printed: asyncio.StreamReader) -> None:
        self._name = name
        self._printed = printed

    async def next(self) -> dict:
        """The next object that it prints."""
        said = b""
        while line := await self._printed.readline():
            if line.startswith(b"{"):
                return json.loads(line)
            said += line
        raise AssertionError((self._name, said.decode()))

    async def item(self, kind: str) -> dict:
        """The next item of that type, past what else a stream says."""
        while (item := await self.next())["__typename"] != kind:
            assert item["__typename"] == "StreamPosition", (self._name, item)
        return item


async def test_every_client_asks_acts_and_watches_through_a_break(served: Served, node: str, project: Path):
    await log(served, "bad total")
    began, broken = asyncio.Barrier(len(CLIENTS) + 1), asyncio.Barrier(len(CLIENTS) + 1)

    async def use(name: str) -> None:
        command = (
            [sys.executable, str(ROOT / "examples" / name)] if name.endswith(".py") else [node, str(project / name)]
        )
        async with line_to(served.url) as line, running(served, line.url, command) as printed:
            program = Program(name, printed)
            said, begun = sorted([await program.next() for _ in range(2)], key=lambda one: "issue" not in one)
            assert (said["issue"], "id" in said) == ("ValueError: bad total", True), (name, said)
            assert begun["__typename"] == "StreamPosition", (name, begun)
            await began.wait()
            assert (await program.item("ErrorLogged"))["event"]["message"] == "before"
            line.cut()
            await broken.wait()
            assert (await program.item("ErrorLogged"))["event"]["message"] == "during"

    async with asyncio.timeout(PATIENCE_S), asyncio.TaskGroup() as uses:
        for name in CLIENTS:
            uses.create_task(use(name))
        await began.wait()
        await log(served, "before")
        await broken.wait()
        await log(served, "during")
    comments = "{ issues { nodes { activity { nodes { note } } } } }"
    issues = (await served.ask(comments))["data"]["issues"]["nodes"]
    notes = [one["note"] for issue in issues for one in issue["activity"]["nodes"]]
    assert notes.count("Looking into it.") == len(CLIENTS)
    await until_nobody_watches(served)
