"""(f) envelopes of Sentry's SDK over 64 connections, until the last is on disk and can be queried."""

import asyncio
from dataclasses import dataclass
from statistics import median

import psutil

from bench.load import Load, request, run_load
from bench.report import Figure
from bench.sdk_events import envelopes
from bench.stage import App, Stage, app, cpu_seconds

_CONNECTIONS, _EVENTS, _ROUNDS = 64, 2_000, 5
_TYPE = "application/x-sentry-envelope"


@dataclass(frozen=True)
class _Run:
    """One run: what the load saw, and how much processor time of all processes an event took, in milliseconds."""

    load: Load
    cpu_ms: float


def measure(stage: Stage) -> Figure:
    """The figure."""
    with app(stage, "api.app:create_app", "/health/liveness") as ours, app(stage, "bench.bare:create_app", "/") as bare:
        address = f"{ours.url}/api/{stage.setup.project_number}/envelope/"
        key = {"X-Sentry-Auth": f"Sentry sentry_key={stage.setup.ingest_key}", "Content-Encoding": "gzip"}
        runs = [
            (_run(stage, bare, f"{bare.url}/envelope", {}), _run(stage, ours, address, key)) for _ in range(_ROUNDS)
        ]
    rate, limit = median(run.load.per_second for _, run in runs), median(run.load.per_second for run, _ in runs)
    cpu_ms = median(run.cpu_ms for _, run in runs)
    slow_ms = median(run.load.percentile(0.99) for _, run in runs)
    note = f"{cpu_ms:.2f} ms of processor time each, PostgreSQL included; p99 {slow_ms:.0f} ms"
    return Figure("(f) Sentry envelopes of 12 to 15 KB, 64 connections", rate, limit, "events/s", note)


def _run(stage: Stage, app: App, address: str, headers: dict[str, str]) -> _Run:
    wholes = [request(address, body, headers, _TYPE) for body in envelopes(_EVENTS)]
    postgres = psutil.Process(stage.postgres.pid)
    before = app.cpu_seconds() + cpu_seconds(postgres)
    load = asyncio.run(
        run_load(app.url, iter(wholes), connections=_CONNECTIONS, items=lambda body: body.startswith(b'{"id"'))
    )
    return _Run(load, (app.cpu_seconds() + cpu_seconds(postgres) - before) / load.items * 1000)
