"""How PostgreSQL goes about what a dashboard asks, and about looking for surges: the plans of the heaviest statements.

`python -m bench plans --kept DIRECTORY`, with a history that `reads` has made there. The logging is by auto_explain,
while each kind of question is asked some times.
"""

import asyncio
import re
from dataclasses import dataclass, field
from random import Random
from statistics import mean, median

import asyncpg
from httpx import AsyncClient

from bench.history import History, make_history
from bench.reads import ask, reads_of
from bench.stage import Stage, app
from domain.stats import MINUTE, floor
from resolvers.resources import open_resources
from resolvers.surge.measure import MOST_SERVICES, judge_services

_TIMES, _HEAVIEST = 12, 10
_LONGEST_QUERY = 600
_SETTINGS = {
    "session_preload_libraries": "auto_explain",
    "auto_explain.log_min_duration": "0",
    "auto_explain.log_analyze": "on",
    "auto_explain.log_timing": "off",
    "auto_explain.log_buffers": "off",
}
_SERVICES = "SELECT DISTINCT project_id, service FROM issue ORDER BY 1, 2 LIMIT $1"
_ENTRY = re.compile(r"duration: ([\d.]+) ms  plan:\n((?:\t.*\n)+)")
_PARTITION = re.compile(r" on ((?:event|feed)_\d+)")
# Filters, orders and words make many statements of one: what is the same up to the first condition is one.
_CONDITIONS = re.compile(r" WHERE .*", re.DOTALL)
_COLUMNS = re.compile(r"(SELECT \w+\.\w+,) .{80,}? FROM ")
_NUMBERS = re.compile(r"(?<=\$|_)\d+")
_NOISE = re.compile(r"\(cost=[^)]*\) ?|^\s*(?:Planning|JIT).*\n", re.MULTILINE)


@dataclass
class _Statement:
    """One statement: how long it took each time, and what it was in the longest, with its plan."""

    took_ms: list[float] = field(default_factory=list)
    query: str = ""
    plan: str = ""

    def add(self, took_ms: float, query: str, plan: str) -> None:
        if took_ms >= max(self.took_ms, default=0.0):
            self.query, self.plan = query, plan
        self.took_ms.append(took_ms)

    def show(self) -> str:
        partitions = len(set(_PARTITION.findall(self.plan)))
        times = f"median {median(self.took_ms):.1f} ms, longest {max(self.took_ms):.1f} ms of {len(self.took_ms)}"
        query = _COLUMNS.sub(r"\1 … FROM ", self.query)
        shown = query if len(query) <= _LONGEST_QUERY else query[:_LONGEST_QUERY] + " …"
        return f"{times}; {partitions} partitions\n\n```\n{shown}\n\n{self.plan}\n```"


def measure(stage: Stage, events: int) -> str:
    """The plans, heaviest first."""
    before = stage.postgres.log.stat().st_size
    asyncio.run(_explained(stage, events))
    log = stage.postgres.log.read_bytes()[before:].decode()
    statements = sorted(_statements(log), key=lambda each: -mean(each.took_ms))
    return "\n\n".join(f"### {place + 1}\n\n{each.show()}" for place, each in enumerate(statements[:_HEAVIEST]))


async def _explained(stage: Stage, events: int) -> None:
    history = await make_history(stage, events)
    admin = await asyncpg.connect(stage.postgres.admin_url)
    for name, value in _SETTINGS.items():
        await admin.execute(f"ALTER ROLE tocsin SET {name} = '{value}'")
    try:
        with app(stage, "api.app:create_app", "/health/liveness") as ours:
            headers = {"Authorization": f"Bearer {stage.setup.token}"}
            async with AsyncClient(base_url=ours.url, headers=headers, timeout=60) as client:
                for read in await reads_of(client, history):
                    random = Random(read.name)
                    for _ in range(_TIMES):
                        await ask(client, *read.ask(random))
        await _look_for_surges(stage, history)
    finally:
        for name in _SETTINGS:
            await admin.execute(f"ALTER ROLE tocsin RESET {name}")
        await admin.close()


async def _look_for_surges(stage: Stage, history: History) -> None:
    """Judge as many services as one look judges at most, as if the history had just come."""
    async with open_resources(stage.settings) as res:
        pairs = await res.db.raw.fetch(_SERVICES, MOST_SERVICES)
        for _ in range(_TIMES):
            async with res.db.reading() as session:
                await judge_services(session, floor(history.until, MINUTE), besides=[tuple(pair) for pair in pairs])


def _statements(log: str) -> list[_Statement]:
    found: dict[str, _Statement] = {}
    for took_ms, body in _ENTRY.findall(log):
        query, plan = _apart(body.replace("\n\t", "\n").lstrip("\t").removeprefix("Query Text: "))
        shape = _NUMBERS.sub("", _CONDITIONS.sub("", query))
        found.setdefault(shape, _Statement()).add(float(took_ms), query, plan)
    return list(found.values())


def _apart(text: str) -> tuple[str, str]:
    """The query and its plan, whose first line is the first with an estimate."""
    lines = text.splitlines()
    first = next(place for place, line in enumerate(lines) if "(cost=" in line)
    query = " ".join(" ".join(line for line in lines[:first] if not line.startswith("Query Parameters")).split())
    return query, _NOISE.sub("", "\n".join(lines[first:])).rstrip()
