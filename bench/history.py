"""Ninety days of events in the stores of a stage, made from a seed: the same numbers give the same history.

Half of the events are of two thousand issues that stay, by Zipf's law: a fifteenth of those are of the one that comes
most. The other half are of issues that come and go: each lives for three days. What the writer would have counted is
counted from the events, by one statement a table.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import asyncpg
import orjson

from bench.load import request, run_load
from bench.reports import batches
from bench.stage import Stage, app
from core.clock import SystemClock
from models.stats import HOURS_OF_DAY
from resolvers.partitions import make_partitions
from resolvers.resources import open_resources
from resolvers.users import fold_users

DAYS = 90
PROJECTS = ("checkout", "search", "accounts", "delivery")
SERVICES, PEOPLE, RELEASES_A_DAY = 12, 25, 1
_PROJECT_OF = [1, 1, 1, 1, 1, 1, 1, 2, 2, 3, 3, 4]
SEARCHED = ("timeout", "declined", "inventory", "gateway", "currency", "refund", "session", "certificate")
_EVENTS_AN_ISSUE = 50
_STAYING, _LIFE_DAYS = 2_000, 3
_PAYLOADS = 200
_AT_ONCE = 2
_LOG = "mutation($inputs: [LogErrorInput!]!) { logErrors(inputs: $inputs) { stored } }"

# So many bits of a number that looks drawn, from 0 up to 1: the seed is in the second argument of the hash.
_DRAWN = "((hashint8extended({number}, {seed}) & 2147483647) / 2147483648.0)"


def _drawn(number: str, seed: int) -> str:
    return _DRAWN.format(number=number, seed=seed)


def _one_of(words: Sequence[str], number: str, seed: int) -> str:
    listed = ", ".join(f"'{word}'" for word in words)
    return f"(ARRAY[{listed}])[1 + floor({len(words)} * {_drawn(number, seed)})::int]"


_SUBJECTS = ("payment", "order", "basket", "invoice", "parcel", "login", "profile", "coupon", "stock", "search", "mail")
_FAULTS = ("failed", "declined", "refused", "vanished", "overflowed", "expired", "stalled", "collided", "broke")
_CAUSES = ("timeout", "gateway", "inventory", "currency", "refund", "session", "certificate", "database", "network")
_TYPES = ("ValueError", "TypeError", "TimeoutError", "java.lang.NullPointerException", "PaymentDeclined", "KeyError")
# Two calls of the application's own, and the framework's around them.
_FRAMES = f"""
'shop.part' || k % 300 || '.handle part' || k % 300 || '.py' || E'\\n' ||
'shop.' || {_one_of(_SUBJECTS, "k", 13)} || '.views.' || {_one_of(_SUBJECTS, "k", 14)} || '_' ||
  {_one_of(_CAUSES, "k", 15)} || ' views.py' || E'\\n' ||
(ARRAY['django.core.handlers.base._get_response base.py', 'starlette.routing.handle routing.py',
       'celery.app.trace.trace_task trace.py'])[1 + k % 3] || E'\\n' ||
'sqlalchemy.orm.session._execute_internal session.py' || E'\\n' ||
'sqlalchemy.engine.base._exec_single_context base.py' || E'\\n' ||
'sqlalchemy.engine.default.do_execute default.py' || E'\\n' ||
'asgiref.sync.thread_handler sync.py' || E'\\n' || 'concurrent.futures.thread.run thread.py'
"""
_STATUSES = ("UNRESOLVED", "UNRESOLVED", "UNRESOLVED", "RESOLVED", "RESOLVED", "IGNORED")

_SCHEMA = "DROP SCHEMA IF EXISTS history CASCADE; CREATE SCHEMA history"
_MADE_PROJECTS = """
INSERT INTO project (id, slug, name, plan, retention_days, redact_keys, spike_protection, inbound_filters,
                     sampling_rules, ownership_rules, created_at)
SELECT md5('project' || name)::uuid, name, name, 'FREE', 365, '{}', true, '{}', '[]', '[]', $2
  FROM unnest($1::text[]) AS made (name)
"""
_MADE_PEOPLE = f"""
INSERT INTO developer (id, name, email, role, timezone, max_load, created_at)
SELECT md5('person' || n)::uuid, 'Person ' || n, 'person' || n || '@example.com', 'DEVELOPER', 'UTC', 1000, $1
  FROM generate_series(1, {PEOPLE}) n
"""
_ISSUES = f"""
CREATE UNLOGGED TABLE history.issue AS
SELECT k, md5('key' || k)::uuid AS key_id, md5('issue' || k)::uuid AS issue_id,
       md5('project' || (ARRAY{list(PROJECTS)})[(ARRAY{_PROJECT_OF})[1 + k % {SERVICES}]])::uuid AS project_id,
       'service-' || k % {SERVICES} AS service,
       (ARRAY['INFO', 'LOW', 'MEDIUM', 'HIGH', 'CRITICAL'])[1 + floor(5 * sqrt({_drawn("k", 1)}))::int] AS severity,
       {_one_of(_TYPES, "k", 2)} AS error_type,
       {_one_of(_SUBJECTS, "k", 3)} || ' ' || k || ' ' || {_one_of(_FAULTS, "k", 4)} || ' after '
         || {_one_of(_CAUSES, "k", 5)} || ' of ' || {_one_of(_SUBJECTS, "k", 6)} || ' in step_' || k % 500 AS message,
       {_one_of(_STATUSES, "k", 7)} AS status
  FROM generate_series(1::bigint, $1::bigint) k
"""
_FACTS = f"""
CREATE UNLOGGED TABLE history.fact AS
SELECT n, at, env, release, who, issue.*,
       (lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0') || '7'
         || lpad(to_hex(hashint8extended(n, 11) & 4095), 3, '0') || '8'
         || lpad(to_hex(hashint8extended(n, 12) & 1152921504606846975), 15, '0'))::uuid AS id
  FROM (SELECT n, $2::timestamptz + n * ($3::timestamptz - $2) / $1::bigint AS at,
               (ARRAY['production', 'production', 'production', 'production', 'staging', 'development'])
                 [1 + floor(6 * {_drawn("n", 8)})::int] AS env,
               '1.' || n * {DAYS * RELEASES_A_DAY} / $1::bigint || '.0' AS release,
               CASE WHEN n % 5 = 0 THEN floor(20000 * {_drawn("n", 9)})::int END AS who,
               CASE WHEN n % 2 = 0 THEN floor(power({_STAYING}, {_drawn("n", 10)}))::bigint
                    ELSE {_STAYING} + 1 + mod(($4::bigint - {_STAYING}) * n / $1::bigint + floor({_LIFE_DAYS} / {DAYS}.0
                         * ($4::bigint - {_STAYING}) * {_drawn("n", 10)})::bigint, $4::bigint - {_STAYING}) END AS k
          FROM generate_series(0::bigint, $1::bigint - 1) n) drawn
  JOIN history.issue issue USING (k)
"""
_EVENTS = """
INSERT INTO event (project_id, id, event_id, grouping_key_id, service, environment, release, severity, error_type,
                   message, source, occurred_at, received_at, payload, ingest_notes)
SELECT project_id, f.id, f.n::text, key_id, service, env, release, severity, error_type, message, 'GRAPHQL', at, at,
       p.payload, '{}'
  FROM history.fact f JOIN history.payload p ON p.n = f.n % $3::bigint
 WHERE at >= $1 AND at < $2 ORDER BY at
"""
_MADE = "CREATE TABLE history.made (events bigint, issues bigint, since timestamptz, until timestamptz)"
# What the writer counts as events come, and what it makes of the first of an issue.
_COUNTED = (
    """CREATE UNLOGGED TABLE history.seen AS
       SELECT k, count(*) AS events, count(DISTINCT who) AS users, min(at) AS first_at, max(at) AS last_at,
              (array_agg(id ORDER BY at DESC))[1] AS last_id,
              (array_agg(release ORDER BY at))[1] AS first_release,
              (array_agg(release ORDER BY at DESC))[1] AS last_release
         FROM history.fact GROUP BY k""",
    f"""INSERT INTO key_frames (key_id, words, identifiers)
        SELECT key_id, translate({_FRAMES}, '._', '  '), '' FROM history.issue JOIN history.seen USING (k)""",
    f"""INSERT INTO issue (id, project_id, short_id, title, error_type, message, culprit, service, severity,
                           severity_is_set, status, is_regression, first_seen_at, first_release, assignee_id,
                           assignment_reason, assigned_at, resolved_at, resolution, version, frames)
        SELECT issue_id, project_id, 'MADE-' || to_hex(k), error_type || ': ' || message, error_type, message,
               'shop.part' || k % 300 || ' in handle', service, severity, false, status, k % 50 = 0, first_at,
               first_release, CASE WHEN k % 3 = 0 THEN md5('person' || 1 + k / 3 % {PEOPLE})::uuid END,
               CASE WHEN k % 3 = 0 THEN 'is on call' END, CASE WHEN k % 3 = 0 THEN first_at END,
               CASE WHEN status = 'RESOLVED' THEN least(last_at, first_at + interval '2 days') END,
               CASE WHEN status = 'RESOLVED' THEN 'FIXED' END, 1, search
          FROM history.issue JOIN history.seen USING (k) JOIN key_frames USING (key_id)""",
    """INSERT INTO grouping_key (id, project_id, hash, version, kind, issue_id, created_at)
       SELECT key_id, project_id, decode(md5('hash' || k), 'hex'), 1, 'IN_APP', issue_id, first_at
         FROM history.issue JOIN history.seen USING (k)""",
    """INSERT INTO issue_counter (project_id, issue_id, event_count, user_count, last_seen_at, last_event_id,
                                  last_release, last_day, last_day_count, most_a_day)
       SELECT project_id, issue_id, events, users, last_at, last_id, last_release, last_day, last_day_count,
              most_a_day
         FROM history.issue JOIN history.seen USING (k)
         JOIN (SELECT k, max(day) AS last_day, (array_agg(n ORDER BY day DESC))[1] AS last_day_count,
                      max(n) AS most_a_day
                 FROM (SELECT k, (at AT TIME ZONE 'UTC')::date AS day, count(*) AS n
                         FROM history.fact GROUP BY 1, 2) AS of_day
                GROUP BY 1) AS days USING (k)""",
    """INSERT INTO activity (id, project_id, issue_id, kind, actor_kind, at)
       SELECT md5('activity' || k)::uuid, project_id, issue_id, 'FIRST_SEEN', 'SYSTEM', first_at
         FROM history.issue JOIN history.seen USING (k)""",
    """INSERT INTO key_facet (project_id, key_id, kind, value, first_seen_at)
       SELECT project_id, key_id, 'environment', env, min(at) FROM history.fact GROUP BY 1, 2, 4
       UNION ALL
       SELECT project_id, key_id, 'release', release, min(at) FROM history.fact GROUP BY 1, 2, 4""",
    """INSERT INTO release (project_id, version, first_seen_at)
       SELECT project_id, release, min(at) FROM history.fact GROUP BY 1, 2""",
    """INSERT INTO key_user (project_id, key_id, user_hash)
       SELECT DISTINCT project_id, key_id, decode(md5('user' || who), 'hex') FROM history.fact WHERE who IS NOT NULL""",
    """INSERT INTO daily_count (project_id, day, key_id, environment, severity, event_count)
       SELECT project_id, (at AT TIME ZONE 'UTC')::date, key_id, env, severity, count(*)
         FROM history.fact GROUP BY 1, 2, 3, 4, 5 ORDER BY 2""",
    """INSERT INTO issue_span (project_id, issue_id, environment, severity, first_day, last_day)
       SELECT project_id, issue_id, coalesce(environment, ''), c.severity, min(day), max(day)
         FROM daily_count c JOIN history.issue USING (project_id, key_id)
        GROUP BY GROUPING SETS ((project_id, issue_id, environment, c.severity), (project_id, issue_id, c.severity))""",
    """UPDATE issue_seen s SET last_day = t.last_day
         FROM (SELECT issue_id, max(last_day) AS last_day FROM issue_span GROUP BY 1) AS t
        WHERE t.issue_id = s.issue_id""",
    """INSERT INTO hourly_count (project_id, hour, service, environment, severity, release, event_count)
       SELECT project_id, date_trunc('hour', at, 'UTC'), service, env, severity, release, count(*)
         FROM history.fact GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 2""",
    f"""INSERT INTO day_count (project_id, day, service, environment, severity, release, event_count,
                               {", ".join(HOURS_OF_DAY)})
       SELECT project_id, (at AT TIME ZONE 'UTC')::date, service, env, severity, release, count(*),
              {", ".join(f"count(*) FILTER (WHERE extract(hour FROM at AT TIME ZONE 'UTC') = {h})" for h in range(24))}
         FROM history.fact GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 2""",
    """INSERT INTO minute_count (project_id, minute, service, environment, severity, event_count)
       SELECT project_id, date_trunc('minute', at, 'UTC'), service, env, severity, count(*)
         FROM history.fact WHERE at >= (SELECT max(at) FROM history.fact) - interval '25 hours'
        GROUP BY 1, 2, 3, 4, 5""",
    """INSERT INTO seen_user (project_id, day, service, environment, severity, user_hash)
       SELECT DISTINCT project_id, (at AT TIME ZONE 'UTC')::date, service, env, severity,
              decode(md5('user' || who), 'hex') FROM history.fact WHERE who IS NOT NULL
        ORDER BY 1, 2, 3, 4, 5""",
)


@dataclass(frozen=True)
class History:
    """What was made: so many events of so many issues, the last of them at `until`."""

    events: int
    issues: int
    since: datetime
    until: datetime


async def make_history(stage: Stage, events: int) -> History:
    """Leave so many events of the last ninety days, with all that the writer keeps beside them.

    One that was made before in the same stores is left as it is, however old.
    """
    connection = await asyncpg.connect(stage.settings.database_url, timeout=60)
    try:
        if await connection.fetchval("SELECT to_regclass('history.made')"):
            return await _made(connection)
        until = SystemClock().now().replace(microsecond=0)
        history = History(events, events // _EVENTS_AN_ISSUE, until - timedelta(days=DAYS), until)
        await _make_days(stage, history)
        await _make(connection, stage, history)
        return history
    finally:
        await connection.close()


async def _made(connection: asyncpg.Connection) -> History:
    row = await connection.fetchrow("SELECT events, issues, since, until FROM history.made")
    assert row is not None
    return History(**dict(row))


async def _make(connection: asyncpg.Connection, stage: Stage, history: History) -> None:
    payloads = await _payloads(connection, stage)
    await connection.execute("SET synchronous_commit = off; SET work_mem = '256MB'; " + _SCHEMA)
    await connection.execute("CREATE TABLE history.payload (n bigint, payload bytea)")
    await connection.executemany("INSERT INTO history.payload VALUES ($1, $2)", list(enumerate(payloads)))
    await connection.execute(_MADE_PROJECTS, list(PROJECTS), history.since)
    await connection.execute(_MADE_PEOPLE, history.since)
    await connection.execute(_ISSUES.replace("$1", str(history.issues)))
    await connection.execute(
        _FACTS.replace("$1", str(history.events))
        .replace("$2", f"'{history.since.isoformat()}'")
        .replace("$3", f"'{history.until.isoformat()}'")
        .replace("$4", str(history.issues))
    )
    await connection.execute("CREATE INDEX ON history.fact (at); ANALYZE history.fact, history.issue, history.payload")
    await _events(stage, history, len(payloads))
    for statement in _COUNTED:
        await connection.execute(statement)
    async with open_resources(stage.settings) as res:
        await fold_users(res)
    for table in ("fact", "seen", "issue", "payload"):
        await connection.execute(f"DROP TABLE history.{table}")
    await connection.execute("VACUUM ANALYZE")
    await connection.execute(_MADE)
    told = (history.events, history.issues, history.since, history.until)
    await connection.execute("INSERT INTO history.made VALUES ($1, $2, $3, $4)", *told)


async def _make_days(stage: Stage, history: History) -> None:
    days = [history.since.date() + timedelta(days=ahead) for ahead in range(DAYS + 1)]
    async with open_resources(stage.settings) as res:
        await make_partitions(res, days)


async def _payloads(connection: asyncpg.Connection, stage: Stage) -> list[bytes]:
    """What the product makes of reports, as it stores it."""
    bodies = [orjson.dumps({"query": _LOG, "variables": {"inputs": inputs}}) for inputs in batches(1, _PAYLOADS)]
    key = {"Authorization": f"Bearer {stage.setup.ingest_key}"}
    with app(stage, "api.app:create_app", "/health/liveness") as ours:
        wholes = iter([request(ours.url + "/graphql", body, key) for body in bodies])
        await run_load(ours.url, wholes, connections=1, items=lambda _: 1)
    return [row["payload"] for row in await connection.fetch("SELECT payload FROM event LIMIT $1", _PAYLOADS)]


async def _events(stage: Stage, history: History, payloads: int) -> None:
    """Write the events day by day, two days at once."""
    left = iter([history.since.date() + timedelta(days=ahead) for ahead in range(DAYS + 1)])

    async def some() -> None:
        connection = await asyncpg.connect(stage.settings.database_url)
        await connection.execute("SET synchronous_commit = off; SET work_mem = '256MB'")
        for day in left:
            await connection.execute(_EVENTS, _midnight(day), _midnight(day + timedelta(days=1)), payloads)
        await connection.close()

    await asyncio.gather(*(some() for _ in range(_AT_ONCE)))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, datetime.min.time(), UTC)
