"""Counting anew what keys have brought to issues, from what is kept by key. The caller holds the project alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import Row, TextClause, text

from core.db import Transaction
from core.ids import lowest_uuid7
from domain.event import Severity
from domain.merge import worst
from models import Event, GroupingKey, Issue, IssueCounter

_EVENTS = text("""
SELECT k.id, coalesce(sum(d.event_count), 0)::bigint AS events, max(d.day) AS day,
       array_agg(DISTINCT d.severity) FILTER (WHERE d.severity IS NOT NULL) AS severities
  FROM grouping_key k
  LEFT JOIN daily_count d ON d.project_id = k.project_id AND d.key_id = k.id
 WHERE k.id = ANY(:keys)
 GROUP BY k.id
""")
_FORGET_SPANS = text("DELETE FROM issue_span WHERE project_id = :project AND issue_id = ANY(:issues)")
_SPANS = text("""
INSERT INTO issue_span (project_id, issue_id, environment, severity, first_day, last_day)
SELECT k.project_id, k.issue_id, coalesce(d.environment, ''), d.severity, min(d.day), max(d.day)
  FROM grouping_key k JOIN daily_count d ON d.project_id = k.project_id AND d.key_id = k.id
 WHERE k.project_id = :project AND k.issue_id = ANY(:issues)
 GROUP BY GROUPING SETS ((k.project_id, k.issue_id, d.environment, d.severity), (k.project_id, k.issue_id, d.severity))
""")
_LAST_DAYS = text("""
UPDATE issue_seen s
   SET last_day = (SELECT max(last_day) FROM issue_span WHERE project_id = s.project_id AND issue_id = s.issue_id)
 WHERE issue_id = ANY(:issues)
""")
_MOST_A_DAY = text("""
UPDATE issue_counter c SET last_day = t.last_day, last_day_count = t.last_day_count, most_a_day = t.most_a_day
  FROM (SELECT issue_id, max(day) AS last_day, (array_agg(events ORDER BY day DESC))[1] AS last_day_count,
               max(events) AS most_a_day
          FROM (SELECT k.issue_id, d.day, sum(d.event_count)::bigint AS events
                  FROM grouping_key k JOIN daily_count d ON d.project_id = k.project_id AND d.key_id = k.id
                 WHERE k.project_id = :project AND k.issue_id = ANY(:issues)
                 GROUP BY 1, 2) AS of_day
         GROUP BY 1) AS t
 WHERE t.issue_id = c.issue_id
""")
_USERS = text("""
SELECT count(DISTINCT u.user_hash)
  FROM grouping_key k
  JOIN key_user u ON u.project_id = k.project_id AND u.key_id = k.id
 WHERE k.id = ANY(:keys)
""")
# Ids are made in the order of receipt but within a millisecond, so a few are looked at.
_LATEST = text("""
SELECT max(e.id::text)::uuid AS id, max(e.received_at) AS received_at
  FROM grouping_key k
 CROSS JOIN LATERAL (SELECT id, received_at FROM event
                      WHERE project_id = k.project_id AND grouping_key_id = k.id ORDER BY id DESC LIMIT 16) AS e
 WHERE k.id = ANY(:keys)
""")
_OLDEST = text("""
SELECT e.id
  FROM grouping_key k
 CROSS JOIN LATERAL (SELECT id FROM event
                      WHERE project_id = k.project_id AND grouping_key_id = k.id ORDER BY id LIMIT 1) AS e
 WHERE k.id = ANY(:keys)
 ORDER BY e.id LIMIT 1
""")
# Only keys that were ever seen with a release are searched for the last one.
_LAST_RELEASE = text("""
SELECT e.release
  FROM (SELECT DISTINCT project_id, key_id FROM key_facet
         WHERE project_id = :project AND key_id = ANY(:keys) AND kind = 'release') AS k
 CROSS JOIN LATERAL (SELECT id, release FROM event
                      WHERE project_id = k.project_id AND grouping_key_id = k.key_id AND release IS NOT NULL
                      ORDER BY id DESC LIMIT 1) AS e
 ORDER BY e.id DESC LIMIT 1
""")
_NEWEST_RELEASE = text("""
SELECT value FROM key_facet
 WHERE project_id = :project AND key_id = ANY(:keys) AND kind = 'release' ORDER BY first_seen_at DESC, value LIMIT 1
""")
_FIRST_RELEASE = text("""
SELECT value FROM key_facet
 WHERE project_id = :project AND key_id = ANY(:keys) AND kind = 'release' ORDER BY first_seen_at, value LIMIT 1
""")


@dataclass(frozen=True, slots=True)
class Tally:
    """What some keys have brought together. `severity` is the worst, none where no event came by them."""

    event_count: int
    user_count: int
    severity: Severity | None
    first_seen_at: datetime
    last_seen_at: datetime
    last_event_id: UUID
    first_release: str | None
    last_release: str | None


async def events_by_key(tx: Transaction, keys: Sequence[GroupingKey]) -> dict[bytes, int]:
    """How many events came by each of the keys, ever."""
    digests = {key.id: key.hash for key in keys}
    return {digests[row.id]: row.events for row in await _rows(tx, _EVENTS, keys)}


async def tally_keys(tx: Transaction, keys: Sequence[GroupingKey]) -> Tally:
    """What these keys, at least one, of one project have brought together.

    Where no event of theirs is kept any more, they were last seen on the last day on which one was counted.
    """
    counted = await _rows(tx, _EVENTS, keys)
    severities = [Severity(name) for row in counted for name in row.severities or ()]
    ((users,),) = await _rows(tx, _USERS, keys)
    (latest,) = await _rows(tx, _LATEST, keys)
    first_seen_at = min(key.created_at for key in keys)
    day = max((row.day for row in counted if row.day), default=first_seen_at.date())
    last_release = await _value(tx, _LAST_RELEASE, keys) or await _value(tx, _NEWEST_RELEASE, keys)
    return Tally(
        event_count=sum(row.events for row in counted),
        user_count=users,
        severity=worst(severities) if severities else None,
        first_seen_at=first_seen_at,
        last_seen_at=latest.received_at or max(first_seen_at, datetime.combine(day, time(), UTC)),
        last_event_id=latest.id or _no_event(day),
        first_release=await _value(tx, _FIRST_RELEASE, keys),
        last_release=last_release,
    )


async def recount_days(tx: Transaction, issues: Sequence[Issue]) -> None:
    """Leave spans, last days and most a day of these issues of one project as the keys say that lead to them now.

    What has no key any more has no span, and keeps what its counter says of days: it had no more than that.
    """
    await tx.session.flush()
    connection = await tx.session.connection()
    given = {"project": issues[0].project_id, "issues": [issue.id for issue in issues]}
    await connection.execute(_FORGET_SPANS, given)
    await connection.execute(_SPANS, given)
    await connection.execute(_LAST_DAYS, given)
    await connection.execute(_MOST_A_DAY, given)


async def oldest_event(tx: Transaction, keys: Sequence[GroupingKey]) -> Event | None:
    """The oldest event that came by one of these keys and is kept."""
    found = await _rows(tx, _OLDEST, keys)
    return await tx.session.get(Event, (keys[0].project_id, found[0].id)) if found else None


def write_tally(issue: Issue, counter: IssueCounter, tally: Tally) -> None:
    """Leave the issue, and its counter, as the keys say; a severity that was set by hand stays."""
    issue.first_seen_at, issue.first_release = tally.first_seen_at, tally.first_release
    if tally.severity is not None and not issue.severity_is_set:
        issue.severity = tally.severity
    counter.event_count, counter.user_count = tally.event_count, tally.user_count
    counter.last_seen_at, counter.last_event_id = tally.last_seen_at, tally.last_event_id
    counter.last_release = tally.last_release


def _no_event(day: date) -> UUID:
    """The id of no event, in the order of the others."""
    return lowest_uuid7(day)


async def _rows(tx: Transaction, query: TextClause, keys: Sequence[GroupingKey]) -> Sequence[Row[Any]]:
    connection = await tx.session.connection()
    return (await connection.execute(query, {"keys": [key.id for key in keys]})).all()


async def _value(tx: Transaction, query: TextClause, keys: Sequence[GroupingKey]) -> str | None:
    connection = await tx.session.connection()
    given = {"keys": [key.id for key in keys], "project": keys[0].project_id}
    value: str | None = (await connection.execute(query, given)).scalar()
    return value
