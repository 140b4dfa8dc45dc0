"""What becomes of errors while PostgreSQL is away: they wait in the spool, and are stored once when it is back."""

import asyncio
import os
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
import httpx
import psutil
import pytest

from core.settings import Settings
from models.migrate import migrate_async
from resolvers.resources import open_resources
from resolvers.setup import Credentials, first_setup
from tests.support.apis import Api, running_apis
from tests.support.db import make_settings
from tests.support.places import open_directory
from tests.support.plain_http import plain_http
from tests.support.servers import Servers, start_copy, start_servers

pytestmark = [pytest.mark.faults, pytest.mark.timeout(150)]

_LOG = """mutation($input: LogErrorInput!) { logError(input: $input) {
  ... on LoggedError { outcome eventId issueId } ... on Failure { code message } } }"""
_ISSUES = "{ issues { nodes { id } } }"
_CHANGES = (
    """mutation($id: ID!) { commentOnIssue(input: { issueId: $id, body: "still there" }) { __typename } }""",
    "mutation($id: ID!) { assignIssue(input: { issueId: $id }) { __typename ... on Failure { message } } }",
    "mutation($id: ID!) { resolveIssue(input: { issueId: $id }) { __typename } }",
)
_FILL_DISK = """CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS
 $$ BEGIN RAISE 'could not extend file: No space left on device' USING ERRCODE = '53100'; END $$;
CREATE TRIGGER full_disk BEFORE INSERT ON event_key EXECUTE FUNCTION full_disk()"""
_PAGE = 8192
_COUNTS = """SELECT (SELECT count(*)::int FROM event) AS events,
 (SELECT coalesce(sum(event_count), 0)::int FROM issue_counter) AS issues,
 (SELECT coalesce(sum(event_count), 0)::int FROM hourly_count) AS hours,
 (SELECT coalesce(sum(event_count), 0)::int FROM day_count) AS dates,
 (SELECT coalesce(sum(event_count), 0)::int FROM daily_count) AS days,
 (SELECT count(*)::int FROM feed WHERE kind = 'EVENT_LOGGED') AS told"""


@dataclass(frozen=True)
class Made:
    directory: Path
    credentials: Credentials


@pytest.fixture(scope="module")
def made() -> Iterator[Made]:
    """What servers leave that were set up and stopped: each test has a copy."""
    with open_directory() as directory:
        servers = start_servers(directory)
        credentials = asyncio.run(_set_up(servers))
        servers.stop()
        yield Made(directory, credentials)


async def _set_up(servers: Servers) -> Credentials:
    await migrate_async(servers.database_url)
    async with open_resources(make_settings(servers.database_url, servers.redis_url)) as res:
        credentials = await first_setup(res)
    assert credentials is not None
    return credentials


@pytest.fixture
def own_servers(made: Made) -> Iterator[Servers]:
    running = start_copy(made.directory)
    yield running
    running.stop()


@pytest.fixture
def settings(own_servers: Servers) -> Settings:
    return make_settings(own_servers.database_url, own_servers.redis_url, writer_timeout_s=2)


@pytest.fixture
def credentials(made: Made) -> Credentials:
    return made.credentials


class Reporter:
    """Logs errors of one kind, and remembers what was answered."""

    def __init__(self, api: Api, key: str) -> None:
        self._base = api.door.graphql_url.removesuffix("/graphql")
        self._headers = {"Authorization": f"Bearer {key}"}
        self.outcomes: dict[str, str] = {}

    async def log(self) -> str:
        """One more by GraphQL; what it is told: an outcome, or the code of an error."""
        event_id = uuid4().hex
        error = {"service": "checkout", "errorType": "Hot", "message": "hot", "eventId": event_id}
        answer = await self.post("/graphql", {"query": _LOG, "variables": {"input": error}})
        if "errors" in answer.json():
            code: str = answer.json()["errors"][0]["extensions"]["code"]
            return code
        result = answer.json()["data"]["logError"]
        self.outcomes[event_id] = result["outcome"]
        assert result["eventId"] == event_id
        assert (result["issueId"] is None) == (result["outcome"] == "SPOOLED")
        return str(result["outcome"])

    async def log_until(self, wanted: str) -> None:
        while await self.log() != wanted:
            await asyncio.sleep(0.02)

    async def post(self, path: str, body: Any) -> httpx.Response:
        async with plain_http(timeout=25) as client:
            return await client.post(self._base + path, json=body, headers=self._headers)

    async def readiness(self) -> httpx.Response:
        async with plain_http(timeout=25) as client:
            return await client.get(self._base + "/health/readiness")


@asynccontextmanager
async def reporting(settings: Settings, credentials: Credentials) -> AsyncIterator[tuple[Api, Reporter]]:
    async with running_apis(settings, credentials.token, 1) as (api,):
        yield api, Reporter(api, credentials.ingest_key)


def stop_postgres(servers: Servers) -> None:
    """Leave all its processes dead at once."""
    children = psutil.Process(servers.postgres.pid).children()
    servers.postgres.kill()
    for child in children:
        with suppress(psutil.NoSuchProcess):
            child.kill()


def refuse_writes(servers: Servers) -> None:
    """Leave all its processes, and those to come, unable to make a file longer than a page: real errors of writing."""
    server = psutil.Process(servers.postgres.pid)
    # As root the servers have a user of their own, who may do that where root is not all that root can be.
    who = {"user": server.uids().real, "group": server.gids().real, "extra_groups": []} if os.geteuid() == 0 else {}
    for process in [server, *server.children()]:
        limit = ["prlimit", f"--pid={process.pid}", f"--fsize={_PAGE}"]
        subprocess.run(limit, check=True, cwd="/", **who)


async def check_stored(settings: Settings, reporters: list[Reporter], more: int = 0) -> None:
    """Assert that each event that was answered is there, once, counted once and told once."""
    answered = {event_id for reporter in reporters for event_id in reporter.outcomes}
    database = await asyncpg.connect(settings.database_url)
    try:
        while await database.fetchval("SELECT count(*) FROM event") < len(answered) + more:
            await asyncio.sleep(0.05)
        stored = [row["event_id"] for row in await database.fetch("SELECT event_id FROM event")]
        counts = dict(await database.fetchrow(_COUNTS))
    finally:
        await database.close()
    assert answered <= set(stored)
    assert counts == dict.fromkeys(("events", "issues", "hours", "dates", "days", "told"), len(answered) + more)


async def test_errors_are_spooled_while_postgresql_is_dead_and_stored_once_when_it_is_back(
    own_servers: Servers, settings: Settings, credentials: Credentials
):
    async with reporting(settings, credentials) as (_, reporter):
        assert await reporter.log() == "STORED"
        stop_postgres(own_servers)
        assert await reporter.log() == "SPOOLED"
        for _ in range(30):
            assert await reporter.log() == "SPOOLED"
        ready = await reporter.readiness()
        assert (ready.status_code, ready.json()["status"]) == (200, "degraded")
        own_servers.postgres.start()
        await reporter.log_until("STORED")
        await check_stored(settings, [reporter])


async def test_every_door_says_that_it_took_what_is_spooled(
    own_servers: Servers, settings: Settings, credentials: Credentials
):
    error = {"service": "checkout", "errorType": "Hot", "message": "hot"}
    record = {
        "severityNumber": 17,
        "attributes": [
            {"key": "exception.type", "value": {"stringValue": "Hot"}},
            {"key": "exception.message", "value": {"stringValue": "hot"}},
        ],
    }
    async with reporting(settings, credentials) as (_, reporter):
        await wait_registered(settings)
        stop_postgres(own_servers)
        rest = await reporter.post("/api/errors", error)
        assert (rest.status_code < 300, rest.json()["outcome"]) == (True, "SPOOLED")
        batch = (await reporter.post("/api/errors/batch", [error, error])).json()
        assert [result["outcome"] for result in batch["results"]] == ["SPOOLED"] * 2
        sentry_id = uuid4().hex
        path = f"/api/{credentials.project_number}/store/?sentry_key={credentials.ingest_key}"
        sentry = await reporter.post(path, {"event_id": sentry_id, "message": "hot", "level": "error"})
        assert (sentry.status_code, sentry.json()) == (200, {"id": sentry_id})
        otlp = {"resourceLogs": [{"scopeLogs": [{"logRecords": [record]}]}]}
        answer = await reporter.post("/v1/logs", otlp)
        assert (answer.status_code, answer.json()) == (200, {})
        own_servers.postgres.start()
        await check_stored(settings, [reporter], more=5)


async def test_what_is_spooled_outlives_tocsin_and_the_door_opens_without_postgresql(
    own_servers: Servers, settings: Settings, credentials: Credentials
):
    async with reporting(settings, credentials) as (api, first):
        await first.log_until("STORED")
        await wait_registered(settings)
        stop_postgres(own_servers)
        for _ in range(10):
            assert await first.log() == "SPOOLED"
        api.command.kill()
    own_servers.valkey.kill()
    own_servers.valkey.start()
    async with reporting(settings, credentials) as (api, second):
        for _ in range(10):
            assert await second.log() == "SPOOLED"
        stranger = Reporter(api, "0" * 32)
        assert await stranger.log() == "UNAVAILABLE"
        api.command.kill()
    own_servers.postgres.start()
    async with reporting(settings, credentials) as (_, third):
        await third.log_until("STORED")
        await check_stored(settings, [first, second, third])


async def test_a_drain_that_is_killed_goes_on_where_it_was_and_counts_nothing_twice(
    own_servers: Servers, settings: Settings, credentials: Credentials
):
    errors = [{"service": "checkout", "errorType": "Hot", "message": "hot"} for _ in range(1000)]
    async with reporting(settings, credentials) as (api, reporter):
        await wait_registered(settings)
        stop_postgres(own_servers)
        for _ in range(3):
            answer = (await reporter.post("/api/errors/batch", errors)).json()
            assert "results" in answer, (answer, api.command.lines)
            assert {result["outcome"] for result in answer["results"]} == {"SPOOLED"}
        own_servers.postgres.start()
        await wait_events(settings, 1)
        api.command.kill()
    async with reporting(settings, credentials) as (api, _):
        await wait_events(settings, 1000)
        api.command.kill()
    async with running_apis(settings, credentials.token, 2):
        await check_stored(settings, [], more=3000)
        await wait_drained(settings)
    await check_stored(settings, [], more=3000)


async def test_a_postgresql_that_hangs_counts_as_away(
    own_servers: Servers, settings: Settings, credentials: Credentials
):
    async with reporting(settings, credentials) as (_, reporter):
        await reporter.log_until("STORED")
        await wait_registered(settings)
        family = [psutil.Process(own_servers.postgres.pid), *psutil.Process(own_servers.postgres.pid).children()]
        for process in family:
            process.suspend()
        try:
            for _ in range(5):
                assert await reporter.log() == "SPOOLED"
        finally:
            for process in family:
                process.resume()
        await reporter.log_until("STORED")
        await check_stored(settings, [reporter])


@pytest.mark.parametrize(
    ("begin", "end"),
    [
        (
            "ALTER ROLE tocsin SET default_transaction_read_only = on",
            "ALTER ROLE tocsin RESET default_transaction_read_only",
        ),
        (
            _FILL_DISK,
            "DROP FUNCTION full_disk CASCADE",
        ),
        ("ALTER DATABASE tocsin CONNECTION LIMIT 0", "ALTER DATABASE tocsin CONNECTION LIMIT -1"),
    ],
    ids=["read-only", "full disk", "no connection left"],
)
async def test_a_postgresql_that_takes_nothing_counts_as_away(
    own_servers: Servers, settings: Settings, credentials: Credentials, begin: str, end: str
):
    async with reporting(settings, credentials) as (api, reporter):
        await reporter.log_until("STORED")
        await wait_registered(settings)
        await administer(own_servers, begin)
        for _ in range(5):
            assert await reporter.log() == "SPOOLED"
        assert (await reporter.readiness()).status_code == 200
        await api.command.wait_for("PostgreSQL takes nothing")
        await administer(own_servers, end)
        await reporter.log_until("STORED")
        await check_stored(settings, [reporter])


async def test_a_disk_that_takes_no_more_counts_as_away_and_nothing_is_lost_by_it(
    own_servers: Servers, settings: Settings, credentials: Credentials
):
    async with reporting(settings, credentials) as (_, reporter):
        await reporter.log_until("STORED")
        await wait_registered(settings)
        refuse_writes(own_servers)
        for _ in range(30):
            assert await reporter.log() == "SPOOLED"
        ready = await reporter.readiness()
        assert (ready.status_code, ready.json()["status"]) == (200, "degraded")
        while own_servers.postgres.returncode is None:  # it cannot live without its log
            await asyncio.sleep(0.02)
        assert await reporter.log() == "SPOOLED"
        own_servers.postgres.start()
        await reporter.log_until("STORED")
        await check_stored(settings, [reporter])


async def test_with_both_away_the_answer_is_503_soon_and_says_when_to_try_again(
    own_servers: Servers, settings: Settings, credentials: Credentials
):
    async with reporting(settings, credentials) as (_, reporter):
        await reporter.log_until("STORED")
        stop_postgres(own_servers)
        own_servers.valkey.kill()
        assert await reporter.log() == "UNAVAILABLE"
        answer = await reporter.post("/api/errors", {"service": "checkout", "errorType": "Hot", "message": "hot"})
        assert answer.status_code == 503
        assert int(answer.headers["Retry-After"]) > 0
        assert (await reporter.readiness()).status_code == 503
        own_servers.valkey.start()
        await reporter.log_until("SPOOLED")
        own_servers.postgres.start()
        await reporter.log_until("STORED")
        await check_stored(settings, [reporter])


async def test_who_asks_or_changes_something_meanwhile_is_told_to_come_back_and_is_answered_then(
    own_servers: Servers, settings: Settings, credentials: Credentials
):
    async with reporting(settings, credentials) as (api, reporter):
        await reporter.log_until("STORED")
        person = Reporter(api, credentials.token)
        (issue,) = (await person.post("/graphql", {"query": _ISSUES})).json()["data"]["issues"]["nodes"]
        await wait_registered(settings)
        stop_postgres(own_servers)
        for query in (_ISSUES, *_CHANGES):
            answer = (await person.post("/graphql", {"query": query, "variables": issue})).json()
            (error,) = answer["errors"]
            assert error["extensions"]["code"] == "UNAVAILABLE", (query, answer)
            assert error["extensions"]["retryAfter"] > 0
            assert not any((answer.get("data") or {}).values())
        own_servers.postgres.start()
        for query, kind in zip(_CHANGES, ("Activity", "Issue", "Issue"), strict=True):
            while "errors" in (answer := (await person.post("/graphql", {"query": query, "variables": issue})).json()):
                assert answer["errors"][0]["extensions"]["code"] == "UNAVAILABLE"
                await asyncio.sleep(0.05)
            (changed,) = answer["data"].values()
            assert changed["__typename"] == kind, answer


async def wait_registered(settings: Settings) -> None:
    """Return once another process could know the callers from Valkey alone."""
    async with open_resources(settings) as res:
        while not ((known := await res.register._fetch()) and len(known.bearers) >= 2):
            await asyncio.sleep(0.05)


async def wait_drained(settings: Settings) -> None:
    async with open_resources(settings) as res:
        while (await res.spool.state()).entries:
            await asyncio.sleep(0.05)
        assert (await res.spool.state()).size == 0


async def wait_events(settings: Settings, count: int) -> None:
    database = await asyncpg.connect(settings.database_url)
    while await database.fetchval("SELECT count(*) FROM event") < count:
        await asyncio.sleep(0.005)
    await database.close()


async def administer(servers: Servers, statements: str) -> None:
    """Run these as the superuser in our database, and break all other connections, so that they take effect."""
    admin = await asyncpg.connect(servers.postgres.admin_url, database="tocsin")
    await admin.execute(statements)
    await admin.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
    )
    await admin.close()
