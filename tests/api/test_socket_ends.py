"""How a socket ends, and what ends only one operation of it: by bounds, by silence, by the end of the server."""

import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack

from api.sockets import Sockets
from domain.access import Actor, system
from resolvers import access
from tests.support.serving import Served
from tests.support.socket import admitted, connected, heard_in_silence


async def test_who_answers_no_ping_is_given_up(served_with):
    async with served_with({"ws_ping_interval": 0.05, "ws_ping_timeout": 0.05}) as served:
        heard = await heard_in_silence(served.ws_url)
    assert b"101 Switching Protocols" in heard
    assert b"\x89\x04" in heard  # a ping, of four bytes
    assert (1011).to_bytes(2, "big") + b"keepalive ping timeout" in heard


async def test_who_answers_pings_may_be_silent_otherwise(served_with):
    async with (
        served_with({"ws_ping_interval": 0.02, "ws_ping_timeout": 15}) as served,
        admitted(served.ws_url, served.credentials.token) as client,
    ):
        await asyncio.sleep(0.2)
        await client.send({"type": "ping"})
        assert await client.next() == {"type": "pong"}


async def test_nothing_comes_of_an_operation_that_was_completed_before_it_was_answered(served: Served):
    async with admitted(served.ws_url, served.credentials.token) as client:
        await client.subscribe("1", "{ issues { nodes { title } } }")
        await client.send({"id": "1", "type": "complete"})
        await client.send({"type": "ping"})
        assert await client.next() == {"type": "pong"}
        await client.send({"type": "ping"})
        assert await client.next() == {"type": "pong"}


async def test_while_the_database_is_away_a_client_is_told_to_try_later(served: Served, monkeypatch):
    monkeypatch.setattr(access, "_WITHIN_S", 0.1)
    async with served.res.db.raw.acquire() as connection, connection.transaction():
        await connection.execute("LOCK TABLE api_token IN ACCESS EXCLUSIVE MODE")
        async with connected(served.ws_url) as client:
            await client.send({"type": "connection_init", "payload": {"token": "tcs_" + "y" * 43}})
            assert (await client.closed())[0] == 1013


async def test_when_the_server_stops_clients_are_told_to_come_again(served_with):
    async with AsyncExitStack() as stack:
        async with served_with() as served:
            known = await stack.enter_async_context(admitted(served.ws_url, served.credentials.token))
            unknown = await stack.enter_async_context(connected(served.ws_url))
            await known.subscribe()
            await known.item()
        assert await known.closed() == (1012, "The server stops; come again")
        assert (await unknown.closed())[0] == 1012


class Watcher:
    """One who waits to be sent away."""

    def __init__(self, gone: list["Watcher"]) -> None:
        self._gone = gone

    def become(self, actor: Actor) -> None:
        """Not asked here."""

    def send_away(self) -> None:
        """Note in which order."""
        self._gone.append(self)


async def test_many_are_sent_away_one_after_another_in_no_order(served: Served):
    gone: list[Watcher] = []
    watchers: Sequence[Watcher] = [Watcher(gone) for _ in range(50)]
    sockets = Sockets(100)
    for watcher in watchers:
        sockets.add(watcher, system(), "credential", served.res)
    sending = asyncio.create_task(sockets.send_away(0.2))
    await asyncio.sleep(0)
    assert len(gone) == 1
    await sending
    assert gone != watchers
    assert set(gone) == set(watchers)
    for watcher in watchers:
        sockets.remove(watcher, "credential")


async def test_a_server_that_stops_lets_nobody_in_any_more(served: Served):
    async with connected(served.ws_url) as client:
        await served.view.sockets.send_away(0)
        await client.send({"type": "connection_init", "payload": {"token": served.credentials.token}})
        assert await client.closed() == (1012, "The server stops; come again.")
