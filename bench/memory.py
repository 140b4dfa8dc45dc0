"""(m) what API and worker hold at rest, and after a million events."""

import asyncio
import itertools
import sys
import time

import psutil

from bench.load import run_load
from bench.log_errors import BATCH, count_stored, rest_requests
from bench.stage import App, Stage, app, worker

_EVENTS, _STEPS, _CONNECTIONS, _REST_S = 1_000_000, 10, 8, 5.0
_MEGABYTE = 2**20


def measure(stage: Stage) -> str:
    """A line for each hundred thousand events."""
    lines = ["| events | API | worker | together |", "|--:|--:|--:|--:|"]
    with app(stage, "api.app:create_app", "/health/liveness") as ours, worker(stage) as working:
        lines.append(_line(0, ours, working))
        for step in range(1, _STEPS + 1):
            _log(stage, ours, _EVENTS // _STEPS)
            lines.append(_line(_EVENTS // _STEPS * step, ours, working))
            sys.stderr.write(lines[-1] + "\n")
    return "\n".join(lines)


def _log(stage: Stage, ours: App, count: int) -> None:
    wholes = itertools.islice(itertools.cycle(rest_requests(stage, ours.url)), count // BATCH)
    load = run_load(ours.url, wholes, connections=_CONNECTIONS, items=count_stored)
    assert asyncio.run(load).items == count


def _line(events: int, ours: App, working: psutil.Process) -> str:
    time.sleep(_REST_S)
    held = [process.memory_info().rss / _MEGABYTE for process in (ours.process, working)]
    return f"| {events:,} | {held[0]:.0f} MB | {held[1]:.0f} MB | {sum(held):.0f} MB |"
