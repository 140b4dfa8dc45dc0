"""The way to Valkey by which the worker is woken."""

import asyncio

from core.queue import Queue


async def test_a_valkey_that_takes_connections_and_says_nothing_holds_up_nobody_and_is_left():
    left = asyncio.Event()

    async def say_nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(-1)
        left.set()
        writer.close()

    async with await asyncio.start_server(say_nothing, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        queue = Queue(f"redis://127.0.0.1:{port}/0")
        assert not await queue.enqueue("any")
        await queue.close()
        await asyncio.wait_for(left.wait(), 20)
