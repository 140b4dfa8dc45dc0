import asyncio
import json
import signal
import sys
from asyncio.subprocess import PIPE
from contextlib import asynccontextmanager

import pytest

from cli.problem import Problem
from cli.stream import Stream
from cli.tail import _as_line, _socket_url, watch
from core.settings import ROOT
from resolvers.setup import first_setup
from tests.support.db import make_settings
from tests.support.serving import Served, serving

PATIENCE_S = 20
LOG = """mutation($input: LogErrorInput!) { logError(input: $input) { ... on LoggedError { eventId } } }"""


async def log(served: Served, **fields: object) -> str:
    report = {"service": "checkout", "errorType": "ValueError", "message": "bad total", **fields}
    answer = await served.ask(LOG, credential=served.credentials.ingest_key, input=report)
    return answer["data"]["logError"]["eventId"]


@asynccontextmanager
async def tail(served: Served, *options: str):
    """The command itself, in a process of its own."""
    arguments = ["--url", served.url, "--token", served.credentials.token, *options]
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "cli", "tail", *arguments, cwd=ROOT, stdout=PIPE, stderr=PIPE, preexec_fn=_hear_ctrl_c
    )
    try:
        async with asyncio.timeout(PATIENCE_S):
            while not served.res.feed.watchers:
                await asyncio.sleep(0.02)
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


def _hear_ctrl_c() -> None:
    """A shell lets what it starts in the background ignore Ctrl-C, and these tests may run so."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


async def line(process) -> str:
    return (await asyncio.wait_for(process.stdout.readline(), PATIENCE_S)).decode()


async def test_events_come_on_lines_until_ctrl_c(served):
    async with tail(served) as process:
        await log(served, severity="CRITICAL", message="first\n\x1b[31mline")
        text = await line(process)
        assert [word for word in ("CRITICAL", "checkout", "CHECKOUT-") if word in text] == [
            "CRITICAL",
            "checkout",
            "CHECKOUT-",
        ]
        assert text.rstrip().endswith("NEW")
        assert "\x1b" not in text
        await log(served, severity="CRITICAL", message="first\n\x1b[31mline")
        assert "NEW" not in await line(process)
        process.send_signal(signal.SIGINT)
        out, err = await asyncio.wait_for(process.communicate(), PATIENCE_S)
        assert (process.returncode, out, err) == (0, b"", b"")


async def test_json_and_filters(served):
    async with tail(served, "--json", "--service", "search", "--min-severity", "high", "--new-only") as process:
        await log(served)
        await log(served, service="search", severity="LOW")
        event_id = await log(served, service="search", severity="HIGH", errorType="KeyError")
        item = json.loads(await line(process))
        assert (item["event"]["eventId"], item["isNew"]) == (event_id, True)
        assert item["cursor"]


async def test_a_token_that_is_not_accepted_ends_it_with_a_reason(served):
    arguments = ["--url", served.url, "--token", "nonsense"]
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "cli", "tail", *arguments, cwd=ROOT, stdout=PIPE, stderr=PIPE, preexec_fn=_hear_ctrl_c
    )
    _, err = await asyncio.wait_for(process.communicate(), PATIENCE_S)
    assert (process.returncode, err.decode().strip()) == (1, "The token is not accepted (any more).")


async def test_what_is_refused_is_said(served):
    stream = Stream(f"{served.ws_url}", served.credentials.token, {}, False, "garbage", print)
    with pytest.raises(Problem, match="`after` is not a cursor"):
        await watch(stream, _as_line, print)
    stream = Stream("ws://127.0.0.1:1/graphql", "x", {}, False, None, print)
    with pytest.raises(Problem, match="does not answer"):
        await watch(stream, _as_line, print)


async def test_over_a_restart_of_the_server_each_event_comes_once(database_url, redis_url):
    said: list[str] = []
    heard: asyncio.Queue[str] = asyncio.Queue()
    settings = make_settings(database_url, redis_url)
    async with serving(settings) as (url, app):
        credentials = await first_setup(app.state.resources)
        served = Served(url, app, credentials)
        stream = Stream(served.ws_url, credentials.token, {}, False, None, said.append)
        watching = asyncio.create_task(watch(stream, lambda item: item["event"]["eventId"], heard.put_nowait))
        async with asyncio.timeout(PATIENCE_S):
            while stream.after is None:
                await asyncio.sleep(0.01)
        expected = [await log(served)]
        assert await asyncio.wait_for(heard.get(), PATIENCE_S) == expected[0]
    async with serving(settings) as (url, app):
        served = Served(url, app, credentials)
        expected = [await log(served) for _ in range(3)]
        stream.url = served.ws_url
        assert [await asyncio.wait_for(heard.get(), PATIENCE_S) for _ in range(3)] == expected
        assert said[0].startswith("Connection lost")
        assert said[-1] == "Connected again."
        watching.cancel()
        await asyncio.wait([watching])
    assert heard.empty()


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("http://host:8470", "ws://host:8470/graphql"),
        ("https://host", "wss://host/graphql"),
        ("https://host/", "wss://host/graphql"),
        ("ws://host/graphql", "ws://host/graphql"),
        ("https://host/under/graphql", "wss://host/under/graphql"),
    ],
)
def test_addresses_are_understood(given, expected):
    assert _socket_url(given) == expected


@pytest.mark.parametrize("given", ["host:8470", "ftp://host", "http://"])
def test_other_addresses_are_refused(given):
    with pytest.raises(Problem):
        _socket_url(given)
