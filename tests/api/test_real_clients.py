"""The transports by the clients that people use, unmodified, all in one process against one server."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from typing import TypeAlias

import pytest
import pytest_asyncio

from tests.support.graphql_clients import Clients, Connected, running_clients
from tests.support.line import line_to
from tests.support.servers import Servers
from tests.support.serving import Served, served_alone
from tests.support.socket import WATCH

pytestmark = pytest.mark.asyncio(loop_scope="module")
LOG = "mutation($input: LogErrorInput!) { logError(input: $input) { ... on LoggedError { eventId } } }"
MAKE_TOKEN = """mutation { createApiToken(input: { name: "watching", scopes: [READ] }) {
  ... on CreatedApiToken { secret } ... on Failure { message } } }"""
MOST = 4
Connect: TypeAlias = Callable[..., Awaitable[Connected]]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def served(servers: Servers, template: str) -> AsyncIterator[Served]:
    async with served_alone(servers, template, sockets_per_caller=MOST) as made:
        yield made


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def clients(node: str) -> AsyncIterator[Clients]:
    async with running_clients(node) as made:
        yield made


@pytest_asyncio.fixture(loop_scope="module")
async def connect(clients: Clients, served: Served) -> AsyncIterator[Connect]:
    """A function that connects by a client, with a token that no other test has; all of them leave at the end."""
    made = await served.ask(MAKE_TOKEN)
    token = made["data"]["createApiToken"]["secret"]
    connected: list[Connected] = []

    async def make(by: str, url: str | None = None, **options: object) -> Connected:
        options = {"token": token, **options}
        connected.append(await clients.connect(by, f"{url or served.url}/graphql", **options))
        return connected[-1]

    yield make
    for one in connected:
        await one.leave()
    async with asyncio.timeout(10):
        while len(served.view.sockets) or served.res.feed.watchers:
            await asyncio.sleep(0.01)


async def log(served: Served, message: str) -> str:
    report = {"service": "checkout", "errorType": "ValueError", "message": message}
    answer = await served.ask(LOG, credential=served.credentials.ingest_key, input=report)
    return answer["data"]["logError"]["eventId"]


BY = pytest.mark.parametrize("by", ["ws"])


@BY
async def test_an_event_is_told_to_who_watches(served: Served, connect: Connect, by: str):
    watched = await (await connect(by)).watch(WATCH)
    assert (await watched.item())["__typename"] == "StreamPosition"
    logged = await log(served, "bad total")
    assert (await watched.event())["event"] == {"eventId": logged, "message": "bad total"}


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
    for query in ("subscription {", "subscription { nonsense }", "{ nonsense }"):
        bad = await client.watch(query)
        kind, problem = await bad.next()
        assert (kind, problem[0]["extensions"]["code"]) == ("error", "BAD_REQUEST"), query
    logged = await log(served, "bad total")
    assert (await good.event())["event"]["eventId"] == logged


@BY
async def test_queries_and_mutations_are_answered_and_end(connect: Connect, by: str):
    client = await connect(by)
    watched = await client.watch("{ viewer { scopes } }")
    assert await watched.next() == ("next", {"data": {"viewer": {"scopes": ["READ"]}}})
    assert await watched.next() == ("complete", None)


async def test_the_client_of_the_protocol_is_told_by_the_code_what_is_wrong(
    served: Served, connect: Connect, monkeypatch
):
    monkeypatch.setattr(served.view, "connection_init_wait_timeout", timedelta(seconds=0.2))

    async def ended(times: int = 1, **options: object) -> tuple[int, str]:
        client = await connect("ws", **options)
        watched = [await client.watch(WATCH) for _ in range(times)]
        while (heard := await watched[-1].next())[0] == "next":
            pass
        assert heard[0] == "error"
        return heard[1]["code"], heard[1]["reason"]

    assert await ended(token="tcs_unknown") == (4403, "Forbidden")
    assert await ended(spoils=True) == (4400, "Unknown message type")
    assert await ended(waits=True) == (4408, "Connection initialisation timeout")
    assert await ended(2, id="same") == (4409, "Subscriber for same already exists")


async def test_the_clients_pings_are_answered(connect: Connect):
    client = await connect("ws", keepAlive=20)
    await (await client.watch(WATCH)).item()
    assert await client.next() == ("pong", {"received": True})


async def test_when_its_token_expires_a_client_is_sent_away(served: Served, connect: Connect):
    watched = await (await connect("ws")).watch(WATCH)
    await watched.item()
    expired = "UPDATE api_token SET expires_at = $1 WHERE name = 'watching'"
    await served.res.db.raw.execute(expired, served.res.clock.now())
    kind, problem = await watched.next()
    assert (kind, problem["code"]) == ("error", 4403)


async def test_a_client_that_is_sent_away_by_a_server_that_stops_is_told_to_come_again(
    servers: Servers, template: str, clients: Clients
):
    async with served_alone(servers, template) as served:
        client = await clients.connect("ws", f"{served.url}/graphql", served.credentials.token)
        watched = await client.watch(WATCH)
        await watched.item()
    kind, problem = await watched.next()
    assert (kind, problem["code"]) == ("error", 1012)
