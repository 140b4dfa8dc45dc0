"""The figures of patterns, made anew from what is counted as events come: when an issue came to them, and each hour."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from domain.access import system
from domain.event import Severity
from domain.pattern import FEWEST_ISSUES, SPAN, trend_of
from domain.stats import change_percent
from resolvers.issue.grouping import newest_events
from resolvers.resources import Resources

AGAIN_AFTER = timedelta(hours=1)
_STEP = 200
_ENDPOINTS = 5
# So many of a pattern's issues that were seen last are asked for where they happened.
_LOOKED_AT = 20
_DUE = "SELECT id FROM pattern WHERE figures_due_at <= $1 ORDER BY figures_due_at, id LIMIT $2"
_ISSUES = """
SELECT pattern_id, count(*)::int AS issues, sum(event_count)::bigint AS events, min(first_seen_at) AS first_seen_at,
       array_agg(DISTINCT service ORDER BY service) AS services, max(last_seen_at) AS last_seen_at
  FROM pattern_issue JOIN issue ON issue.id = issue_id JOIN issue_counter USING (issue_id)
 WHERE pattern_id = ANY($1::uuid[]) AND merged_into_id IS NULL
 GROUP BY pattern_id
"""
_DAYS = """
SELECT pattern_id, severity, sum(event_count)::bigint AS events,
       coalesce(sum(event_count) FILTER (WHERE day > $3), 0)::bigint AS recent,
       coalesce(sum(event_count) FILTER (WHERE day > $2 AND day <= $3), 0)::bigint AS before
  FROM pattern_issue JOIN grouping_key USING (issue_id) JOIN daily_count ON key_id = grouping_key.id
 WHERE pattern_id = ANY($1::uuid[])
 GROUP BY pattern_id, severity
"""
_NEWEST = """
SELECT asked.pattern_id, newest.issue_id
  FROM unnest($1::uuid[]) AS asked (pattern_id)
 CROSS JOIN LATERAL (
   SELECT issue_id FROM pattern_issue JOIN issue_counter USING (issue_id)
    WHERE pattern_issue.pattern_id = asked.pattern_id ORDER BY last_seen_at DESC, issue_id LIMIT $2
 ) AS newest
"""
_PUT = """
UPDATE pattern
   SET event_count = $2, issue_count = $3, services = $4, endpoints = $5, severities = $6, trend = $7, trend_rank = $8,
       change_percent = $9, last_seen_at = $10, detected_at = coalesce(detected_at, $11),
       figures_due_at = CASE WHEN coalesce(detected_at, $11) IS NOT NULL THEN $12::timestamptz END
 WHERE id = $1
"""
# One whose issues all went into others is of none until one of them comes back.
_EMPTY = """
UPDATE pattern SET issue_count = 0, event_count = 0,
                   figures_due_at = CASE WHEN detected_at IS NOT NULL THEN $2::timestamptz END
 WHERE id = ANY($1::uuid[])
"""


@dataclass(slots=True)
class _Days:
    """The events of one pattern by severity, of the last week, and of the one before."""

    severities: Counter[str] = field(default_factory=Counter)
    recent: int = 0
    before: int = 0


async def refresh_figures(res: Resources) -> int:
    """Leave the figures of every pattern that are due as they are now; return of how many they were made.

    One that has a second issue now is known to people from now on.
    """
    now, made = res.clock.now(), 0
    while ids := [row["id"] for row in await res.db.raw.fetch(_DUE, now, _STEP)]:
        await _refresh(res, ids, now)
        made += len(ids)
    return made


async def _refresh(res: Resources, ids: Sequence[UUID], now: datetime) -> None:
    found = {row["pattern_id"]: row for row in await res.db.raw.fetch(_ISSUES, ids)}
    shown = [id for id, row in found.items() if row["issues"] >= FEWEST_ISSUES]
    days, endpoints = await _days(res, shown, now), await _endpoints(res, shown)
    rows: list[tuple[Any, ...]] = []
    for id, row in found.items():
        counted = days[id]
        trend = trend_of(counted.recent, counted.before, first_seen_at=row["first_seen_at"], now=now)
        spread = (row["services"], endpoints[id], {each.value: counted.severities[each] for each in Severity})
        course = (trend, trend.rank, change_percent(counted.recent, counted.before), row["last_seen_at"])
        detected_at = now if row["issues"] >= FEWEST_ISSUES else None
        rows.append((id, row["events"], row["issues"], *spread, *course, detected_at, now + AGAIN_AFTER))
    async with res.db.raw.acquire() as connection, connection.transaction():
        await connection.executemany(_PUT, rows)
        await connection.execute(_EMPTY, [id for id in ids if id not in found], now + AGAIN_AFTER)


async def _days(res: Resources, ids: Sequence[UUID], now: datetime) -> defaultdict[UUID, _Days]:
    today, week = now.date(), timedelta(days=SPAN.days)
    found: defaultdict[UUID, _Days] = defaultdict(_Days)
    for row in await res.db.raw.fetch(_DAYS, ids, today - 2 * week, today - week):
        days = found[row["pattern_id"]]
        days.severities[row["severity"]] += row["events"]
        days.recent += row["recent"]
        days.before += row["before"]
    return found


async def _endpoints(res: Resources, ids: Sequence[UUID]) -> defaultdict[UUID, list[list[Any]]]:
    """At which endpoints the issues of each pattern were seen last, the most common first, with how many were."""
    newest = {row["issue_id"]: row["pattern_id"] for row in await res.db.raw.fetch(_NEWEST, ids, _LOOKED_AT)}
    counts: defaultdict[UUID, Counter[str]] = defaultdict(Counter)
    async with res.db.reading() as session:
        events = await newest_events(session, system(), list(newest))
    for id, event in events.items():
        if endpoint := event.payload.get("endpoint"):
            counts[newest[id]][endpoint] += 1
    common = {id: [[*pair] for pair in count.most_common(_ENDPOINTS)] for id, count in counts.items()}
    return defaultdict(list, common)
