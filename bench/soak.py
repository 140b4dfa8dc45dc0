"""A soak: events, triage, those who watch and come and go, and kills, for as long as told; then the account of it."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from random import Random, SystemRandom
from typing import Any, Protocol
from uuid import uuid4

import asyncpg
import httpx

from bench.ledger import Account, Due, account_of, account_of_events, count_missing, count_rows, end_of, find_rows
from bench.listeners import Kill, Listener, Watch
from bench.memory import Samples
from bench.reports import report
from bench.stage import Part, Stage, app_part, running, stage, worker_part
from domain.feed import Position
from tests.support.plain_http import plain_http
from tests.support.reporters import Reporters

_MOST_SEEDS = 10**6
_REPORTERS, _PAUSE_S = 5, 0.12
_HIGH_EVERY, _NEW_EVERY = 10, 200
_TRIAGE_S = (0.5, 2.5)
_KILLS, _KILL_PAUSE_S, _AWAY_S = 16, 75.0, (0.0, 5.0)
_SAMPLE_S, _DRAIN_S, _LOOK_S, _QUIET_S = 10.0, 180.0, 2.0, 6.0
_SETTINGS = {"stream_position_s": 5}
_ERRORS = """subscription($filter: EventFilter, $new: Boolean! = false, $after: Cursor) {
  errorLogged(filter: $filter, onlyNewIssues: $new, after: $after) { __typename
    ... on ErrorLogged { cursor isNew event { eventId service severity message } issue { shortId status eventCount } }
    ... on StreamPosition { cursor } ... on StreamReset { cursor reason } } }"""
_CHANGES = """subscription($filter: IssueFilter, $after: Cursor) {
  issueChanged(filter: $filter, after: $after) { __typename
    ... on IssueChanged { cursor activity { id kind note } issue { shortId status version } }
    ... on StreamPosition { cursor } ... on StreamReset { cursor reason } } }"""
_ISSUES = "{ issues(first: 50) { nodes { id } } }"
_TRIAGE = (
    """mutation($id: ID!) { commentOnIssue(input: { issueId: $id, body: "still there" }) { __typename } }""",
    """mutation($id: ID!) { resolveIssue(input: { issueId: $id }) { __typename } }""",
)


def _events(name: str, lets_through: Callable[[Any], bool], **variables: object) -> Watch:
    return Watch(
        name, _ERRORS, variables, lambda row: row["kind"] == "EVENT_LOGGED" and lets_through(row), is_of_events=True
    )


def _changes(name: str, lets_through: Callable[[Any], bool], **variables: object) -> Watch:
    return Watch(
        name, _CHANGES, variables, lambda row: row["kind"] == "ISSUE_CHANGED" and lets_through(row), is_of_events=False
    )


def _any(_: Any) -> bool:
    return True


_HIGH = ("HIGH", "CRITICAL")
# How many watch what.
_WATCHES: Sequence[tuple[int, Watch]] = (
    (14, _events("all errors", _any)),
    (6, _events("errors that are HIGH", lambda row: row["severity"] in _HIGH, filter={"minSeverity": "HIGH"})),
    (6, _events("errors of checkout", lambda row: row["service"] == "checkout", filter={"service": ["checkout"]})),
    (4, _events("errors of new issues", lambda row: row["is_new"], new=True)),
    (6, _changes("all changes", _any)),
    (4, _changes("changes of search", lambda row: row["service"] == "search", filter={"service": ["search"]})),
)


class Killable(Protocol):
    """What can be killed and started again: one of ours, PostgreSQL, Valkey."""

    def kill(self) -> None:
        """Leave it dead at once."""
        ...

    def start(self) -> None:
        """Leave it running."""
        ...


class Steady(Reporters):
    """Reporters of what a hundred bugs of three services say, some of it HIGH, some of it new; they outwait all."""

    def error(self, number: int) -> dict[str, Any]:
        """The error of that number, with an id of its own."""
        more = {"fingerprint": [f"new-{number}"]} if number % _NEW_EVERY == 0 else {}
        severity = "HIGH" if number % _HIGH_EVERY == 0 else "MEDIUM"
        return {**report(number), "severity": severity, "eventId": uuid4().hex, **more}

    async def attempt(
        self, client: httpx.AsyncClient, url: str, errors: Sequence[dict[str, Any]]
    ) -> list[dict[str, Any]] | None:
        """The results, or none where it is to be tried again, which here is so of a time-out and of all else too."""
        try:
            return await super().attempt(client, url, errors)
        except (httpx.TimeoutException, AssertionError, ValueError) as odd:
            self.again[f"{type(odd).__name__} {odd}"[:300]] += 1
            return None


@dataclass
class Soak:
    """One soak: who takes part, and what was seen."""

    stage: Stage
    hands: ThreadPoolExecutor
    urls: Sequence[str]
    parts: Mapping[str, Part]
    minutes: float
    random: Random
    kills: list[Kill] = field(default_factory=list)
    triaged: Counter[str] = field(default_factory=Counter)
    is_drained: bool = False

    def __post_init__(self) -> None:
        setup = self.stage.setup
        graphql = [f"{url}/graphql" for url in self.urls]
        self.reporters = Steady(graphql, setup.ingest_key, _REPORTERS, pause_s=_PAUSE_S)
        sockets = [url.replace("http", "ws", 1) for url in graphql]
        self.listeners = [
            Listener(watch, sockets, setup.token, self.kills, Random(self.random.random()))
            for count, watch in _WATCHES
            for _ in range(count)
        ]
        self.memory = Samples({name: partial(_held, part) for name, part in self.parts.items()})

    async def run(self) -> Account:
        """Let it all happen for so long, then wait until all have heard all; hand back the account."""
        async with _meanwhile(*(each.watch_on() for each in self.listeners), self.memory.sample_each(_SAMPLE_S)):
            async with self.reporters.at_work(), _meanwhile(self._triage()):
                await self._kill_some()
            for each in self.listeners:
                each.is_restless = False
            settled = await self._drain()
            await asyncio.sleep(_QUIET_S)
        database = await asyncpg.connect(self.stage.postgres.url)
        try:
            rows = await find_rows(database, self.listeners)
            account = await account_of_events(database, self.reporters.outcomes.keys())
        finally:
            await database.close()
        return sum((account_of(each, rows, settled) for each in self.listeners), account)

    async def _kill_some(self) -> None:
        """Kill one part after the other, each before any comes again, until the time is over.

        After the first third one API and the worker are left alone: what they hold from then on is of one process.
        """
        began, seconds = time.monotonic(), 60 * self.minutes
        pause_s = min(_KILL_PAUSE_S, seconds / _KILLS)
        order: list[str] = []
        while (left := began + seconds - time.monotonic()) > 0:
            await asyncio.sleep(min(left, pause_s * self.random.uniform(0.7, 1.3)))
            passed = (time.monotonic() - began) / seconds
            if passed < 0.95:
                order = order or self.random.sample(names := self._mortal(passed), len(names))
                await self._kill(order.pop(), passed)

    def _mortal(self, passed: float) -> list[str]:
        return ["API 2", "Valkey", "PostgreSQL"] + (["API 1", "worker"] if passed < 1 / 3 else [])

    async def _kill(self, name: str, passed: float) -> None:
        if name not in self._mortal(passed):
            return
        others: dict[str, Killable] = {"Valkey": self.stage.valkey, "PostgreSQL": self.stage.postgres}
        part: Killable = self.parts[name] if name in self.parts else others[name]
        loop = asyncio.get_running_loop()
        kill = Kill(name, loop.time())
        await loop.run_in_executor(self.hands, part.kill)
        self.kills.append(kill)
        await asyncio.sleep(self.random.uniform(*_AWAY_S))
        await loop.run_in_executor(self.hands, part.start)
        kill.away_s = loop.time() - kill.at

    async def _triage(self) -> None:
        """Comment on issues and resolve some, which come back with their next event; what is not taken is let be."""
        headers = {"Authorization": f"Bearer {self.stage.setup.token}"}
        async with plain_http(headers=headers) as client:
            while True:
                await asyncio.sleep(self.random.uniform(*_TRIAGE_S))
                try:
                    url = f"{self.random.choice(self.urls)}/graphql"
                    issues = await self._answered(client, url, {"query": _ISSUES})
                    if not issues:
                        continue
                    id = self.random.choice(issues["issues"]["nodes"])["id"]
                    asked = {"query": self.random.choice(_TRIAGE), "variables": {"id": id}}
                    for name, taken in (await self._answered(client, url, asked)).items():
                        self.triaged[f"{name} {taken['__typename']}"] += 1
                except (httpx.HTTPError, ValueError, LookupError) as trouble:
                    self.triaged[type(trouble).__name__] += 1

    async def _answered(self, client: httpx.AsyncClient, url: str, asked: Mapping[str, object]) -> dict[str, Any]:
        """The data of an answer; of one with errors none, and their codes are counted."""
        answer = (await client.post(url, json=asked)).json()
        for error in answer.get("errors", ()):
            self.triaged[error["extensions"]["code"]] += 1
        return {} if "errors" in answer else answer["data"]

    async def _drain(self) -> Position:
        """Wait until what was acknowledged is stored and all have heard all of it; hand back where the feed then ended.

        After a long while it ends too, and `is_drained` tells which it was.
        """
        until = time.monotonic() + _DRAIN_S
        database = await asyncpg.connect(self.stage.postgres.url)
        try:
            due, counted, missing = Due([]), 0, 1
            while True:
                missing = missing and await count_missing(database, self.reporters.outcomes.keys())
                if counted != (counted := await count_rows(database)):
                    due = Due(await find_rows(database, self.listeners))
                self.is_drained = not missing and all(map(due.is_told_to, self.listeners))
                if self.is_drained or time.monotonic() > until:
                    return end_of(due.rows)
                await asyncio.sleep(_LOOK_S)
        finally:
            await database.close()

    def told(self, account: Account) -> str:
        """What was seen, for a reader."""
        outcomes, again = Counter(self.reporters.outcomes.values()), self.reporters.again
        comes = sum((each.comes for each in self.listeners), Counter[str]())
        resets = Counter(reason for each in self.listeners for reason in each.resets)
        killed = Counter(kill.part for kill in self.kills)
        silences: dict[str, float] = {}
        for each in self.listeners[: _WATCHES[0][0]]:
            for part, silence_s in each.silences.items():
                silences[part] = max(silence_s, silences.get(part, 0.0))
        reported = (
            f"{self.minutes:g} minutes, {len(self.reporters.outcomes):,} events {dict(outcomes)}, "
            f"tried again {dict(again)}, the slowest answered after {self.reporters.slowest_s:.1f} s; "
            f"triage {dict(self.triaged)}"
        )
        watched = (
            f"{len(self.listeners)} who watched were told {sum(len(each.heard) for each in self.listeners):,} times; "
            f"dawdled {sum(each.dawdled for each in self.listeners):,} times, came back {comes.total():,} times "
            f"{dict(comes)}; resets {dict(resets)}"
        )
        ended = (
            f"{len(self.kills)} kills {dict(killed)}, away for up to "
            f"{max((kill.away_s for kill in self.kills), default=0):.1f} s; the longest silence after one: "
            f"{', '.join(f'{part} {silence_s:.1f} s' for part, silence_s in sorted(silences.items()))}"
        )
        held = [self.memory.told(name) for name in self.parts]
        late = [] if self.is_drained else [f"After {_DRAIN_S:g} s not all was stored and told: the drain timed out."]
        lines = [
            reported,
            watched,
            ended,
            *held,
            *late,
            f"lost {account.lost}, doubled {account.doubled}",
            *account.notes,
        ]
        return "\n".join([*lines, self.memory.plot("Memory of each process, MB")])


def measure(minutes: float, kept: Path | None = None) -> tuple[str, bool]:
    """What was seen, and whether all was told in time, and nothing was lost or doubled."""
    seed = SystemRandom().randrange(_MOST_SEEDS)
    # What starts PostgreSQL and Valkey again must live as long as they do: they end with the thread that started them.
    with ThreadPoolExecutor(1) as hands, stage(kept) as here:
        log = (kept or here.settings.data_dir) / "parts.log"
        one, other = (app_part(here, "api.app:create_app", "/health/liveness", log=log, **_SETTINGS) for _ in range(2))
        parts = {"API 1": one[1], "API 2": other[1], "worker": worker_part(here, log=log, **_SETTINGS)}
        with running(*parts.values()):
            soak = Soak(here, hands, (one[0], other[0]), parts, minutes, Random(seed))
            account = asyncio.run(soak.run())
            return soak.told(account), soak.is_drained and not (account.lost or account.doubled)


def _held(part: Part) -> float | None:
    """Megabytes that it holds; none while it is dead."""
    return part.process.memory_info().rss / 2**20 if part.returncode is None else None


@asynccontextmanager
async def _meanwhile(*works: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """All of it goes on within the block."""
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(work) for work in works]
        yield
        for task in tasks:
            task.cancel()
