"""Mining: each issue that is of no pattern yet comes to one, and patterns become one where they turn out to be."""

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from asyncpg import Record

from core.ids import lowest_uuid7_at, uuid7
from domain.mining import Group, Miner
from domain.pattern import Trend, pattern_digest
from domain.template import Words, join, split, words_of
from domain.timetable import ScheduledJob
from resolvers.resources import Resources

# An issue may be stored some time after its id was made: its event waited while PostgreSQL was away.
_OVERLAP = timedelta(days=7)
_STEP = 200
# So many templates of one type of error are looked at: those that people know first, then those seen last.
_MOST_KNOWN = 1_000
_LAST_RUN = "SELECT max(started_at) FROM scheduled_run WHERE job = $1 AND status = 'OK'"
_NEW = """
SELECT issue.id, issue.project_id, error_type, message, service, last_seen_at
  FROM issue JOIN issue_counter ON issue_counter.issue_id = issue.id
 WHERE issue.id > $1 AND merged_into_id IS NULL
   AND NOT EXISTS (SELECT FROM pattern_issue WHERE pattern_issue.issue_id = issue.id)
 ORDER BY issue.id LIMIT $2
"""
_KNOWN = """
SELECT asked.project_id, asked.error_type, known.id, known.template, known.is_told
  FROM unnest($1::uuid[], $2::text[]) AS asked (project_id, error_type)
 CROSS JOIN LATERAL (
   SELECT id, template, detected_at IS NOT NULL AS is_told FROM pattern
    WHERE project_id = asked.project_id AND error_type = asked.error_type AND merged_into_id IS NULL
    ORDER BY detected_at IS NOT NULL DESC, last_seen_at DESC LIMIT $3
 ) AS known
"""
_INSERT = """
INSERT INTO pattern (id, project_id, digest, error_type, template, event_count, issue_count, services, endpoints,
                     severities, trend, trend_rank, last_seen_at)
VALUES ($1, $2, $3, $4, $5, 0, 0, '{}', '[]', '{}', $6, $7, $8)
"""
_REFINE = "UPDATE pattern SET template = $2, digest = $3 WHERE id = $1"
_MOVE = """
UPDATE pattern_issue SET pattern_id = into_id FROM unnest($1::uuid[], $2::uuid[]) AS merged (id, into_id)
 WHERE pattern_id = merged.id
"""
_LEAD_ON = """
UPDATE pattern SET merged_into_id = into_id FROM unnest($1::uuid[], $2::uuid[]) AS merged (id, into_id)
 WHERE merged_into_id = merged.id
"""
_LEAD = """
UPDATE pattern SET merged_into_id = into_id, figures_due_at = NULL
  FROM unnest($1::uuid[], $2::uuid[]) AS merged (id, into_id) WHERE pattern.id = merged.id
"""
# Nobody can have asked by the id of one that had a single issue.
_FORGET = "DELETE FROM pattern WHERE id = ANY($1::uuid[]) AND detected_at IS NULL"
_LINK = """
INSERT INTO pattern_issue (issue_id, pattern_id) SELECT * FROM unnest($1::uuid[], $2::uuid[])
ON CONFLICT (issue_id) DO UPDATE SET pattern_id = excluded.pattern_id
"""
_MAKE_DUE = "UPDATE pattern SET figures_due_at = $2 WHERE id = ANY($1::uuid[])"


class _Kind(NamedTuple):
    """What is mined by itself: one type of error in one project."""

    project_id: UUID
    error_type: str


@dataclass(slots=True)
class _Mined:
    """What is known of one kind, how it was before, and the group of each issue."""

    known: dict[Group, Words]
    new: dict[Group, datetime] = field(default_factory=dict)
    issues: dict[UUID, Group] = field(default_factory=dict)

    def mine(self, rows: Iterable[Record], at: datetime) -> None:
        """Give each of the issues a group."""
        miner = Miner(self.known)
        for row in rows:
            group = miner.add(words_of(row["message"]), uuid7(at))
            self.issues[row["id"]] = group
            if group not in self.known:
                self.new.setdefault(group, row["last_seen_at"])

    @property
    def merged(self) -> list[Group]:
        """Those that were known and went into another."""
        return [group for group in self.known if group.into is not None]

    @property
    def refined(self) -> list[Group]:
        """Those that were known and have another template now."""
        return [group for group, before in self.known.items() if group.into is None and group.words != before]


async def mine_patterns(res: Resources) -> int:
    """Leave every issue that is new of a pattern, if of one that has no other; return how many came to one.

    New is what came in the week before the last time that this was done, or later; all, where it was never done.
    What is done is done step by step, each in a transaction, so that a crash leaves the rest to the next time.
    """
    last = await res.db.raw.fetchval(_LAST_RUN, ScheduledJob.ANALYSE_PATTERNS)
    after = UUID(int=0) if last is None else lowest_uuid7_at(last - _OVERLAP)
    mined = 0
    while rows := await res.db.raw.fetch(_NEW, after, _STEP):
        await _mine(res, rows)
        after, mined = rows[-1]["id"], mined + len(rows)
    return mined


async def _mine(res: Resources, rows: Sequence[Record]) -> None:
    at = res.clock.now()
    by_kind: defaultdict[_Kind, list[Record]] = defaultdict(list)
    for row in rows:
        by_kind[_Kind(row["project_id"], row["error_type"])].append(row)
    mined = {kind: _Mined(known) for kind, known in (await _known(res, list(by_kind))).items()}
    # Messages that were made to be nearly alike take a few milliseconds each: the loop has other work meanwhile.
    await asyncio.to_thread(_mine_all, mined, by_kind, at)
    async with res.db.raw.acquire() as connection, connection.transaction():
        await _store(connection, mined, at)


def _mine_all(mined: Mapping[_Kind, _Mined], rows: Mapping[_Kind, Sequence[Record]], at: datetime) -> None:
    for kind, those in rows.items():
        mined[kind].mine(those, at)


async def _known(res: Resources, kinds: Sequence[_Kind]) -> dict[_Kind, dict[Group, Words]]:
    """The groups of each kind that are known, and their words."""
    projects, types = [kind.project_id for kind in kinds], [kind.error_type for kind in kinds]
    found: dict[_Kind, dict[Group, Words]] = {kind: {} for kind in kinds}
    for row in await res.db.raw.fetch(_KNOWN, projects, types, _MOST_KNOWN):
        words = split(row["template"])
        group = Group(row["id"], words, is_told=row["is_told"])
        found[_Kind(row["project_id"], row["error_type"])][group] = words
    return found


async def _store(connection: Any, mined: Mapping[_Kind, _Mined], at: datetime) -> None:
    """Leave stored what was found."""
    new = [
        (group.id, kind.project_id, _digest(kind, group), kind.error_type, join(group.words), Trend.NEW,
         Trend.NEW.rank, seen)
        for kind, one in mined.items() for group, seen in one.new.items() if group.into is None
    ]  # fmt: skip
    refined = [
        (group.id, join(group.words), _digest(kind, group)) for kind, one in mined.items() for group in one.refined
    ]
    merged = [group for one in mined.values() for group in one.merged]
    pairs = [group.id for group in merged], [group.standing.id for group in merged]
    links = {issue: group.standing.id for one in mined.values() for issue, group in one.issues.items()}
    await connection.executemany(_INSERT, new)
    await connection.executemany(_REFINE, refined)
    if merged:
        for statement in (_MOVE, _LEAD_ON, _LEAD):
            await connection.execute(statement, *pairs)
        await connection.execute(_FORGET, pairs[0])
    await connection.execute(_LINK, list(links), list(links.values()))
    await connection.execute(_MAKE_DUE, [*{*links.values(), *pairs[1]}], at)


def _digest(kind: _Kind, group: Group) -> bytes:
    return pattern_digest(kind.error_type, join(group.words))
