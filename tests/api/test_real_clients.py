"""The transports by the clients that people use, unmodified, all in one process against one server."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from typing import TypeAlias

import pytest
import pytest_asyncio

from tests.support.clones import Clones
from tests.support.graphql_clients import Clients, Connected, Watched, running_clients
from tests.support.line import line_to
from tests.support.servers import Servers
from tests.support.serving import Served, served_alone
from tests.support.socket import WATCH
from tests.support.watched import expire_tokens, log, make_token, until_nobody_watches

pytestmark = pytest.mark.asyncio(loop_scope="module")
MOST = 4
Connect: TypeAlias = Callable[..., Awaitable[Connected]]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def served(servers: Servers, clones: Clones) -> AsyncIterator[Served]:
    async with served_alone(servers, clones, sockets_per_caller=MOST) as made:
        yield made


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def clients(node: str) -> AsyncIterator[Clients]:
    async with running_clients(node) as made:
        yield made


@pytest_asyncio.fixture(loop_scope="module")
async def connect(clients: Clients, served: Served) -> AsyncIterator[Connect]:
    """A function that connects by a client, with a token that no other test has; all of them leave at the end."""
    token = await make_token(served)
    connected: list[Connected] = []

    async def make(by: str, url: str | None = None, **options: object) -> Connected:
        options = {"token": token, **options}
        connected.append(await clients.connect(by, f"{url or served.url}/graphql", **options))
        return connected[-1]

    yield make
    for one in connected:
        await one.leave()
    await until_nobody_watches(served)


BY = pytest.mark.parametrize("by", ["ws", "sse", "apollo"])


async def problems(watched: Watched, by: str) -> list[dict]:
    """What ended the operation: by server-sent events it is a last result."""
    kind, told = await watched.next()
    if by != "sse":
        assert kind == "error", told
        return told
    assert kind == "next", told
    assert await watched.next() == ("complete", None)
    return told["errors"]


@BY
async def test_an_event_is_told_to_who_watches(served: Served, connect: Connect, by: str):
    watched = await (await connect(by)).watch(WATCH)
    assert (await watched.item())["__typename"] == "StreamPosition"
    logged = await log(served, "bad total")
    event = (await watched.event())["event"]
    assert (event["eventId"], event["message"]) == (logged, "bad total")


@BY
async def test_after_a_break_it_goes_on_with_nothing_lost_and_nothing_twice(served: Served, connect: Connect, by: str):
    async with line_to(served.url) as line:
        watched = await (await connect(by, line.url)).watch(WATCH)
        await watched.item()
        expected = [await log(served, f"before {n}") for n in range(3)]
        got = [await watched.event() for _ in range(2)]  # and one is lost, or comes and is not taken note of
        line.cut()
        expected += [await log(served, f"during {n}") for n in range(3)]
        again = await (await connect(by, line.url)).watch(WATCH, after=got[-1]["cursor"])
        got += [await again.event() for _ in range(4)]
    assert [item["event"]["eventId"] for item in got] == expected


@BY
async def test_the_break_is_told(served: Served, connect: Connect, by: str):
    async with line_to(served.url) as line:
        watched = await (await connect(by, line.url)).watch(WATCH)
        await watched.item()
        line.cut()
        assert (await watched.next())[0] == "error"


@BY
async def test_what_is_wrong_with_one_operation_ends_only_that(served: Served, connect: Connect, by: str):
    client = await connect(by)
    good = await client.watch(WATCH)
    await good.item()
    queries = ["subscription { nonsense }", "{ nonsense }", "subscription {"]
    for query in queries[:1] if by == "apollo" else queries:  # that client reads a document before it sends it
        bad = await client.watch(query)
        assert [problem["extensions"]["code"] for problem in await problems(bad, by)] == ["BAD_REQUEST"], query
    logged = await log(served, "bad total")
    assert (await good.event())["event"]["eventId"] == logged


@pytest.mark.parametrize("by", ["ws", "sse"])
async def test_queries_and_mutations_are_answered_and_end(connect: Connect, by: str):
    client = await connect(by)
    watched = await client.watch("{ viewer { scopes } }")
    kind, told = await watched.next()
    assert (kind, told["data"]) == ("next", {"viewer": {"scopes": ["READ"]}})
    assert told["extensions"]["cost"]["requested"] == 2
    assert await watched.next() == ("complete", None)


async def test_a_credential_has_so_many_sockets_and_streams_together(connect: Connect):
    for by in ("ws", "ws", "sse", "apollo"):
        await (await (await connect(by)).watch(WATCH)).item()
    refused = {}
    for by in ("ws", "sse", "apollo"):
        kind, refused[by] = await (await (await connect(by)).watch(WATCH)).next()
        assert kind == "error"
    assert refused["ws"]["code"] == 4429
    assert refused["sse"]["status"] == 429
    assert refused["apollo"][0]["extensions"]["code"] == "RATE_LIMITED"


async def test_the_client_of_the_protocol_is_told_by_the_code_what_is_wrong(
    served: Served, connect: Connect, monkeypatch: pytest.MonkeyPatch
):
    async def ended(times: int = 1, **options: object) -> tuple[int, str]:
        client = await connect("ws", **options)
        watched = [await client.watch(WATCH) for _ in range(times)]
        while (heard := await watched[-1].next())[0] == "next":
            pass
        assert heard[0] == "error"
        return heard[1]["code"], heard[1]["reason"]

    assert await ended(token="tcs_unknown") == (4403, "Forbidden")
    assert await ended(spoils=True) == (4400, "Unknown message type")
    assert await ended(2, id="same") == (4409, "Subscriber for same already exists")
    monkeypatch.setattr(served.view, "connection_init_wait_timeout", timedelta(seconds=0.1))
    assert await ended(waits=True) == (4408, "Connection initialisation timeout")


async def test_the_clients_pings_are_answered(connect: Connect):
    client = await connect("ws", keepAlive=20)
    await (await client.watch(WATCH)).item()
    assert await client.next() == ("pong", {"received": True})


async def test_when_its_token_expires_a_client_is_sent_away(served: Served, connect: Connect):
    watched = {by: await (await connect(by)).watch(WATCH) for by in ("ws", "sse", "apollo")}
    for one in watched.values():
        await one.item()
    await expire_tokens(served)
    kind, closed = await watched["ws"].next()
    assert (kind, closed["code"]) == ("error", 4403)
    for by in ("sse", "apollo"):
        assert [problem["extensions"] for problem in await problems(watched[by], by)] == [{"code": "UNAUTHENTICATED"}]


async def test_when_the_server_stops_clients_are_told_to_come_again(servers: Servers, clones: Clones, clients: Clients):
    watched = {}
    async with served_alone(servers, clones) as served:
        for by in ("ws", "sse", "apollo"):
            client = await clients.connect(by, f"{served.url}/graphql", served.credentials.token)
            watched[by] = await client.watch(WATCH)
            await watched[by].item()
    kind, closed = await watched["ws"].next()
    assert (kind, closed["code"]) == ("error", 1012)
    assert (await watched["sse"].next())[0] == "error"  # as by any break: this client would come again by itself
    (problem,) = await problems(watched["apollo"], "apollo")
    assert problem["extensions"] == {"code": "UNAVAILABLE", "retryAfter": 1}
