"""Results that come over one HTTP response as they arise: what is on the wire, and how it ends."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx
import pytest
import pytest_asyncio

from api import streamed
from api.framing import EventStream
from core.metrics import REQUEST_SECONDS
from schema.sharing import SharingExecutor
from tests.support.clones import Clones
from tests.support.plain_http import plain_http
from tests.support.servers import Servers
from tests.support.serving import Served, served_alone
from tests.support.socket import WATCH, admitted
from tests.support.watched import PATIENCE_S, expire_tokens, log, make_token, until_nobody_watches

pytestmark = pytest.mark.asyncio(loop_scope="module")
SSE, MULTIPART = "text/event-stream", 'multipart/mixed;boundary=graphql;subscriptionSpec="1.0"'
JSON = "application/json"
PART = b"\r\nContent-Type: application/json\r\n\r\n"
BOUNDARY = b"\r\n--graphql"
WAYS = pytest.mark.parametrize("accept", [SSE, MULTIPART])


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def served(servers: Servers, clones: Clones) -> AsyncIterator[Served]:
    async with served_alone(servers, clones, sockets_per_caller=2) as made:
        yield made


@pytest_asyncio.fixture(loop_scope="module", autouse=True)
async def _nobody_is_left(served: Served) -> AsyncIterator[None]:
    yield
    await until_nobody_watches(served)
    assert served.app.state.bodies.held == 0


@dataclass
class Stream:
    """A response whose body is read piece by piece."""

    response: httpx.Response
    chunks: AsyncIterator[bytes]
    heard: bytes = b""

    async def until(self, words: bytes) -> bytes:
        """All up to these words, which are taken."""
        async with asyncio.timeout(PATIENCE_S):
            while words not in self.heard:
                self.heard += await anext(self.chunks)
        taken, _, self.heard = self.heard.partition(words)
        return taken

    async def item(self) -> dict:
        """The next item of a stream, in either of the ways."""
        if self.response.headers["content-type"].startswith(SSE):
            await self.until(b"event: next\ndata: ")
            (item,) = json.loads(await self.until(b"\n\n"))["data"].values()
        else:
            await self.until(PART + b'{"payload":')
            (item,) = json.loads((await self.until(BOUNDARY))[:-1])["data"].values()
        return item

    async def rest(self) -> bytes:
        """All that still comes, to the end."""
        async with asyncio.timeout(PATIENCE_S):
            async for chunk in self.chunks:
                self.heard += chunk
        return self.heard


@asynccontextmanager
async def asked(
    served: Served,
    accept: str,
    query: str = WATCH,
    *,
    token: str | None = None,
    method: str = "POST",
    **variables: object,
) -> AsyncIterator[Stream]:
    headers = {"Accept": accept, "Authorization": f"Bearer {token or served.credentials.token}"}
    named = {"query": query, "variables": variables}
    told = {"params": named | {"variables": json.dumps(variables)}} if method == "GET" else {"json": named}
    async with plain_http() as client, client.stream(method, f"{served.url}/graphql", headers=headers, **told) as got:
        yield Stream(got, got.aiter_raw())


async def test_events_are_framed_as_browsers_read_them(served: Served):
    async with asked(served, SSE) as stream:
        assert stream.response.headers["content-type"].split(";")[0] == SSE
        assert stream.response.headers["cache-control"] == "no-store, no-transform"
        assert stream.response.headers["x-request-id"]
        assert await stream.until(b"\n\n") == b":"
        assert (await stream.item())["__typename"] == "StreamPosition"


async def test_parts_have_a_boundary_before_the_first_and_behind_each(served: Served):
    async with asked(served, MULTIPART) as stream:
        assert stream.response.headers["content-type"] == 'multipart/mixed;boundary="graphql";subscriptionSpec="1.0"'
        assert await stream.until(BOUNDARY) == b""
        assert await stream.until(PART) == b""
        (item,) = json.loads(await stream.until(BOUNDARY))["payload"]["data"].values()
        assert item["__typename"] == "StreamPosition"


@pytest.mark.parametrize(("accept", "beat"), [(SSE, b":\n\n"), (MULTIPART, PART + b"{}" + BOUNDARY)])
async def test_a_silent_stream_shows_that_it_is_alive(served: Served, monkeypatch, accept: str, beat: bytes):
    monkeypatch.setattr(streamed, "_HEARTBEAT_S", 0.01)
    async with asked(served, accept) as stream:
        await stream.item()
        await stream.until(beat * 3)
        logged = await log(served)
        assert (await stream.item())["event"]["eventId"] == logged


async def test_who_takes_nothing_is_given_up(served: Served, monkeypatch):
    monkeypatch.setattr(streamed, "_HEARTBEAT_S", 0)
    monkeypatch.setattr(streamed, "_STUCK_S", 0.1)
    monkeypatch.setattr(EventStream, "heartbeat", b":" + b" " * 2**23 + b"\n\n")
    place, body = urlsplit(served.url), json.dumps({"query": WATCH})
    reader, writer = await asyncio.open_connection(place.hostname, place.port, limit=1)
    writer.write(
        f"POST /graphql HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {served.credentials.token}\r\nAccept: {SSE}\r\n"
        f"Content-Type: {JSON}\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode()
    )
    assert await reader.read(12) == b"HTTP/1.1 200"
    await until_nobody_watches(served)
    writer.transport.abort()


@WAYS
async def test_who_goes_away_leaves_nothing_running(served: Served, accept: str):
    async with asked(served, accept) as stream:
        await stream.item()
        assert (served.res.feed.watchers, len(served.view.sockets)) == (1, 1)
        assert served.app.state.bodies.held == 0
    await until_nobody_watches(served)


async def test_all_who_watch_the_same_share_one_execution_by_whatever_they_watch(served: Served, monkeypatch):
    execute, executed = SharingExecutor._execute, []

    async def counted(self: SharingExecutor) -> object:
        executed.append(self.root_value)
        return await execute(self)

    monkeypatch.setattr(SharingExecutor, "_execute", counted)
    monkeypatch.setattr(served.view.sockets, "_most", 4)  # all of them are one person's
    other = await make_token(served)
    async with (
        asked(served, SSE) as events,
        asked(served, MULTIPART) as parts,
        asked(served, SSE, token=other, filter={"service": ["checkout"]}) as filtered,
        admitted(served.ws_url, other) as client,
    ):
        await client.subscribe()
        streams = [events, parts, filtered, client]
        for stream in streams:
            await stream.item()
        logged = await log(served)
        assert {(await stream.item())["event"]["eventId"] for stream in streams} == {logged}
    # The owner's token may do more than READ, so there are two kinds of rights.
    assert len(executed) == 2


@WAYS
async def test_after_a_cursor_it_goes_on(served: Served, accept: str):
    async with asked(served, accept) as stream:
        cursor = (await stream.item())["cursor"]
    logged = [await log(served, f"unheard {n}") for n in range(3)]
    async with asked(served, accept, after=cursor) as stream:
        items = [await stream.item() for _ in range(4)]
    assert [item["event"]["eventId"] for item in items if item["__typename"] == "ErrorLogged"] == logged


@WAYS
async def test_a_stream_can_be_asked_for_by_get(served: Served, accept: str):
    async with asked(served, accept, method="GET") as stream:
        assert stream.response.headers["cache-control"] == "no-store, no-transform"
        await stream.item()
        logged = await log(served)
        assert (await stream.item())["event"]["eventId"] == logged


async def test_a_mutation_is_not_asked_for_by_get_in_any_way(served: Served):
    for accept in (SSE, MULTIPART, f"{JSON}, {SSE}"):
        async with asked(served, accept, "mutation { logErrors(inputs: []) { stored } }", method="GET") as stream:
            assert (stream.response.status_code, stream.response.headers["allow"]) == (405, "POST")


async def test_what_has_one_result_is_json_to_who_takes_that_too(served: Served):
    for accept in (f"{JSON}, {SSE}", f"{MULTIPART}, {JSON}", f"{SSE}, */*;q=0.1"):
        async with asked(served, accept, "{ __typename }") as stream:
            assert stream.response.headers["content-type"] == JSON
            assert json.loads(await stream.rest()) == {"data": {"__typename": "Query"}}
        async with asked(served, accept) as stream:
            assert (await stream.item())["__typename"] == "StreamPosition"


ENDS = [
    (SSE, "{ __typename }", b':\n\nevent: next\ndata: {"data":{"__typename":"Query"}}\n\nevent: complete\ndata:\n\n'),
    (
        MULTIPART,
        "{ __typename }",
        BOUNDARY + PART + b'{"payload":{"data":{"__typename":"Query"}}}' + BOUNDARY + b"--\r\n",
    ),
]


@pytest.mark.parametrize(("accept", "query", "told"), ENDS)
async def test_who_takes_nothing_else_gets_one_result_and_the_end(served: Served, accept: str, query: str, told: bytes):
    async with asked(served, accept, query) as stream:
        assert await stream.rest() == told


@WAYS
async def test_what_cannot_be_run_is_told_in_the_stream(served: Served, accept: str):
    wrong = [
        ("subscription {", "BAD_REQUEST"),
        ("{ nothing }", "BAD_REQUEST"),
        (WATCH, "INVALID_INPUT"),
        ("", "BAD_REQUEST"),
    ]
    for query, code in wrong:
        async with asked(served, accept, query, after="garbage") as stream:
            assert stream.response.status_code == 200
            heard = await stream.rest()
            assert f'"code":"{code}"'.encode() in heard
            assert heard.endswith(b"event: complete\ndata:\n\n" if accept == SSE else BOUNDARY + b"--\r\n")


@WAYS
async def test_nobody_watches_nothing(served: Served, accept: str):
    async with asked(served, accept, token="tcs_unknown") as stream:
        assert b'"code":"UNAUTHENTICATED"' in await stream.rest()


@WAYS
async def test_one_too_many_is_told_when_to_come_again(served: Served, accept: str):
    async with asked(served, accept) as one, asked(served, accept) as two:
        await one.item()
        await two.item()
        async with asked(served, accept) as three:
            assert (three.response.status_code, three.response.headers["retry-after"]) == (429, "1")
            assert json.loads(await three.rest())["errors"][0]["extensions"]["code"] == "RATE_LIMITED"


async def test_a_server_that_stops_lets_nobody_in_any_more(served: Served, monkeypatch):
    monkeypatch.setattr(served.view.sockets, "_is_ending", True)
    async with asked(served, SSE) as stream:
        assert (stream.response.status_code, stream.response.headers["retry-after"]) == (503, "1")


async def test_how_long_somebody_watches_is_no_time_of_an_answer(served: Served):
    before = str(REQUEST_SECONDS.labels("/graphql", 200)._sum.get())
    async with asked(served, SSE) as stream:
        await stream.item()
    await until_nobody_watches(served)
    assert str(REQUEST_SECONDS.labels("/graphql", 200)._sum.get()) == before


async def test_what_a_token_may_see_is_looked_at_for_each_event_and_its_end_is_told(served: Served):
    token = await make_token(served)
    async with asked(served, SSE, token=token) as events, asked(served, MULTIPART, token=token) as parts:
        for stream in (events, parts):
            await stream.item()
        await served.res.db.raw.execute("UPDATE api_token SET project_ids = '{}' WHERE name = 'watching'")
        watching = [one for each in served.view.sockets._open.values() for one in each]
        async with asyncio.timeout(PATIENCE_S):
            while any(one._context.actor.project_ids is None for one in watching):
                await asyncio.sleep(0.01)
        await log(served, "of a project that it sees no more")
        await expire_tokens(served)
        served.res.access._verdicts.clear()  # else it is found out a few seconds later
        told = await events.rest(), await parts.rest()
    for heard in told:
        assert b"ErrorLogged" not in heard
        assert b'"code":"UNAUTHENTICATED"' in heard
    assert told[0].endswith(b"event: complete\ndata:\n\n")
    assert PART + b'{"payload":null,"errors":[' in told[1]
    assert told[1].endswith(BOUNDARY + b"--\r\n")
