"""(a) one error after the other over 64 connections, (b) errors by 100, and (e) the same by REST."""

import asyncio
from collections.abc import Callable, Sequence
from functools import partial

import orjson

from bench.load import request, run_load, within
from bench.report import Figure, in_turns
from bench.reports import batches, report
from bench.stage import App, Stage, app

_ONE = """mutation($input: LogErrorInput!) { logError(input: $input) {
  ... on LoggedError { outcome eventId issueShortId } ... on Failure { code message } } }"""
_MANY = """mutation($inputs: [LogErrorInput!]!) { logErrors(inputs: $inputs) {
  stored results { outcome eventId issueShortId } } }"""
_CONNECTIONS = 64
_BATCH_CONNECTIONS = 8
BATCH = 100
_BATCHES = 20
_SECONDS = 4.0


def measure(stage: Stage) -> list[Figure]:
    """The three figures."""
    with app(stage, "api.app:create_app", "/health/liveness") as ours, app(stage, "bench.bare:create_app", "/") as bare:
        return [
            _one_by_one(stage, ours, bare),
            _by_hundred(stage, ours, bare),
            _by_rest(stage, ours, bare),
        ]


def rest_requests(stage: Stage, url: str) -> list[bytes]:
    """Different batches for REST."""
    return [
        request(url + "/api/errors/batch", orjson.dumps(batch), key_of(stage)) for batch in batches(_BATCHES, BATCH)
    ]


def key_of(stage: Stage) -> dict[str, str]:
    """The header that says who reports."""
    return {"Authorization": f"Bearer {stage.setup.ingest_key}"}


def count_stored(body: bytes) -> int:
    """How many an answer says are on disk."""
    return body.count(b'"STORED"')


def _one_by_one(stage: Stage, ours: App, bare: App) -> Figure:
    reports = list(map(report, range(_BATCHES * BATCH)))
    bodies = [orjson.dumps({"query": _ONE, "variables": {"input": one}}) for one in reports]
    graphql = [request(ours.url + "/graphql", body, key_of(stage)) for body in bodies]
    plain = [request(bare.url + "/log", orjson.dumps(one), {}) for one in reports]
    rate, limit = in_turns(
        partial(_rate, ours.url, graphql, count_stored, _CONNECTIONS),
        partial(_rate, bare.url, plain, lambda body: body.count(b'"id"'), _CONNECTIONS),
    )
    return Figure("(a) `logError`, 64 connections", rate, limit, "events/s")


def _by_hundred(stage: Stage, ours: App, bare: App) -> Figure:
    bodies = [orjson.dumps({"query": _MANY, "variables": {"inputs": batch}}) for batch in batches(_BATCHES, BATCH)]
    graphql = [request(ours.url + "/graphql", body, key_of(stage)) for body in bodies]
    rate, limit = in_turns(partial(_rate, ours.url, graphql, count_stored, _BATCH_CONNECTIONS), partial(_bare, bare))
    return Figure("(b) `logErrors` by 100, 8 connections", rate, limit, "events/s")


def _by_rest(stage: Stage, ours: App, bare: App) -> Figure:
    rest = rest_requests(stage, ours.url)
    rate, limit = in_turns(partial(_rate, ours.url, rest, count_stored, _BATCH_CONNECTIONS), partial(_bare, bare))
    return Figure("(e) REST by 100, 8 connections", rate, limit, "events/s")


def _bare(bare: App) -> float:
    plain = [request(bare.url + "/batch", orjson.dumps(batch), {}) for batch in batches(_BATCHES, BATCH)]
    return _rate(bare.url, plain, lambda body: body.count(b",") + 1, _BATCH_CONNECTIONS)


def _rate(url: str, wholes: Sequence[bytes], items: Callable[[bytes], int], connections: int) -> float:
    return asyncio.run(run_load(url, within(_SECONDS, wholes), connections=connections, items=items)).per_second
