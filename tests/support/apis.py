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
    """So many of them, ready, each on a port of its own; dead at the end of the block."""
    async with AsyncExitStack() as stack:
        apis = [await _start(stack, settings, token) for _ in range(count)]
        for api in apis:
            await api.door.wait_ready()
        yield apis


async def _start(stack: AsyncExitStack, settings: Settings, token: str) -> Api:
    # Only the process keeps the socket: with it gone, callers are refused.
    with socket.create_server(("127.0.0.1", 0), backlog=512) as listener:
        fd, address = listener.fileno(), f"127.0.0.1:{listener.getsockname()[1]}"
        command = await stack.enter_async_context(running(settings, "api", f"--fd={fd}", pass_fds=(fd,)))
    return Api(command, Door(f"http://{address}/graphql", f"ws://{address}/graphql", token))
