"""Four API processes on one hot issue, with triage and a worker beside them: no deadlock, exact sums, one order."""

import asyncio
import logging
import random
from collections import Counter
from collections.abc import AsyncIterator, Awaitable
from contextlib import AsyncExitStack

import asyncpg
import pytest

from core.settings import Settings
from resolvers.resources import open_resources
from resolvers.setup import first_setup
from tests.support.apis import Api, running_apis
from tests.support.crew import Crew, Door, make_crew
from tests.support.db import make_settings
from tests.support.reckoning import check_shown, check_stored
from tests.support.reporters import Reporters
from tests.support.servers import Servers
from tests.support.subscriber import Subscriber
from tests.support.worker import running_worker

pytestmark = [pytest.mark.faults, pytest.mark.timeout(240)]

_log = logging.getLogger(__name__)
_PROCESSES, _REPORTERS, _EVENTS = 4, 12, 400
_HOT = "query($filter: IssueFilter) { issues(filter: $filter) { nodes { id status eventCount userCount version } } }"
_RESULT = "{ __typename ... on Failure { message } }"
_ACTS = (
    f"mutation($id: ID!) {{ resolveIssue(input: {{ issueId: $id }}) {_RESULT} }}",
    f"mutation($id: ID!) {{ reopenIssue(input: {{ issueId: $id }}) {_RESULT} }}",
    f"mutation($id: ID!) {{ assignIssue(input: {{ issueId: $id }}) {_RESULT} }}",
    f"mutation($id: ID!) {{ unassignIssue(input: {{ issueId: $id }}) {_RESULT} }}",
    f"mutation($id: ID!) {{ acknowledgeIssue(input: {{ issueId: $id }}) {_RESULT} }}",
)
_STEPS = """SELECT a.kind FROM feed f JOIN activity a ON a.id = f.subject_id
 WHERE f.kind = 'ISSUE_CHANGED' AND f.issue_id = (SELECT issue_id FROM issue_counter ORDER BY event_count DESC LIMIT 1)
 ORDER BY f.xid, f.id"""
_OTHERS = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
_DEADLOCKS = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"


@pytest.fixture
def settings(database_url: str, redis_url: str) -> Settings:
    return make_settings(database_url, redis_url, database_connections=8)


@pytest.fixture
async def token(settings: Settings) -> str:
    async with open_resources(settings) as res:
        credentials = await first_setup(res)
    assert credentials is not None
    return credentials.token


@pytest.fixture
async def apis(settings: Settings, token: str) -> AsyncIterator[list[Api]]:
    async with running_apis(settings, token, _PROCESSES) as running:
        yield running


async def test_four_processes_log_to_one_issue_while_it_is_triaged(
    apis: list[Api], settings: Settings, database_url: str, servers: Servers
):
    log_size = servers.postgres.log.stat().st_size
    doors = [api.door for api in apis]
    crew = await make_crew(doors[0])
    reporters = Reporters([door.graphql_url for door in doors], crew.key, _REPORTERS, hot_severity="HIGH")
    subscribers = [Subscriber(door.ws_url, door.token, crew.slug) for door in doors]
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(running_worker(settings))
        for subscriber in subscribers:
            await stack.enter_async_context(subscriber.watching())
        async with reporters.at_work():
            await reporters.wait_for(10)
            acts = await _triage_until(reporters.wait_for(_EVENTS), doors, crew)
        await reporters.report_one()
        for subscriber in subscribers:
            await subscriber.wait_for(reporters.outcomes)
    await check_stored(database_url, crew, reporters, subscribers)
    await check_shown(doors[0], crew, reporters)
    hot = await _hot_issue(doors[0], crew)
    assert hot["eventCount"] == len(reporters.outcomes) - len(reporters.outages)
    assert hot["userCount"] == reporters.users
    assert acts["Issue"] >= _PROCESSES
    for api in apis:
        api.command.terminate()
        assert await api.command.wait() == 0
    database = await asyncpg.connect(database_url)
    steps = [row["kind"] for row in await database.fetch(_STEPS)]
    assert hot["version"] == len(steps)
    _check_order(steps)
    _log.info("%s events, %s acts, %s", len(reporters.outcomes), dict(acts), dict(Counter(steps)))
    while await database.fetchval(_OTHERS):  # what a connection has counted is told when it ends
        await asyncio.sleep(0.05)
    assert await database.fetchval(_DEADLOCKS) == 0
    await database.close()
    with servers.postgres.log.open("rb") as log:
        log.seek(log_size)
        assert b"deadlock detected" not in log.read()


async def _triage_until(enough: Awaitable[None], doors: list[Door], crew: Crew) -> Counter[str]:
    """Act on the hot issue through every process at once, and count what came of it."""
    issue_id = (await _hot_issue(doors[0], crew))["id"]
    acts: Counter[str] = Counter()
    async with asyncio.TaskGroup() as group:
        acting = [group.create_task(_keep_acting(door, issue_id, place, acts)) for place, door in enumerate(doors)]
        await enough
        for task in acting:
            task.cancel()
    return acts


async def _keep_acting(door: Door, issue_id: str, place: int, acts: Counter[str]) -> None:
    choices = random.Random(place)
    while True:
        answer = await door.ask(choices.choice(_ACTS), id=issue_id)
        (result,) = answer.values()
        assert result["__typename"] in ("Issue", "Conflict", "NobodyOnCall"), result
        acts[result["__typename"]] += 1


async def _hot_issue(door: Door, crew: Crew) -> dict:
    answer = await door.ask(_HOT, filter={"project": [crew.slug], "errorType": ["Hot"]})
    (issue,) = answer["issues"]["nodes"]
    return issue


def _check_order(steps: list[str]) -> None:
    """The feed tells what happened to an issue in the order in which it happened: one that is open is not reopened."""
    status = [kind for kind in steps if kind in ("FIRST_SEEN", "RESOLVED", "REOPENED", "REGRESSED")]
    assert status[0] == "FIRST_SEEN"
    assert set(status[1::2]) == {"RESOLVED"}
    assert set(status[2::2]) <= {"REOPENED", "REGRESSED"}
