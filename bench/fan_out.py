"""(c) events to a thousand subscribers of one document, (o) to a thousand of twenty documents, (p) sockets at rest."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

import orjson
import uvloop

from bench.audience import audience
from bench.commits import commit_times, noting_commits
from bench.load import request, run_load
from bench.report import Figure
from bench.reports import report
from bench.sockets import Counting, leave, open_all
from bench.stage import App, Stage, app

_SUBSCRIBERS, _EVENTS, _ROUNDS = 1_000, 50, 5
_DOCUMENTS, _SLOW_EVENTS, _PAUSE_S = 20, 50, 0.2
_BOUND_S = 0.15
_RESTING, _REST_S = 10_000, 30.0
_SUBSCRIPTION = """subscription S%s { errorLogged { ... on ErrorLogged { cursor isNew
  event { id service severity message occurredAt } issue { shortId title eventCount } } } }"""
_LOG = "mutation($input: LogErrorInput!) { logError(input: $input) { ... on LoggedError { outcome } } }"
_NEXT = b'"shortId"'
_TEXT = b'{"id":"1","type":"next","payload":{"data":{"errorLogged":{"shortId":"%s"}}}}' % (b"x" * 440)


@dataclass(frozen=True)
class _Round:
    """What one round saw: of all messages, of each, and of each connection."""

    per_second: float
    cpu_us: float
    kilobytes: float


@dataclass(frozen=True)
class _Late:
    """Seconds until messages were there: from the commit, from before sending, and of the first event from its commit.

    `cpu`: seconds of the API's processor for all of them.
    """

    from_commit: list[float]
    from_sending: list[float]
    first: list[float]
    cpu: float


def one_document(stage: Stage) -> Figure:
    """The figure of (c); what it notes is of ours and, after a comma, of the limit."""
    pairs = []
    for _ in range(_ROUNDS):
        with app(stage, "bench.bare:create_app", "/") as bare:
            limit = uvloop.run(_round(bare, _bare_url(bare), [], _bare_log(bare)))
        with app(stage, "api.app:create_app", "/health/liveness", sockets_per_caller=20_000) as ours:
            pairs.append((uvloop.run(_round(ours, ours.url + "/graphql", _subscribe(stage), _log(stage, ours))), limit))
    cpu, kilobytes = (
        ", ".join(f"{median(each):.0f}" for each in zip(*column, strict=True))
        for column in (
            [(pair[0].cpu_us, pair[1].cpu_us) for pair in pairs],
            [(pair[0].kilobytes, pair[1].kilobytes) for pair in pairs],
        )
    )
    rate, limit_rate = (median(pair[place].per_second for pair in pairs) for place in (0, 1))
    note = f"{cpu} µs of processor time a message; {kilobytes} KB a connection"
    return Figure(f"(c) events to {_SUBSCRIBERS:,} subscribers of one document", rate, limit_rate, "messages/s", note)


def many_documents(stage: Stage) -> Figure:
    """The figure of (o): from the commit of an event until each has it; noted, too, from before it is sent."""
    with noting_commits(stage), app(stage, "api.app:create_app", "/health/liveness", sockets_per_caller=20_000) as ours:
        late = uvloop.run(_latencies(stage, ours))
    told, first = late.from_commit, sorted(late.first)
    whole = late.from_sending
    note = f"p99 {_p99(told)} ms, median {_median(told)} ms; storing included {_p99(whole)} and {_median(whole)} ms"
    note += f"; the first event {1000 * first[-1]:.0f} ms; {1e6 * late.cpu / len(told):.0f} µs of processor a message"
    name = f"(o) 5 events/s to {_SUBSCRIBERS:,} subscribers of {_DOCUMENTS} documents, within 150 ms of the commit"
    return Figure(name, sum(each < _BOUND_S for each in told) / len(told), 1, "of all", note)


def at_rest(stage: Stage) -> Figure:
    """The figure of (p)."""
    with app(stage, "api.app:create_app", "/health/liveness", sockets_per_caller=20_000) as ours:
        megabytes, share = uvloop.run(_rest(stage, ours))
    return Figure(
        f"(p) {_RESTING:,} sockets at rest", megabytes, 500, "MB", f"{100 * share:.1f} % of a core; small is good"
    )


async def _round(server: App, socket_url: str, first: list[object], whole: tuple[str, bytes]) -> _Round:
    before = server.process.memory_info().rss
    sockets = [Counting(_NEXT) for _ in range(_SUBSCRIBERS)]
    await open_all(sockets, socket_url, [first] * _SUBSCRIBERS)
    await asyncio.sleep(1)
    kilobytes = (server.process.memory_info().rss - before) / _SUBSCRIBERS / 1024
    cpu, began = server.cpu_seconds(), time.perf_counter()
    for _ in range(_EVENTS):
        await run_load(whole[0], iter([whole[1]]), connections=1, items=lambda _: 1)
    await asyncio.gather(*(socket.wait_for(_EVENTS) for socket in sockets))
    took, used = time.perf_counter() - began, server.cpu_seconds() - cpu
    leave(sockets)
    messages = _EVENTS * _SUBSCRIBERS
    return _Round(messages / took, used / messages * 1e6, kilobytes)


async def _latencies(stage: Stage, ours: App) -> _Late:
    firsts = [_subscribe(stage, number % _DOCUMENTS) for number in range(_SUBSCRIBERS)]
    async with audience(ours.url + "/graphql", firsts, _NEXT, _SLOW_EVENTS) as watching:
        await asyncio.sleep(1)
        cpu, sent = ours.cpu_seconds(), []
        for _ in range(_SLOW_EVENTS):
            url, whole = _log(stage, ours)
            sent.append(time.time())
            await run_load(url, iter([whole]), connections=1, items=lambda _: 1)
            await asyncio.sleep(max(0, sent[-1] + _PAUSE_S - time.time()))
        told = await watching.told()
        cpu = ours.cpu_seconds() - cpu
    commits = await commit_times(stage, _SLOW_EVENTS)
    from_commit, from_sending = (
        [at - since for times in told for at, since in zip(times, each, strict=True)] for each in (commits, sent)
    )
    return _Late(from_commit, from_sending, [times[0] - commits[0] for times in told], cpu)


async def _rest(stage: Stage, ours: App) -> tuple[float, float]:
    """How many megabytes the process has, and what share of a core it takes."""
    sockets = [Counting(_NEXT) for _ in range(_RESTING)]
    await open_all(sockets, ours.url + "/graphql", [_subscribe(stage)] * _RESTING)
    await asyncio.sleep(5)
    cpu = ours.cpu_seconds()
    await asyncio.sleep(_REST_S)
    share = (ours.cpu_seconds() - cpu) / _REST_S
    megabytes = ours.process.memory_info().rss / 2**20
    leave(sockets)
    return megabytes, share


def _subscribe(stage: Stage, document: int = 0) -> list[object]:
    token = {"Authorization": f"Bearer {stage.setup.token}"}
    subscribe = {"type": "subscribe", "id": "1", "payload": {"query": _SUBSCRIPTION % document}}
    return [{"type": "connection_init", "payload": token}, subscribe]


def _log(stage: Stage, ours: App) -> tuple[str, bytes]:
    body = orjson.dumps({"query": _LOG, "variables": {"input": report()}})
    key = {"Authorization": f"Bearer {stage.setup.ingest_key}"}
    return ours.url + "/graphql", request(ours.url + "/graphql", body, key)


def _bare_url(bare: App) -> str:
    return bare.url + "/ws"


def _bare_log(bare: App) -> tuple[str, bytes]:
    return bare.url + "/say", request(bare.url + "/say", _TEXT, {})


def _p99(seconds: Sequence[float]) -> str:
    return f"{1000 * sorted(seconds)[len(seconds) * 99 // 100]:.0f}"


def _median(seconds: Sequence[float]) -> str:
    return f"{1000 * median(seconds):.0f}"
