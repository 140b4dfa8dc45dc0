"""What sockets are bounded by, and how each bound is told."""

import asyncio
import json
from contextlib import AsyncExitStack, suppress

import pytest
from websockets.exceptions import ConnectionClosed

from tests.support.factories.access import make_api_token
from tests.support.factories.developer import make_developer
from tests.support.serving import Serving
from tests.support.socket import admitted, connected, init, log


async def test_one_caller_holds_only_so_many_sockets(served_with: Serving):
    async with served_with(sockets_per_caller=2) as served, AsyncExitStack() as stack:
        for _ in range(2):
            await stack.enter_async_context(admitted(served.ws_url, served.credentials.token))
        async with connected(served.ws_url) as one_too_many:
            await one_too_many.send(init(token=served.credentials.token))
            code, reason = await one_too_many.closed()
            assert (code, "2 sockets and streams" in reason) == (4429, True)
        await stack.aclose()
        async with asyncio.timeout(5):
            while len(served.view.sockets):
                await asyncio.sleep(0.01)
        async with admitted(served.ws_url, served.credentials.token):
            pass


async def test_the_tokens_of_one_person_are_one_caller_and_another_has_a_number_of_their_own(served_with: Serving):
    async with served_with(sockets_per_caller=1) as served:
        ada, ben = [await make_developer(served.res) for _ in range(2)]
        first, second, other = [await make_api_token(served.res, each) for each in (ada, ada, ben)]
        async with (
            admitted(served.ws_url, first.secret),
            admitted(served.ws_url, other.secret),
            connected(served.ws_url) as one_too_many,
        ):
            await one_too_many.send(init(token=second.secret))
            assert await one_too_many.closed() == (4429, "One caller may hold 1 sockets and streams open.")


async def test_one_socket_runs_only_so_many_operations_and_the_others_go_on(served_with: Serving):
    async with (
        served_with(operations_per_socket=2) as served,
        admitted(served.ws_url, served.credentials.token) as client,
    ):
        for id in ("1", "2"):
            await client.subscribe(id)
            await client.item(id)
        await client.subscribe("3")
        refused = await client.next()
        (error,) = refused["payload"]
        assert (refused["type"], refused["id"]) == ("error", "3")
        assert error["message"] == "A socket runs at most 2 operations at a time."
        assert error["extensions"] == {"code": "RATE_LIMITED", "retryAfter": 1.0}
        await client.send({"type": "complete", "id": "1"})
        await client.subscribe("3")
        await client.item("3")
        event_id = await log(served)
        seen = [await client.next() for _ in range(2)]
        assert {message["id"] for message in seen} == {"2", "3"}
        assert {message["payload"]["data"]["errorLogged"]["event"]["eventId"] for message in seen} == {event_id}


@pytest.mark.parametrize("parts", [1, 3])
async def test_a_message_that_is_too_large_closes_its_socket_and_no_other(served_with: Serving, parts: int):
    async with (
        served_with(socket_message_bytes=4096) as served,
        admitted(served.ws_url, served.credentials.token) as other,
        admitted(served.ws_url, served.credentials.token) as client,
    ):

        def ping(size: int) -> str:
            return json.dumps({"type": "ping", "payload": {"it": "x" * (size - 40)}}).ljust(size)

        await client.send(ping(4096))
        assert (await client.next())["type"] == "pong"
        text, size = ping(4097), -(-4097 // parts)
        pieces = [text[start : start + size] for start in range(0, len(text), size)]
        with suppress(ConnectionClosed):
            await client.send(text if parts == 1 else pieces)
        assert (await client.closed())[0] == 1009
        await other.send({"type": "ping"})
        assert await other.next() == {"type": "pong"}
