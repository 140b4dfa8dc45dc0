"""(d) the first page of issues over 100,000 issues and 1,000,000 events, against the same SQL and JSON alone."""

import asyncio
import time
from statistics import median

import asyncpg
import orjson

from bench.load import request, run_load, within
from bench.report import Figure
from bench.stage import App, Stage, app

_QUERY = """query { issues { nodes { shortId title service severity status eventCount userCount firstSeenAt lastSeenAt }
  pageInfo { hasNextPage endCursor } } }"""
# The same page without our layers: what a person would write by hand.
_BARE = """
SELECT i.short_id, i.title, i.service, i.severity, i.status, c.event_count, c.user_count, i.first_seen_at,
       c.last_seen_at
  FROM issue_counter c JOIN issue i ON i.id = c.issue_id
 WHERE c.project_id = $1
 ORDER BY c.last_seen_at DESC, c.issue_id DESC LIMIT 26
"""
_ISSUES, _EVENTS = 100_000, 1_000_000
_SEED = f"""
INSERT INTO issue (id, project_id, short_id, title, error_type, message, service, severity, severity_is_set, status,
                   is_regression, first_seen_at, version)
SELECT md5('i' || n)::uuid, $1, 'BENCH-' || n, 'ValueError: number ' || n, 'ValueError', 'number ' || n,
       'service-' || n % 20, (ARRAY['LOW', 'MEDIUM', 'HIGH', 'CRITICAL'])[1 + n % 4], false,
       (ARRAY['UNRESOLVED', 'UNRESOLVED', 'RESOLVED', 'IGNORED'])[1 + n % 4], false,
       $2::timestamptz - n * interval '20 seconds', 1
  FROM generate_series(1, {_ISSUES}) n
"""
_SEED_KEYS = f"""
INSERT INTO grouping_key (id, project_id, hash, version, kind, issue_id, created_at)
SELECT md5('k' || n)::uuid, $1, decode(md5('h' || n), 'hex'), 1, 'IN_APP', md5('i' || n)::uuid, $2
  FROM generate_series(1, {_ISSUES}) n
"""
_SEED_COUNTERS = f"""
INSERT INTO issue_counter (project_id, issue_id, event_count, user_count, last_seen_at, last_event_id, last_day,
                           last_day_count, most_a_day)
SELECT $1, md5('i' || n)::uuid, {_EVENTS // _ISSUES}, n % 50,
       $2::timestamptz - (n * 7919 % {_ISSUES}) * interval '20 seconds', $3, $2::date, 0, {_EVENTS // _ISSUES}
  FROM generate_series(1, {_ISSUES}) n
"""
# Ids of version 7 within today's partition.
_SEED_EVENTS = f"""
INSERT INTO event (project_id, id, event_id, grouping_key_id, service, environment, severity, error_type, message,
                   source, occurred_at, received_at, payload, ingest_notes)
SELECT $1, (substr($3::text, 1, 13) || '-7' || substr(md5(n::text), 1, 3) || '-8' || substr(md5(n::text), 4, 3) || '-'
            || substr(md5(n::text), 7, 12))::uuid,
       n::text, md5('k' || 1 + n % {_ISSUES})::uuid, 'service-' || n % 20, 'production', 'MEDIUM', 'ValueError',
       'number ' || n, 'GRAPHQL', $2, $2, '\\x007b7d', '{{}}'
  FROM generate_series(1, {_EVENTS}) n
"""
_SECONDS, _ROUNDS = 3.0, 5


def measure(stage: Stage) -> Figure:
    """The figure."""
    asyncio.run(_seed(stage))
    with app(stage, "api.app:create_app", "/health/liveness") as ours:
        ratios = [(_ours(stage, ours), asyncio.run(_bare(stage))) for _ in range(_ROUNDS)]
    rate, limit = median(pair[0] for pair in ratios), median(pair[1] for pair in ratios)
    return Figure("(d) first page of `issues`, one caller", rate, limit, "pages/s", "limit: the same SQL and JSON")


async def _seed(stage: Stage) -> None:
    connection = await asyncpg.connect(stage.settings.database_url)
    project = await connection.fetchval("SELECT id FROM project WHERE slug = $1", stage.settings.first_project)
    at = await connection.fetchval("SELECT created_at FROM project WHERE id = $1", project)
    for statement, values in (
        (_SEED, (project, at)),
        (_SEED_KEYS, (project, at)),
        (_SEED_COUNTERS, (project, at, project)),
        (_SEED_EVENTS, (project, at, str(project))),
    ):
        await connection.execute(statement, *values, timeout=300)
    await connection.execute("VACUUM ANALYZE", timeout=300)
    await connection.close()


def _ours(stage: Stage, ours: App) -> float:
    headers = {"Authorization": f"Bearer {stage.setup.token}"}
    whole = request(ours.url + "/graphql", orjson.dumps({"query": _QUERY}), headers)
    asked = within(_SECONDS, [whole])
    return asyncio.run(
        run_load(ours.url, asked, connections=1, items=lambda body: body.count(b'"endCursor"'))
    ).per_second


async def _bare(stage: Stage) -> float:
    connection = await asyncpg.connect(stage.settings.database_url)
    project = await connection.fetchval("SELECT id FROM project WHERE slug = $1", stage.settings.first_project)
    pages, began = 0, time.perf_counter()
    while time.perf_counter() - began < _SECONDS:
        orjson.dumps([dict(row) for row in await connection.fetch(_BARE, project)])
        pages += 1
    took = time.perf_counter() - began
    await connection.close()
    return pages / took
