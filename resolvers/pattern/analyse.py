"""Finding patterns: the issues of a project by the template of their message, once a day."""

from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from asyncpg import Record
from sqlmodel import col, select

from core.ids import uuid7
from domain.access import system
from domain.event import Severity
from domain.message import parameterise
from domain.pattern import FEWEST_ISSUES, SPAN, change_percent, pattern_digest, trend_of
from models import Project
from resolvers.issue.grouping import newest_events
from resolvers.resources import Resources

_STEP = 1_000
_ENDPOINTS = 5
# So many of a pattern's issues that were seen last are asked for where they happened.
_LOOKED_AT = 20
_LOWEST = UUID(int=0)
_ISSUES = """
SELECT issue.id, error_type, message, service, severity, first_seen_at, event_count, last_seen_at
  FROM issue JOIN issue_counter ON issue_counter.issue_id = issue.id
 WHERE issue.project_id = $1 AND issue.id > $2 AND merged_into_id IS NULL
 ORDER BY issue.id LIMIT $3
"""
_WEEKS = """
SELECT issue_id, coalesce(sum(event_count) FILTER (WHERE day > $3), 0)::bigint AS recent,
       coalesce(sum(event_count) FILTER (WHERE day <= $3), 0)::bigint AS before
  FROM daily_count JOIN grouping_key ON grouping_key.id = daily_count.key_id
 WHERE daily_count.project_id = $1 AND day > $2
 GROUP BY issue_id
"""
_SEVERITIES = """
SELECT issue_id, severity, sum(event_count)::bigint AS count
  FROM daily_count JOIN grouping_key ON grouping_key.id = daily_count.key_id
 WHERE daily_count.project_id = $1 AND issue_id = ANY($2::uuid[])
 GROUP BY issue_id, severity
"""
_PUT = """
INSERT INTO pattern (id, project_id, digest, error_type, template, event_count, issue_count, services, endpoints,
                     severities, trend, trend_rank, change_percent, detected_at, last_seen_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
ON CONFLICT (project_id, digest) DO UPDATE
   SET template = excluded.template, event_count = excluded.event_count, issue_count = excluded.issue_count,
       services = excluded.services, endpoints = excluded.endpoints, severities = excluded.severities,
       trend = excluded.trend, trend_rank = excluded.trend_rank, change_percent = excluded.change_percent,
       last_seen_at = excluded.last_seen_at
"""
_DROP = "DELETE FROM pattern WHERE project_id = $1 AND NOT digest = ANY($2::bytea[])"
_UNLINK = "DELETE FROM pattern_issue USING pattern WHERE pattern.id = pattern_id AND project_id = $1"
_LINK = """
INSERT INTO pattern_issue (issue_id, pattern_id)
SELECT found.issue_id, pattern.id
  FROM unnest($2::uuid[], $3::bytea[]) AS found (issue_id, digest)
  JOIN pattern ON pattern.project_id = $1 AND pattern.digest = found.digest
ON CONFLICT (issue_id) DO UPDATE SET pattern_id = excluded.pattern_id
"""


@dataclass(slots=True)
class _Found:
    """One template with its issues."""

    error_type: str
    template: str
    issues: list[tuple[datetime, UUID]] = field(default_factory=list)
    services: set[str] = field(default_factory=set)
    events: int = 0
    first_seen_at: datetime | None = None
    last_seen_at: datetime | None = None

    def add(self, row: Record) -> None:
        """Count one more issue."""
        self.issues.append((row["last_seen_at"], row["id"]))
        self.services.add(row["service"])
        self.events += row["event_count"]
        self.first_seen_at = min(self.first_seen_at or row["first_seen_at"], row["first_seen_at"])
        self.last_seen_at = max(self.last_seen_at or row["last_seen_at"], row["last_seen_at"])


async def analyse_patterns(res: Resources) -> Mapping[str, int]:
    """Leave the patterns of every project as its issues and counts have them now; return how many there are."""
    async with res.db.reading() as session:
        projects = (await session.exec(select(Project.id).order_by(col(Project.id)))).all()
    patterns = 0
    for project_id in projects:
        patterns += await _analyse(res, project_id)
    return {"projects": len(projects), "patterns": patterns}


async def _analyse(res: Resources, project_id: UUID) -> int:
    by_digest: dict[bytes, _Found] = {}
    async for row in _issues_of(res, project_id):
        template = parameterise(row["message"])
        digest = pattern_digest(row["error_type"], template)
        by_digest.setdefault(digest, _Found(row["error_type"], template)).add(row)
    found = {digest: one for digest, one in by_digest.items() if len(one.issues) >= FEWEST_ISSUES}
    await _store(res, project_id, found, await _values(res, project_id, found))
    return len(found)


async def _issues_of(res: Resources, project_id: UUID) -> AsyncIterator[Record]:
    """Every issue of the project that was not merged away, read in steps."""
    after = _LOWEST
    while rows := await res.db.raw.fetch(_ISSUES, project_id, after, _STEP):
        for row in rows:
            yield row
        after = rows[-1]["id"]


async def _values(res: Resources, project_id: UUID, found: Mapping[bytes, _Found]) -> list[tuple[Any, ...]]:
    """The row of each pattern."""
    if not found:
        return []
    now = res.clock.now()
    today, week = now.date(), timedelta(days=SPAN.days)
    weeks = {
        row["issue_id"]: (row["recent"], row["before"])
        for row in await res.db.raw.fetch(_WEEKS, project_id, today - 2 * week, today - week)
    }
    severities = await _severities(res, project_id, found)
    endpoints = await _endpoints(res, found)
    rows: list[tuple[Any, ...]] = []
    for digest, one in found.items():
        recent = sum(weeks.get(id, (0, 0))[0] for _, id in one.issues)
        before = sum(weeks.get(id, (0, 0))[1] for _, id in one.issues)
        assert one.first_seen_at is not None
        trend = trend_of(recent, before, first_seen_at=one.first_seen_at, now=now)
        about = (uuid7(now), project_id, digest, one.error_type, one.template, one.events, len(one.issues))
        spread = (sorted(one.services), endpoints[digest], severities[digest])
        course = (trend, trend.rank, change_percent(recent, before), now, one.last_seen_at)
        rows.append((*about, *spread, *course))
    return rows


async def _severities(res: Resources, project_id: UUID, found: Mapping[bytes, _Found]) -> dict[bytes, dict[str, int]]:
    """How many events of each severity each pattern has, by the days that are counted."""
    of_issue = {id: digest for digest, one in found.items() for _, id in one.issues}
    counts: dict[bytes, Counter[str]] = {digest: Counter() for digest in found}
    for row in await res.db.raw.fetch(_SEVERITIES, project_id, list(of_issue)):
        counts[of_issue[row["issue_id"]]][row["severity"]] += row["count"]
    return {digest: {each.value: count[each] for each in Severity} for digest, count in counts.items()}


async def _endpoints(res: Resources, found: Mapping[bytes, _Found]) -> dict[bytes, list[list[Any]]]:
    """At which endpoints the issues of each pattern were seen last, the most common first, with how many were."""
    newest = {id: digest for digest, one in found.items() for _, id in sorted(one.issues)[-_LOOKED_AT:]}
    counts: defaultdict[bytes, Counter[str]] = defaultdict(Counter)
    for ids in _in_steps(list(newest)):
        async with res.db.reading() as session:
            events = await newest_events(session, system(), ids)
        for id, event in events.items():
            if endpoint := event.payload.get("endpoint"):
                counts[newest[id]][endpoint] += 1
    return {digest: [[*pair] for pair in counts[digest].most_common(_ENDPOINTS)] for digest in found}


def _in_steps(ids: Sequence[UUID]) -> list[Sequence[UUID]]:
    return [ids[start : start + _STEP] for start in range(0, len(ids), _STEP)]


async def _store(res: Resources, project_id: UUID, found: Mapping[bytes, _Found], rows: list[tuple[Any, ...]]) -> None:
    """Leave those patterns the project's, and no other."""
    links = [(id, digest) for digest, one in found.items() for _, id in one.issues]
    async with res.db.raw.acquire() as connection, connection.transaction():
        await connection.execute(_DROP, project_id, list(found))
        await connection.executemany(_PUT, rows)
        await connection.execute(_UNLINK, project_id)
        await connection.execute(_LINK, project_id, [id for id, _ in links], [digest for _, digest in links])
