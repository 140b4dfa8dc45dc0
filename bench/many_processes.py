"""(h) two API processes: what an event costs of their processor time together, of what it costs one alone."""

import asyncio
from collections.abc import Sequence
from statistics import median

from bench.load import run_load, within
from bench.log_errors import count_stored, rest_requests
from bench.report import Figure
from bench.stage import App, Stage, app

_CONNECTIONS, _SECONDS, _ROUNDS = 8, 4.0, 5


def measure(stage: Stage) -> Figure:
    """The figure: microseconds of an event, so that the ratio is to be small."""
    ours = ("api.app:create_app", "/health/liveness")
    with app(stage, *ours) as one, app(stage, *ours) as other:
        pairs = [(_cost(stage, [one]), _cost(stage, [one, other])) for _ in range(_ROUNDS)]
    alone, together = median(pair[0] for pair in pairs), median(pair[1] for pair in pairs)
    note = "processor time of the API; the ratio is to be at most 1.25"
    return Figure("(h) two processes, REST by 100", together, alone, "µs/event", note)


def _cost(stage: Stage, apps: Sequence[App]) -> float:
    """Microseconds of processor time that an event takes, of these processes together."""
    before = sum(app.cpu_seconds() for app in apps)
    stored = asyncio.run(_stored(stage, apps))
    return (sum(app.cpu_seconds() for app in apps) - before) / stored * 1_000_000


async def _stored(stage: Stage, apps: Sequence[App]) -> int:
    each = _CONNECTIONS // len(apps)
    loads = [
        run_load(app.url, within(_SECONDS, rest_requests(stage, app.url)), connections=each, items=count_stored)
        for app in apps
    ]
    return sum(load.items for load in await asyncio.gather(*loads))
