"""(g) ten times what it can take: what is accepted meanwhile, how long that takes, and what it leaves behind."""

import asyncio
import itertools
import time
from collections.abc import Sequence

from bench.load import Load, run_load, within
from bench.log_errors import BATCH, count_stored, rest_requests
from bench.report import Figure
from bench.stage import App, Stage, app

_BEST_CONNECTIONS, _TOO_MANY_CONNECTIONS, _TIMES = 8, 400, 10
_PAUSE_S = 0.1
_MEGABYTE = 2**20


def measure(stage: Stage, seconds: float = 60.0) -> Figure:
    """The figure; its limit is what the same process takes at its best."""
    with app(stage, "api.app:create_app", "/health/liveness") as ours:
        wholes = rest_requests(stage, ours.url)
        best = _load(ours, wholes, _BEST_CONNECTIONS, 10.0, 0)
        # Who is refused waits so long that all together ask for ten times the best.
        pause_s = _TOO_MANY_CONNECTIONS * BATCH / (_TIMES * best.per_second)
        _load(ours, wholes, _TOO_MANY_CONNECTIONS, 10.0, pause_s)
        before = ours.process.memory_info().rss
        flood = _load(ours, wholes, _TOO_MANY_CONNECTIONS, seconds, pause_s)
        grown = (ours.process.memory_info().rss - before) / _MEGABYTE
        recovered_s = _until_answered(ours, wholes[0])
    offered = (flood.refused + flood.answers) / flood.answers
    note = (
        f"after 10 s of the same, for {seconds:.0f} s {offered:.0f} times what it took was offered, the rest 429; "
        f"p99 of what it took {flood.percentile(0.99):.0f} ms; "
        f"memory {grown:+.0f} MB; well again after {recovered_s:.1f} s"
    )
    return Figure("(g) REST by 100 under a flood", flood.per_second, best.per_second, "events/s", note)


def _load(ours: App, wholes: Sequence[bytes], connections: int, seconds: float, pause_s: float) -> Load:
    asked = within(seconds, wholes)
    load = run_load(ours.url, asked, connections=connections, items=count_stored, pause_s=pause_s)
    return asyncio.run(load)


def _until_answered(ours: App, whole: bytes) -> float:
    began = time.perf_counter()
    for _ in itertools.count():
        load = asyncio.run(run_load(ours.url, iter([whole]), connections=1, items=len, pause_s=_PAUSE_S))
        if load.answers and load.percentile(1) < 1000:
            break
    return time.perf_counter() - began
