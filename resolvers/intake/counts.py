"""Counting what was added, hot rows last, every statement in the order of its keys, so that writers never deadlock."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from uuid import UUID

from asyncpg import Record

from models.issue import TAG
from models.stats import HOURS_OF_DAY
from resolvers.intake.connection import Connection
from resolvers.intake.incoming import Incoming, noted_tags

_FACETS = """
INSERT INTO key_facet (project_id, key_id, kind, value, first_seen_at)
SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::timestamptz[]) ORDER BY 1, 2, 3, 4
ON CONFLICT DO NOTHING
"""
# As many values of a tag are noted with a key: what has a value of its own in each event would fill the disk. Of those
# that are full already nothing comes back but that they are.
_TAGS = """
WITH came AS (
  SELECT c.*, row_number() OVER (PARTITION BY project_id, key_id, kind ORDER BY value) AS nth
    FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::timestamptz[])
         AS c (project_id, key_id, kind, value, first_seen_at)
   WHERE NOT EXISTS (SELECT FROM key_facet f
                      WHERE (f.project_id, f.key_id, f.kind, f.value) = (c.project_id, c.key_id, c.kind, c.value))
), placed AS (
  SELECT came.*, nth + (SELECT count(*) FROM (SELECT FROM key_facet f
                                               WHERE f.project_id = came.project_id AND f.key_id = came.key_id
                                                 AND f.kind = came.kind LIMIT $6) AS there) AS place
    FROM came
), noted AS (
  INSERT INTO key_facet (project_id, key_id, kind, value, first_seen_at)
  SELECT project_id, key_id, kind, value, first_seen_at FROM placed WHERE place <= $6 ORDER BY 1, 2, 3, 4
  ON CONFLICT DO NOTHING
)
SELECT DISTINCT project_id, key_id, kind FROM placed WHERE place > $6
"""
_RELEASES = """
INSERT INTO release (project_id, version, first_seen_at)
SELECT * FROM unnest($1::uuid[], $2::text[], $3::timestamptz[]) ORDER BY 1, 2
ON CONFLICT DO NOTHING
"""
# Of earlier days the counts are not at hand: what comes late for one might have come to the one with most.
_ISSUES = """
INSERT INTO issue_counter AS c
       (project_id, issue_id, event_count, user_count, last_seen_at, last_event_id, last_release, last_day,
        last_day_count, most_a_day)
SELECT came.*, event_count
  FROM unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::bigint[], $5::timestamptz[], $6::uuid[], $7::text[],
              $8::date[], $9::bigint[])
       AS came (project_id, issue_id, event_count, user_count, last_seen_at, last_event_id, last_release, last_day,
                last_day_count)
 ORDER BY 2
ON CONFLICT (issue_id) DO UPDATE
   SET event_count = c.event_count + excluded.event_count,
       last_seen_at = greatest(c.last_seen_at, excluded.last_seen_at),
       last_event_id = greatest(c.last_event_id, excluded.last_event_id),
       last_release = coalesce(excluded.last_release, c.last_release),
       last_day = greatest(c.last_day, excluded.last_day),
       last_day_count = CASE WHEN excluded.last_day > c.last_day THEN 0 ELSE c.last_day_count END
                      + CASE WHEN excluded.last_day < c.last_day THEN 0 ELSE excluded.last_day_count END,
       most_a_day = CASE WHEN excluded.last_day < c.last_day OR excluded.last_day_count < excluded.event_count
                         THEN c.most_a_day + excluded.event_count
                         WHEN excluded.last_day > c.last_day THEN greatest(c.most_a_day, excluded.last_day_count)
                         ELSE greatest(c.most_a_day, c.last_day_count + excluded.last_day_count) END
"""
# The counter of the issue is locked by now, so of two writers with the same user the later one sees the earlier.
_NEW_USERS = """
WITH seen AS (SELECT * FROM unnest($1::uuid[], $2::bytea[], $3::uuid[]) AS inserted (issue_id, user_hash, key_id))
UPDATE issue_counter SET user_count = user_count + fresh.users
  FROM (SELECT seen.issue_id, count(DISTINCT seen.user_hash) AS users
          FROM seen
         WHERE NOT EXISTS (SELECT FROM grouping_key g
                             JOIN key_user u ON u.project_id = g.project_id AND u.key_id = g.id
                            WHERE g.issue_id = seen.issue_id AND u.user_hash = seen.user_hash
                              AND (u.key_id, u.user_hash) NOT IN (SELECT s.key_id, s.user_hash FROM seen s))
         GROUP BY seen.issue_id) AS fresh
 WHERE issue_counter.issue_id = fresh.issue_id
"""
_IN_EACH_HOUR = ", ".join(
    f"coalesce(sum(n) FILTER (WHERE extract(hour FROM hour AT TIME ZONE 'UTC') = {hour}), 0)" for hour in range(24)
)
# One round trip for what would be seven: each waits for the loop, which has requests to read meanwhile. That each part
# asks for the count of the one before fixes their order, and with it that of the locks. What is the first of a key's on
# a day, which a row without a deleter is, may make the span of its issue longer. Days are added up from their hours.
_REST = f"""
WITH users AS (
  INSERT INTO key_user (project_id, key_id, user_hash)
  SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::bytea[]) ORDER BY 1, 2, 3
  ON CONFLICT DO NOTHING
  RETURNING key_id, user_hash
), seen AS (
  INSERT INTO seen_user (project_id, day, service, environment, severity, user_hash)
  SELECT * FROM unnest($29::uuid[], $30::date[], $31::text[], $32::text[], $33::text[], $34::bytea[])
   WHERE (SELECT count(*) FROM users) >= 0
   ORDER BY 1, 2, 3, 4, 5, 6
  ON CONFLICT DO NOTHING
  RETURNING 1
), days AS (
  INSERT INTO daily_count AS c (project_id, day, key_id, environment, severity, event_count)
  SELECT * FROM unnest($4::uuid[], $5::date[], $6::uuid[], $7::text[], $8::text[], $9::bigint[])
   WHERE (SELECT count(*) FROM seen) >= 0
   ORDER BY 1, 2, 3, 4, 5
  ON CONFLICT (project_id, day, key_id, environment, severity) DO UPDATE
     SET event_count = c.event_count + excluded.event_count
  RETURNING project_id, day, key_id, environment, severity, xmax = 0 AS is_new
), spans AS (
  INSERT INTO issue_span AS s (project_id, issue_id, environment, severity, first_day, last_day)
  SELECT project_id, issue_id, coalesce(environment, ''), severity, min(day), max(day)
    FROM days JOIN unnest($6::uuid[], $35::uuid[]) AS behind (key_id, issue_id) USING (key_id)
   WHERE is_new
   GROUP BY GROUPING SETS ((project_id, issue_id, environment, severity), (project_id, issue_id, severity))
   ORDER BY 1, 2, 3, 4
  ON CONFLICT (project_id, issue_id, environment, severity) DO UPDATE
     SET first_day = least(s.first_day, excluded.first_day), last_day = greatest(s.last_day, excluded.last_day)
  RETURNING 1
), dates AS (
  INSERT INTO day_count AS c (project_id, day, service, environment, severity, release, event_count,
                              {", ".join(HOURS_OF_DAY)})
  SELECT project_id, (hour AT TIME ZONE 'UTC')::date, service, environment, severity, release, sum(n), {_IN_EACH_HOUR}
    FROM unnest($10::uuid[], $11::timestamptz[], $12::text[], $13::text[], $14::text[], $15::text[], $16::bigint[])
         AS came (project_id, hour, service, environment, severity, release, n)
   WHERE (SELECT count(*) FROM spans) >= 0
   GROUP BY 1, 2, 3, 4, 5, 6
   ORDER BY 1, 2, 3, 4, 5, 6
  ON CONFLICT (project_id, day, service, environment, severity, release) DO UPDATE
     SET event_count = c.event_count + excluded.event_count,
         {", ".join(f"{name} = c.{name} + excluded.{name}" for name in HOURS_OF_DAY)}
  RETURNING 1
), hours AS (
  INSERT INTO hourly_count AS c (project_id, hour, service, environment, severity, release, event_count)
  SELECT * FROM unnest($10::uuid[], $11::timestamptz[], $12::text[], $13::text[], $14::text[], $15::text[],
                       $16::bigint[])
   WHERE (SELECT count(*) FROM dates) >= 0
   ORDER BY 1, 2, 3, 4, 5, 6
  ON CONFLICT (project_id, hour, service, environment, severity, release) DO UPDATE
     SET event_count = c.event_count + excluded.event_count
  RETURNING 1
), minutes AS (
  INSERT INTO minute_count AS c (project_id, minute, service, environment, severity, event_count)
  SELECT * FROM unnest($17::uuid[], $18::timestamptz[], $19::text[], $20::text[], $21::text[], $22::bigint[])
   WHERE (SELECT count(*) FROM hours) >= 0
   ORDER BY 1, 2, 3, 4, 5
  ON CONFLICT (project_id, minute, service, environment, severity) DO UPDATE
     SET event_count = c.event_count + excluded.event_count
  RETURNING 1
), told AS (
  INSERT INTO feed (day, project_id, kind, issue_id, subject_id, facts)
  SELECT day, project_id, kind, issue_id, subject_id, facts::jsonb
    FROM unnest($23::date[], $24::uuid[], $25::text[], $26::uuid[], $27::uuid[], $28::text[])
         WITH ORDINALITY AS came (day, project_id, kind, issue_id, subject_id, facts, place)
   WHERE (SELECT count(*) FROM minutes) >= 0
   ORDER BY place
)
SELECT key_id, user_hash FROM users
"""  # noqa: S608 - the names of our own columns
MOST_VALUES = 50


@dataclass(frozen=True, slots=True)
class Added:
    """An event that was not there before, the key it came by, and the issue behind that."""

    event: Incoming
    key_id: UUID
    issue_id: UUID


class Lately:
    """What is surely in the database, so that it is not written again; the older half is forgotten at a time.

    Only digests are held, of 64 bits and of this process: that two are the same by chance is as good as never.
    """

    def __init__(self, most: int) -> None:
        self._young: set[int] = set()
        self._old: set[int] = set()
        self._most = most // 2

    def missing(self, entries: Iterable[tuple[object, ...]]) -> set[tuple[object, ...]]:
        """Those that are not known."""
        return {entry for entry in entries if self.lacks(entry)}

    def lacks(self, entry: tuple[object, ...]) -> bool:
        """Whether it is not known."""
        digest = hash(entry)
        return digest not in self._young and digest not in self._old

    def learn(self, entries: Iterable[tuple[object, ...]]) -> None:
        """Know these, now that they are committed."""
        self._young.update(map(hash, entries))
        if len(self._young) > self._most:
            self._young, self._old = set(), self._young


@dataclass(frozen=True, slots=True)
class Known:
    """What a writer knows to be there: facets, tags and releases, the users of a day, and days of keys."""

    facets: Lately = field(default_factory=partial(Lately, 200_000))
    users: Lately = field(default_factory=partial(Lately, 20_000))
    days: Lately = field(default_factory=partial(Lately, 200_000))


async def add_facets(connection: Connection, added: Sequence[Added], known: Lately) -> set[tuple[object, ...]]:
    """Leave each environment, release and tag noted with its key and project; return what to learn after the commit."""
    facets = known.missing(
        (item.event.project_id, item.key_id, kind, value)
        for item in added
        for kind, value in (("environment", item.event.report.environment), ("release", item.event.report.release))
        if value
    )
    if facets:
        at = added[0].event.received_at
        rows = sorted((*facet, at) for facet in facets)
        await connection.execute(_FACETS, *zip(*rows, strict=True))
    tags = await _add_tags(connection, added, known)
    releases = known.missing(
        (item.event.project_id, item.event.report.release) for item in added if item.event.report.release
    )
    if releases:
        rows = sorted((*release, added[0].event.received_at) for release in releases)
        await connection.execute(_RELEASES, *zip(*rows, strict=True))
    return facets | tags | releases


async def _add_tags(connection: Connection, added: Sequence[Added], known: Lately) -> set[tuple[object, ...]]:
    """Leave the first values of each tag noted with its key; return what to learn: these, and which tags are full."""
    tags = known.missing(
        (item.event.project_id, item.key_id, f"{TAG}{tag}", value)
        for item in added
        for tag, value in noted_tags(item.event.report.tags)
    )
    tags = {entry for entry in tags if known.lacks(entry[:3])}
    if not tags:
        return tags
    rows = sorted((*entry, added[0].event.received_at) for entry in tags)
    full = await connection.fetch(_TAGS, *zip(*rows, strict=True), MOST_VALUES)
    return tags | {tuple(row) for row in full}


async def count_and_tell(
    connection: Connection, added: Sequence[Added], feed: Sequence[tuple[object, ...]], known: Lately
) -> set[tuple[object, ...]]:
    """Count the events by issue, user, day, hour and minute, and leave the rows of the feed, in their order.

    Return what users to learn after the commit.
    """
    await _count_issues(connection, added)
    users = {
        (item.event.project_id, item.key_id, item.event.user_hash): item.issue_id
        for item in added
        if item.event.user_hash
    }
    days: Counter[tuple[object, ...]] = Counter()
    hours: Counter[tuple[object, ...]] = Counter()
    minutes: Counter[tuple[object, ...]] = Counter()
    seen: set[tuple[object, ...]] = set()
    for item in added:
        event, report = item.event, item.event.report
        project_id, minute = event.project_id, event.received_at.replace(second=0, microsecond=0)
        kind = report.service, report.environment, report.severity
        days[project_id, minute.date(), item.key_id, *kind[1:]] += 1
        hours[project_id, minute.replace(minute=0), *kind, report.release or ""] += 1
        minutes[project_id, minute, *kind] += 1
        if event.user_hash:
            seen.add((project_id, minute.date(), *kind, event.user_hash))
    who = zip(*sorted(users), strict=True) if users else ([], [], [])
    counts = (*_columns(days), *_columns(hours), *_columns(minutes))
    issue_of: dict[object, UUID] = {item.key_id: item.issue_id for item in added}
    behind = [issue_of[key_id] for _, _, key_id, *_ in sorted(days)]
    missing = known.missing(seen)
    that_day = zip(*sorted(missing), strict=True) if missing else ([],) * 6
    new = await connection.fetch(_REST, *who, *counts, *zip(*feed, strict=True), *that_day, behind)
    if new:
        await _count_new_users(connection, new, users)
    return missing


async def _count_issues(connection: Connection, added: Sequence[Added]) -> None:
    counts = Counter(item.issue_id for item in added)
    latest = {item.issue_id: item.event for item in added}
    releases = {item.issue_id: item.event.report.release for item in added if item.event.report.release}
    # In the order of days, so that the last one of each issue stays.
    days = sorted(Counter((item.issue_id, item.event.received_at.date()) for item in added).items())
    last_day = {issue_id: (day, count) for (issue_id, day), count in days}
    rows = [
        (
            *(event.project_id, issue_id, counts[issue_id], 0, event.received_at, event.id, releases.get(issue_id)),
            *last_day[issue_id],
        )
        for issue_id, event in sorted(latest.items())
    ]
    await connection.execute(_ISSUES, *zip(*rows, strict=True))


async def _count_new_users(
    connection: Connection, new: Sequence[Record], users: Mapping[tuple[UUID, UUID, bytes], UUID]
) -> None:
    issues = {(key_id, user): issue_id for (_, key_id, user), issue_id in users.items()}
    rows = [(issues[row["key_id"], row["user_hash"]], row["user_hash"], row["key_id"]) for row in new]
    await connection.execute(_NEW_USERS, *zip(*rows, strict=True))


def _columns(counts: Counter[tuple[object, ...]]) -> Iterable[tuple[object, ...]]:
    return zip(*((*key, count) for key, count in sorted(counts.items())), strict=True)
