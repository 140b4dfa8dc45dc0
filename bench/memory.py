"""(m) what API and worker hold at rest, and after a million events; and what processes hold over time."""

import asyncio
import itertools
import sys
import time
from collections.abc import Callable, Mapping
from statistics import median

import psutil

from bench.load import run_load
from bench.log_errors import BATCH, count_stored, rest_requests
from bench.stage import App, Stage, app, worker

_EVENTS, _STEPS, _CONNECTIONS, _REST_S = 1_000_000, 10, 8, 5.0
_MEGABYTE = 2**20
# The last third of what was seen holds no more than so much of what the middle third did.
_FLAT, _POINTS = 1.1, 20


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


class Samples:
    """What processes hold, over time; each is asked for its megabytes, and says none while it does not run."""

    def __init__(self, held: Mapping[str, Callable[[], float | None]]) -> None:
        self._held = held
        self._seen: dict[str, list[float]] = {name: [] for name in held}

    async def sample_each(self, seconds: float) -> None:
        """Look each so many seconds until cancelled."""
        while True:
            for name, ask in self._held.items():
                try:
                    megabytes = ask()
                except psutil.NoSuchProcess:
                    megabytes = None
                seen = self._seen[name]
                # One that is dead for a moment holds its place in time with what it held last.
                seen.append(megabytes if megabytes is not None else seen[-1] if seen else 0.0)
            await asyncio.sleep(seconds)

    def told(self, name: str) -> str:
        """The medians of the thirds of one, and whether it was flat."""
        seen = self._seen[name]
        size = len(seen) // 3
        first, middle, last = (median(third) for third in (seen[:size], seen[size:-size], seen[-size:]))
        flat = "flat" if last <= _FLAT * middle else "NOT flat"
        return f"{name} held {first:.0f}, {middle:.0f} and {last:.0f} MB in the thirds of the time: {flat}"

    def plot(self, title: str) -> str:
        """A line for each, in Mermaid's words, in this order."""
        lines = ["```mermaid", "xychart-beta", f'  title "{title}"', f'  x-axis "time" 1 --> {_POINTS}']
        highest = max(max(seen) for seen in self._seen.values())
        lines.append(f'  y-axis "MB" 0 --> {10 * (int(highest) // 10 + 1)}')
        for seen in self._seen.values():
            parts = [
                seen[len(seen) * point // _POINTS : len(seen) * (point + 1) // _POINTS] for point in range(_POINTS)
            ]
            lines.append(f"  line [{', '.join(f'{median(part):.0f}' for part in parts if part)}]")
        return "\n".join([*lines, "```"])
