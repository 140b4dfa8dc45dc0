"""A database of its own for each test, cloned from one that was migrated once (`tests/support/clones.py`).

There are two of those, as partitions are made by the day: for tests with a clock of their own, which begins at `START`, and
for those that live today. Else each API that is served would first make eighteen partitions, which takes 0.1 s of a core.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import pytest
from pydantic import BaseModel
from redis.asyncio import Redis

from core.clock import Clock, ManualClock, SystemClock
from core.settings import Settings
from models.migrate import migrate_async
from resolvers.feed.position import open_feed
from resolvers.partitions import make_partitions
from resolvers.resources import Resources, open_resources
from tests.support.clock import START
from tests.support.clones import Clones, clones_by
from tests.support.servers import Servers, start_servers

THEN, TODAY = "template_then", "template_today"
# In every test: whoever writes a step of an alert tells the feed in the same transaction (ADR 0007), or cannot commit.
ALERTS_ARE_TOLD = """
CREATE FUNCTION alert_is_told() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE no_steps text[] := '{next_escalation_at, plan, policy_id, rule_id, acknowledged_by_id}';
BEGIN
  -- By name and not by column: migrations that are taken back drop columns.
  IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - no_steps = to_jsonb(OLD) - no_steps THEN
    RETURN NULL;
  END IF;
  IF NOT EXISTS (SELECT FROM feed
                  WHERE xid = pg_current_xact_id() AND kind = 'ALERT_CHANGED' AND subject_id = NEW.id) THEN
    RAISE EXCEPTION 'a step of alert % is not told in the feed: write it by resolvers/ringing.py', NEW.id;
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER alert_is_told
 AFTER INSERT OR UPDATE ON alert DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION alert_is_told();
"""


def on_database(url: str, name: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


def make_settings(database_url: str, redis_url: str, **overrides: object) -> Settings:
    """Settings that are checked as always; the environment says nothing about them, and to ask it takes 6 ms."""
    # On a machine that does much else, no number of requests is answered soon.
    given: dict[str, object] = {"slow_after_ms": 60_000, **overrides}
    settings = Settings.__new__(Settings)
    BaseModel.__init__(settings, database_url=database_url, redis_url=redis_url, **given)
    return settings


@pytest.fixture(scope="session")
def servers() -> Iterator[Servers]:
    running = start_servers()
    yield running
    running.stop()


@pytest.fixture(scope="session")
def clones(servers: Servers) -> Iterator[Clones]:
    asyncio.run(_make_templates(servers))
    with clones_by(servers.postgres.admin_url) as made:
        yield made


async def _make_templates(servers: Servers) -> None:
    await _sql(servers, f"CREATE DATABASE {THEN}")
    url = on_database(servers.database_url, THEN)
    await migrate_async(url)
    async with open_resources(make_settings(url, servers.redis_url)) as res:
        await open_feed(res.db)
        await res.db.raw.execute(ALERTS_ARE_TOLD)
    await _sql(servers, f"CREATE DATABASE {TODAY} TEMPLATE {THEN}")
    clocks: dict[str, Clock] = {THEN: ManualClock(START), TODAY: SystemClock()}
    for name, clock in clocks.items():
        url = on_database(servers.database_url, name)
        async with open_resources(make_settings(url, servers.redis_url), clock) as res:
            await make_partitions(res)


@pytest.fixture
async def database_url(request: pytest.FixtureRequest, servers: Servers, clones: Clones) -> AsyncIterator[str]:
    template = THEN if "clock" in request.fixturenames else TODAY
    async with own_database(servers, clones, template) as url:
        yield url


@asynccontextmanager
async def own_database(servers: Servers, clones: Clones, template: str = TODAY) -> AsyncIterator[str]:
    """A clone of the template, there within the block."""
    name = await clones.make(template)
    yield on_database(servers.database_url, name)
    await clones.drop(name)


@pytest.fixture
async def redis_url(servers: Servers) -> str:
    async with Redis.from_url(servers.redis_url) as valkey:
        await valkey.flushall()
    return servers.redis_url


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(START)


@pytest.fixture
async def res(database_url: str, redis_url: str, clock: ManualClock) -> AsyncIterator[Resources]:
    async with open_resources(make_settings(database_url, redis_url), clock) as resources:
        yield resources


async def _sql(servers: Servers, statement: str) -> None:
    connection = await asyncpg.connect(servers.database_url)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()
