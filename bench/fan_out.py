"""(c) events to 200 subscribers of one document, until the last has the last."""

import asyncio
import time

import orjson

from bench.load import request, run_load
from bench.report import Figure, in_turns
from bench.reports import report
from bench.sockets import Counting
from bench.stage import App, Stage, app

_SUBSCRIBERS = 200
_EVENTS = 50
_SUBSCRIPTION = """subscription { errorLogged { ... on ErrorLogged { cursor isNew
  event { id service severity message occurredAt } issue { shortId title eventCount } } } }"""
_LOG = "mutation($input: LogErrorInput!) { logError(input: $input) { ... on LoggedError { outcome } } }"
_NEXT = b'"shortId"'


def measure(stage: Stage) -> Figure:
    """The figure."""
    with app(stage, "api.app:create_app", "/health/liveness") as ours, app(stage, "bench.bare:create_app", "/") as bare:
        rate, limit = in_turns(lambda: asyncio.run(_ours(stage, ours)), lambda: asyncio.run(_bare(bare)))
    return Figure(f"(c) events to {_SUBSCRIBERS} subscribers", rate, limit, "messages/s")


async def _ours(stage: Stage, ours: App) -> float:
    token = {"Authorization": f"Bearer {stage.setup.token}"}
    subscribe = {"type": "subscribe", "id": "1", "payload": {"query": _SUBSCRIPTION}}
    first = [{"type": "connection_init", "payload": token}, subscribe]
    # Queries may cost a read of the counters; that is part of what subscribers get.
    body = orjson.dumps({"query": _LOG, "variables": {"input": report()}})
    key = {"Authorization": f"Bearer {stage.setup.ingest_key}"}
    return await _rate(ours.url + "/graphql", first, ours.url + "/graphql", request(ours.url + "/graphql", body, key))


async def _bare(bare: App) -> float:
    text = orjson.dumps({"type": "next", "id": "1", "payload": {"data": {"shortId": "x" * 300}}})
    return await _rate(bare.url + "/ws", [], bare.url + "/say", request(bare.url + "/say", text, {}))


async def _rate(socket_url: str, first: list[object], url: str, whole: bytes) -> float:
    sockets = [Counting(_NEXT) for _ in range(_SUBSCRIBERS)]
    for socket in sockets:
        await socket.open(socket_url, first)
    await asyncio.sleep(1)
    left = iter(range(_EVENTS))
    began = time.perf_counter()
    for _ in left:
        await run_load(url, iter([whole]), connections=1, items=lambda _: 1)
    await asyncio.gather(*(socket.wait_for(_EVENTS) for socket in sockets))
    took = time.perf_counter() - began
    for socket in sockets:
        await socket.close()
    return _EVENTS * _SUBSCRIBERS / took
