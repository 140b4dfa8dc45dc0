"""SIGTERM under load: what was accepted is answered, and the rest is refused; nothing is cut."""

import asyncio
import logging
import signal
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest

from core.settings import Settings
from resolvers.resources import open_resources
from resolvers.setup import Credentials, first_setup
from tests.support.apis import running_apis
from tests.support.caller import Caller, Cut, Refused, Unread
from tests.support.db import make_settings
from tests.support.plain_http import plain_http
from tests.support.running import Up
from tests.support.socket import WATCH, admitted

pytestmark = [pytest.mark.faults, pytest.mark.timeout(120)]

_log = logging.getLogger(__name__)
_CALLERS, _AT_ONCE = 40, 20
_LOG = "mutation($inputs: [LogErrorInput!]!) { logErrors(inputs: $inputs) { results { outcome eventId } } }"


@pytest.fixture
def settings(database_url: str, redis_url: str) -> Settings:
    return make_settings(database_url, redis_url)


@pytest.fixture
async def credentials(settings: Settings) -> Credentials:
    async with open_resources(settings) as res:
        made = await first_setup(res)
    assert made is not None
    return made


class _Load:
    """Callers that log without a pause until the API is gone, and try nothing again."""

    def __init__(self, url: str, key: str) -> None:
        self.callers = [Caller(url, key, keeps_alive=place % 2 == 0) for place in range(_CALLERS)]
        self.answered: set[str] = set()
        self.ends: Counter[str] = Counter()
        self.is_under_way = asyncio.Event()
        self.before = 0

    async def run(self) -> None:
        await asyncio.gather(*(self._call(caller) for caller in self.callers))

    async def _call(self, caller: Caller) -> None:
        is_refused = False
        while not is_refused:
            errors = [_error() for _ in range(_AT_ONCE)]
            try:
                answer = await caller.ask(_LOG, inputs=errors)
            except (Refused, Unread, Cut) as end:
                self.ends[type(end).__name__] += 1
                is_refused = isinstance(end, Refused)
            else:
                self._note(answer)
        caller.close()

    def _note(self, answer: dict) -> None:
        results = answer["data"]["logErrors"]["results"]
        assert {result["outcome"] for result in results} == {"STORED"}
        self.answered |= {result["eventId"] for result in results}
        if len(self.answered) >= 2 * _CALLERS * _AT_ONCE:
            self.is_under_way.set()


async def test_an_api_that_is_stopped_cuts_nothing_that_it_accepted(settings: Settings, credentials: Credentials):
    async with running_apis(settings, credentials.token, 1) as (api,):
        async with _loading(api.door.graphql_url, credentials.ingest_key) as load:
            api.command.terminate()
        assert await api.command.wait() == 0
    await _check(load, settings)


async def test_a_whole_tocsin_that_is_stopped_cuts_nothing_that_it_accepted(
    settings: Settings, credentials: Credentials, tmp_path: Path
):
    up = Up(tmp_path / "var", database_url=settings.database_url, redis_url=settings.redis_url)
    try:
        address = (await asyncio.to_thread(up.wait_for, "Tocsin runs at")).split()[-1]
        async with _loading(f"{address}/graphql", credentials.ingest_key) as load:
            up.process.terminate()
    finally:
        assert await asyncio.to_thread(up.end, signal.SIGTERM) == 0
    await _check(load, settings)


async def test_an_api_that_is_stopped_tells_all_who_watch_and_waits_for_none(
    settings: Settings, credentials: Credentials
):
    async with AsyncExitStack() as stack:
        (api,) = await stack.enter_async_context(running_apis(settings, credentials.token, 1))
        sockets = [await stack.enter_async_context(admitted(api.door.ws_url, api.door.token)) for _ in range(_CALLERS)]
        streams = [await stack.enter_async_context(_stream(api.door.graphql_url, api.door.token)) for _ in range(4)]
        for socket in sockets:
            await socket.subscribe()
            await socket.item()
        for stream in streams:
            assert b"StreamPosition" in await anext(stream)
        api.command.terminate()
        assert {(await socket.closed())[0] for socket in sockets} == {1012}
        rests = [b"".join([chunk async for chunk in stream]) for stream in streams]
        assert not any(b"complete" in rest for rest in rests)
        assert await api.command.wait() == 0
    assert not [line for line in api.command.lines if "graceful" in line or "without completing" in line]


@asynccontextmanager
async def _stream(url: str, token: str) -> AsyncIterator[AsyncIterator[bytes]]:
    """What comes to one who watches by server-sent events, past the first comment."""
    headers = {"Authorization": f"Bearer {token}", "Accept": "text/event-stream"}
    async with plain_http() as client, client.stream("POST", url, json={"query": WATCH}, headers=headers) as answer:
        chunks = answer.aiter_raw()
        assert await anext(chunks) == b":\n\n"
        yield chunks


@asynccontextmanager
async def _loading(url: str, key: str) -> AsyncIterator[_Load]:
    """Load within the block, and until nobody listens any more."""
    load = _Load(url, key)
    async with asyncio.TaskGroup() as group:
        group.create_task(load.run())
        await load.is_under_way.wait()
        load.before = len(load.answered)
        yield load


async def _check(load: _Load, settings: Settings) -> None:
    later = len(load.answered) - load.before
    _log.info("%s events answered, %s of them after SIGTERM; %s", len(load.answered), later, dict(load.ends))
    assert load.ends["Cut"] == 0
    assert later > 0
    # Of what was not answered nothing was taken either.
    assert await _stored(settings) == load.answered


async def _stored(settings: Settings) -> set[str]:
    database = await asyncpg.connect(settings.database_url)
    try:
        return {row["event_id"] for row in await database.fetch("SELECT event_id FROM event")}
    finally:
        await database.close()


def _error() -> dict:
    return {"service": "checkout", "errorType": "Hot", "message": "hot", "eventId": uuid4().hex}
