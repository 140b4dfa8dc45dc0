"""(a) one error after the other over 64 connections, (b) errors by 100, and (e) the same by REST."""

import asyncio
from functools import partial

import orjson

from bench.load import request, run_load, within
from bench.report import Figure, in_turns
from bench.stage import App, Stage, app

_ONE = """mutation($input: LogErrorInput!) { logError(input: $input) {
  ... on LoggedError { outcome eventId issueShortId } ... on Failure { code message } } }"""
_MANY = """mutation($inputs: [LogErrorInput!]!) { logErrors(inputs: $inputs) {
  stored results { outcome eventId issueShortId } } }"""
_CONNECTIONS = 64
_BATCH_CONNECTIONS = 8
_BATCH = 100
_SECONDS = 4.0


def report() -> dict[str, object]:
    """A report of about a kilobyte."""
    frames = [
        {"function": f"step_{place}", "module": f"shop.checkout.part{place}", "line": place, "inApp": True}
        for place in range(6)
    ]
    return {
        "service": "checkout",
        "errorType": "ValueError",
        "message": "the total of an order must not be negative, and this one was",
        "severity": "MEDIUM",
        "exceptions": [{"type": "ValueError", "message": "negative", "frames": frames}],
        "tags": [{"key": "region", "value": "eu-1"}, {"key": "tier", "value": "gold"}],
        "request": {"method": "POST", "url": "https://shop.example/cart/pay", "headers": {"accept": "*/*"}},
        "user": {"id": "4711"},
    }


def measure(stage: Stage) -> list[Figure]:
    """The three figures."""
    with app(stage, "api.app:create_app", "/health/liveness") as ours, app(stage, "bench.bare:create_app", "/") as bare:
        return [
            _one_by_one(stage, ours, bare),
            _by_hundred(stage, ours, bare),
            _by_rest(stage, ours, bare),
        ]


def _one_by_one(stage: Stage, ours: App, bare: App) -> Figure:
    body = orjson.dumps({"query": _ONE, "variables": {"input": report()}})
    graphql = request(ours.url + "/graphql", body, _headers(stage))
    plain = request(bare.url + "/log", orjson.dumps(report()), {})
    rate, limit = in_turns(
        partial(_rate, ours.url, graphql, b'"STORED"', _CONNECTIONS),
        partial(_rate, bare.url, plain, b'"id"', _CONNECTIONS),
    )
    return Figure("(a) `logError`, 64 connections", rate, limit, "events/s")


def _by_hundred(stage: Stage, ours: App, bare: App) -> Figure:
    reports = [report() for _ in range(_BATCH)]
    body = orjson.dumps({"query": _MANY, "variables": {"inputs": reports}})
    graphql = request(ours.url + "/graphql", body, _headers(stage))
    plain = request(bare.url + "/batch", orjson.dumps(reports), {})
    rate, limit = in_turns(
        partial(_rate, ours.url, graphql, b'"STORED"', _BATCH_CONNECTIONS),
        partial(_rate, bare.url, plain, b",", _BATCH_CONNECTIONS),
    )
    return Figure("(b) `logErrors` by 100, 8 connections", rate, limit, "events/s")


def _by_rest(stage: Stage, ours: App, bare: App) -> Figure:
    body = orjson.dumps([report() for _ in range(_BATCH)])
    rest = request(ours.url + "/api/errors/batch", body, _headers(stage))
    plain = request(bare.url + "/batch", body, {})
    rate, limit = in_turns(
        partial(_rate, ours.url, rest, b'"STORED"', _BATCH_CONNECTIONS),
        partial(_rate, bare.url, plain, b",", _BATCH_CONNECTIONS),
    )
    return Figure("(e) REST by 100, 8 connections", rate, limit, "events/s")


def _rate(url: str, whole: bytes, mark: bytes, connections: int) -> float:
    wholes = within(_SECONDS, whole)
    load = run_load(url, wholes, connections=connections, items=lambda body: body.count(mark))
    return asyncio.run(load).per_second


def _headers(stage: Stage) -> dict[str, str]:
    return {"Authorization": f"Bearer {stage.setup.ingest_key}"}
