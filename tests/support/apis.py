"""Several API processes on one database, as several machines run them."""

import socket
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from core.settings import Settings
from tests.support.command import Command, running
from tests.support.crew import Door


@dataclass(frozen=True)
class Api:
    """A `tocsin api`, and where it takes questions."""

    command: Command
    door: Door


@asynccontextmanager
async def running_apis(settings: Settings, token: str, count: int) -> AsyncIterator[list[Api]]:
    """So many of them, ready, with their own ports; dead at the end of the block."""
    async with AsyncExitStack() as stack:
        apis = [await stack.enter_async_context(_running_api(settings, token)) for _ in range(count)]
        for api in apis:
            await api.door.wait_ready()
        yield apis


@asynccontextmanager
async def _running_api(settings: Settings, token: str) -> AsyncIterator[Api]:
    with socket.create_server(("127.0.0.1", 0), backlog=512) as listener:
        address = f"127.0.0.1:{listener.getsockname()[1]}"
        door = Door(f"http://{address}/graphql", f"ws://{address}/graphql", token)
        process = running(settings, "api", f"--fd={listener.fileno()}", pass_fds=(listener.fileno(),))
        command = await process.__aenter__()
    try:
        yield Api(command, door)
    finally:
        await process.__aexit__(None, None, None)
