"""(k)-(n): what a dashboard asks of ten million events, one caller, each beside the SQL that a person would write.

`python -m bench reads` makes the history first, which takes minutes; `--kept DIRECTORY` keeps it and comes back to it,
`--events N` makes another. With `--writing` all is asked a second time while a thousand events a second are written.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from statistics import median, quantiles
from typing import Any, TypeAlias

import asyncpg
import orjson
from httpx import AsyncClient, Limits

from bench import dashboard
from bench.history import DAYS, PROJECTS, SEARCHED, SERVICES, History, make_history
from bench.reports import batches
from bench.stage import Stage, app
from core.clock import SystemClock

_TIMES, _WARM = 150, 10
_PER_PAGE, _PAGES = 25, 400
_ORDERS = ("LAST_SEEN", "FIRST_SEEN", "EVENT_COUNT", "USER_COUNT", "SEVERITY")

Ask: TypeAlias = tuple[str, dict[str, Any]]
Connection: TypeAlias = "asyncpg.Connection[Any]"


@dataclass(frozen=True)
class Read:
    """One kind of question: its bound in milliseconds, how it is asked, and how its rows would be read by hand."""

    name: str
    bound_ms: float
    ask: Callable[[Random], Ask]
    bare: Callable[[Connection, Random], Awaitable[list[Any]]] | None = None
    served: str = ""  # the path at which the bare app answers the same over HTTP, in the place of SQL by hand


@dataclass(frozen=True)
class Seen:
    """Milliseconds of one kind of question, ours and by hand."""

    read: Read
    ours: list[float]
    bare: list[float]

    def row(self) -> str:
        """For people."""
        median_ms, p95 = median(self.ours), _p95(self.ours)
        by_hand = f"{median(self.bare):,.1f} | {median(self.bare) / median_ms:.2f}" if self.bare else "- | -"
        met = "yes" if p95 < self.read.bound_ms else "**no**"
        return f"| {self.read.name} | {median_ms:,.1f} | {p95:,.1f} | {self.read.bound_ms:,.0f} | {met} | {by_hand} |"


HEAD = "| work | median, ms | p95, ms | at most, ms | met | by hand, ms | ratio |\n|---|--:|--:|--:|---|--:|--:|"


def measure(stage: Stage, events: int, *, writing: bool) -> str:
    """The figures as a table, or two."""
    return asyncio.run(_measure(stage, events, writing=writing))


async def _measure(stage: Stage, events: int, *, writing: bool) -> str:
    history = await make_history(stage, events)
    tables = [f"{history.events:,} events, {history.issues:,} issues, {DAYS} days\n\n" + await _table(stage, history)]
    if writing:
        async with _written(stage) as written:
            table = await _table(stage, history, writing=True)
        tables.append(f"While {written():,.0f} events/s are written\n\n{table}")
    return "\n\n".join(tables)


async def _table(stage: Stage, history: History, *, writing: bool = False) -> str:
    with app(stage, "api.app:create_app", "/health/liveness") as ours, app(stage, "bench.bare:create_app", "/") as bare:
        connection = await asyncpg.connect(stage.settings.database_url)
        headers = {"Authorization": f"Bearer {stage.setup.token}"}
        async with (
            AsyncClient(base_url=ours.url, headers=headers, timeout=60, limits=Limits()) as client,
            AsyncClient(base_url=bare.url, timeout=60, limits=Limits()) as by_hand,
        ):
            if not writing:
                await _check_same(client, by_hand)
            reads = await reads_of(client, history)
            rows = [await _seen(client, connection, by_hand, read) for read in reads]
        await connection.close()
    return "\n".join([HEAD, *(seen.row() for seen in rows)])


async def _check_same(client: AsyncClient, by_hand: AsyncClient) -> None:
    """Raises: RuntimeError where the bare app's list is another than ours."""
    ours, bare = await ask(client, _DASHBOARD, {}), (await by_hand.get(_DASHBOARD_BY_HAND)).json()["data"]
    if ours["issues"]["nodes"] != bare["issues"]["nodes"]:
        raise RuntimeError("The list by hand is another.")


async def _seen(client: AsyncClient, connection: Connection, served: AsyncClient, read: Read) -> Seen:
    mine, theirs = Random(read.name), Random(read.name)
    ours: list[float] = []
    bare: list[float] = []
    for turn in range(_TIMES + _WARM):
        began = time.perf_counter()
        await ask(client, *read.ask(mine))
        took = time.perf_counter() - began
        by_hand = await _by_hand(read.bare(connection, theirs)) if read.bare else None
        by_hand = await _served(served, read.served) if read.served else by_hand
        if turn >= _WARM:
            ours.append(1000 * took)
            bare += [] if by_hand is None else [1000 * by_hand]
    return Seen(read, ours, bare)


async def ask(client: AsyncClient, query: str, variables: dict[str, Any]) -> dict[str, Any]:
    """What is answered.

    Raises: RuntimeError where it is an error.
    """
    answer = (await client.post("/graphql", json={"query": query, "variables": variables})).json()
    if answer.get("errors"):
        raise RuntimeError(str(answer["errors"][:1]))
    data: dict[str, Any] = answer["data"]
    return data


async def _by_hand(read: Awaitable[list[Any]]) -> float:
    began = time.perf_counter()
    orjson.dumps([dict(row) for row in await read], default=str)
    return time.perf_counter() - began


async def _served(client: AsyncClient, path: str) -> float:
    began = time.perf_counter()
    (await client.get(path)).raise_for_status().json()
    return time.perf_counter() - began


def _p95(times: Sequence[float]) -> float:
    return quantiles(times, n=20)[-1]


# Figures.

_COUNTS = """query($filter: StatsFilter, $range: TimeRange) { stats(filter: $filter, range: $range) {
  from to total bySeverity { severity count } byService(first: 10) { name count } byEnvironment { name count }
  timeline(bucket: HOUR) { at count bySeverity { severity count } } } }"""
_ISSUE_COUNTS = """query($filter: StatsFilter, $range: TimeRange) { stats(filter: $filter, range: $range) {
  issues newIssues byStatus { status count } topIssues(first: 10) { shortId title eventCount } } }"""
_COUNTS_BY_HAND = """
SELECT hour, service, environment, severity, sum(event_count) FROM hourly_count
 WHERE hour >= $1::timestamptz - $2::interval AND hour < $1
   AND ($3::text IS NULL OR service = $3) AND ($4::text IS NULL OR environment = $4)
   AND ($5::text[] IS NULL OR severity = ANY($5))
   AND ($6::text IS NULL OR project_id = (SELECT id FROM project WHERE slug = $6))
 GROUP BY GROUPING SETS ((hour, severity), (service), (environment), ())
"""


def _some(random: Random) -> dict[str, Any]:
    """Any filter on service, environment, severity and project."""
    parts: dict[str, Any] = {}
    if random.random() < 0.5:
        parts["service"] = [f"service-{random.randrange(SERVICES)}"]
    if random.random() < 0.3:
        parts["environment"] = ["production"]
    if random.random() < 0.4:
        parts["severity"] = random.choice((["CRITICAL"], ["HIGH", "CRITICAL"]))
    if random.random() < 0.4:
        parts["project"] = [random.choice(PROJECTS)]
    return parts


def _figures(history: History, query: str, days: int) -> Callable[[Random], Ask]:
    since, until = history.until - timedelta(days=days), history.until
    span = {"since": since.isoformat(), "until": until.isoformat()}
    return lambda random: (query, {"filter": _some(random), "range": span})


def _figures_by_hand(history: History, days: int) -> Callable[[Connection, Random], Awaitable[list[Any]]]:
    async def read(connection: Connection, random: Random) -> list[Any]:
        parts = _some(random)
        chosen = [parts["service"][0] if "service" in parts else None, parts.get("environment", [None])[0]]
        chosen += [parts.get("severity"), parts.get("project", [None])[0]]
        return await connection.fetch(_COUNTS_BY_HAND, history.until, timedelta(days=days), *chosen)

    return read


# Lists of issues.

_LIST = """query($filter: IssueFilter, $search: String, $orderBy: IssueOrder, $after: String) {
  issues(filter: $filter, search: $search, orderBy: $orderBy, first: 25, after: $after) {
    nodes { id shortId title culprit service severity status isRegression eventCount userCount firstSeenAt lastSeenAt }
    pageInfo { hasNextPage endCursor } } }"""
_DASHBOARD = """query($orderBy: IssueOrder) {
  issues(orderBy: $orderBy, first: 25) { nodes {
    id shortId title culprit service severity status eventCount userCount lastSeenAt assignee { id name isOnCall }
    latestEvent { id message environment release occurredAt user { id email } }
    timeline(last: "P14D") { at count } } pageInfo { hasNextPage endCursor } } }"""
_DASHBOARD_BY_HAND = "/dashboard"
_WALK = """query($search: String, $orderBy: IssueOrder, $after: String) {
  issues(search: $search, orderBy: $orderBy, first: 200, after: $after) { pageInfo { hasNextPage endCursor } } }"""
_TERMS = ("is:unresolved", "severity:>=medium", "environment:production", "service:service-7", "events:>20", "last:60d")
_KEPT_IN = {
    "LAST_SEEN": ("issue_counter", "issue_id", "last_seen_at"),
    "FIRST_SEEN": ("issue", "id", "first_seen_at"),
    "EVENT_COUNT": ("issue_counter", "issue_id", "event_count"),
    "USER_COUNT": ("issue_counter", "issue_id", "user_count"),
    "SEVERITY": ("issue", "id", "severity_rank"),
}


async def _page_by_hand(connection: Connection, random: Random) -> list[Any]:
    """The page in the order that ours is asked for."""
    table, id, key = _KEPT_IN[random.choice(_ORDERS)]
    return await connection.fetch(dashboard.PAGE.format(table=table, id=id, key=key))


async def _dashboard_by_hand(connection: Connection, _random: Random) -> list[Any]:
    return (await dashboard.read_rows(connection, SystemClock().now().date())).all()


def _page(search: Callable[[Random], str | None]) -> Callable[[Random], Ask]:
    return lambda random: (_LIST, {"search": search(random), "orderBy": {"field": random.choice(_ORDERS)}})


def _term(random: Random) -> str:
    return " ".join(random.sample(_TERMS, random.choice((1, 2))))


def _words(random: Random) -> str:
    return " ".join(random.sample(SEARCHED, random.choice((1, 2))))


async def _far(client: AsyncClient) -> Callable[[Random], Ask]:
    """The page after so many, in each order, with a search and without."""
    starts: list[dict[str, Any]] = []
    for search in (None, "is:unresolved"):
        for order in _ORDERS:
            asked: dict[str, Any] = {"search": search, "orderBy": {"field": order}}
            for _ in range(-(-(_PAGES - 1) * _PER_PAGE // 200)):
                page = (await ask(client, _WALK, asked))["issues"]["pageInfo"]
                if not page["hasNextPage"]:
                    break
                asked["after"] = page["endCursor"]
            starts.append(asked)
    return lambda random: (_LIST, random.choice(starts))


# Triage.

_OPEN = """{ issues(search: "is:unresolved", first: 200) { nodes { id } } developers(first: 20) { nodes { id } } }"""
_ASSIGN = """mutation($id: ID!, $to: ID!) { assignIssue(input: {issueId: $id, developerId: $to}) {
  __typename ... on Issue { version assignee { name } } ... on Failure { message } } }"""
_RESOLVE = """mutation($id: ID!) { resolveIssue(input: {issueId: $id}) {
  __typename ... on Issue { version status } ... on Failure { message } } }"""


async def _triage(client: AsyncClient) -> tuple[Callable[[Random], Ask], Callable[[Random], Ask]]:
    found = await ask(client, _OPEN, {})
    people = [node["id"] for node in found["developers"]["nodes"]]
    ids = [node["id"] for node in found["issues"]["nodes"]]
    assigned, resolved = iter(ids), iter(ids)
    return (
        lambda random: (_ASSIGN, {"id": next(assigned), "to": random.choice(people)}),
        lambda _: (_RESOLVE, {"id": next(resolved)}),
    )


async def reads_of(client: AsyncClient, history: History) -> list[Read]:
    """Everything that is asked."""
    assign, resolve = await _triage(client)
    return [
        Read("(k) `stats` of 24 h, events", 50, _figures(history, _COUNTS, 1), _figures_by_hand(history, 1)),
        Read("(k) `stats` of 24 h, issues", 50, _figures(history, _ISSUE_COUNTS, 1)),
        Read("(k) `stats` of 30 days, events", 100, _figures(history, _COUNTS, 30), _figures_by_hand(history, 30)),
        Read("(k) `stats` of 30 days, issues", 100, _figures(history, _ISSUE_COUNTS, 30)),
        Read("(l) first page of `issues`, any order", 60, _page(lambda _: None), _page_by_hand),
        Read("(l) first page, with a search by columns", 60, _page(_term)),
        Read(f"(l) page {_PAGES}, any order, half with a search", 60, await _far(client)),
        Read("(l) full text, any order", 150, _page(_words)),
        Read("(m) the dashboard's list", 80, lambda _: (_DASHBOARD, {}), _dashboard_by_hand),
        Read("(m) beside the same answer by hand", 80, lambda _: (_DASHBOARD, {}), served=_DASHBOARD_BY_HAND),
        Read("(n) assign", 40, assign),
        Read("(n) resolve", 40, resolve),
    ]


# Writing meanwhile.


@asynccontextmanager
async def _written(stage: Stage) -> AsyncIterator[Callable[[], float]]:
    """A thousand events a second, fifty at a time, by an API process of its own; the rate that it came to.

    Raises: ExceptionGroup where one was refused.
    """
    with app(stage, "api.app:create_app", "/health/liveness") as other:
        headers = {"Authorization": f"Bearer {stage.setup.ingest_key}"}
        async with AsyncClient(base_url=other.url, headers=headers, timeout=60) as client:
            times: list[float] = []
            async with asyncio.TaskGroup() as group:
                task = group.create_task(_write(client, times))
                yield lambda: _BATCH * (len(times) - 1) / (times[-1] - times[0])
                task.cancel()


_BATCH = 50


async def _write(client: AsyncClient, times: list[float]) -> None:
    """Note when each was answered."""
    bodies = [orjson.dumps(inputs) for inputs in batches(100, _BATCH)]
    began = time.perf_counter()
    while True:
        await asyncio.sleep(max(0, began + len(times) * 0.05 - time.perf_counter()))
        answer = await client.post("/api/errors/batch", content=bodies[len(times) % len(bodies)])
        answer.raise_for_status()
        times.append(time.perf_counter())
