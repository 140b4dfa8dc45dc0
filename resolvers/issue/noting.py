"""The frames of grouping keys that were there before frames were searched: noted by their newest events, in steps."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

import orjson
from asyncpg import Record

from core.ids import lowest_uuid7_at
from domain.search.frames import Searched, searched_frames
from domain.timetable import ScheduledJob
from models.payload import unpack
from resolvers.event.report import stored_exceptions
from resolvers.intake.flush import project_lock
from resolvers.issue.frames import NOTE_FRAMES
from resolvers.resources import Resources

# A key may be stored some time after its id was made: its event waited while PostgreSQL was away.
_OVERLAP = timedelta(days=7)
_STEP = 100
_LAST_RUN = "SELECT max(started_at) FROM scheduled_run WHERE job = $1 AND status = 'OK'"
# What is kept longer than others is looked at where no other event is there.
_BARE = """
SELECT bare.id, bare.project_id, coalesce(newest.payload, kept.payload) AS payload
  FROM (SELECT id, project_id FROM grouping_key
         WHERE id > $1 AND kind <> 'MESSAGE' AND NOT EXISTS (SELECT FROM key_frames WHERE key_id = grouping_key.id)
         ORDER BY id LIMIT $2) AS bare
  LEFT JOIN LATERAL (SELECT payload FROM event WHERE project_id = bare.project_id AND grouping_key_id = bare.id
                      ORDER BY id DESC LIMIT 1) AS newest ON true
  LEFT JOIN LATERAL (SELECT payload FROM kept_event
                      WHERE project_id = bare.project_id AND grouping_key_id = bare.id AND newest.payload IS NULL
                      ORDER BY id DESC LIMIT 1) AS kept ON true
 ORDER BY bare.id
"""
# As the writer locks (ADR 0004): nobody merges or splits meanwhile, and issues in their order.
_SHARE = "SELECT pg_advisory_xact_lock_shared(lock) FROM unnest($1::bigint[]) AS locks (lock)"
_LOCK = """
SELECT id FROM issue WHERE id IN (SELECT issue_id FROM grouping_key WHERE id = ANY($1::uuid[]))
 ORDER BY id FOR NO KEY UPDATE
"""
_NOTE = """
INSERT INTO key_frames (key_id, words, identifiers) SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[])
ON CONFLICT (key_id) DO NOTHING
"""


async def note_frames(res: Resources) -> int:
    """Leave every grouping key found by the frames of its newest event that is kept; return how many were not before.

    Looked at are those that came since a week before the last time; all, where it was never done. Each step is a
    transaction, so that a crash leaves the rest to the next time.
    """
    last = await res.db.raw.fetchval(_LAST_RUN, ScheduledJob.NOTE_FRAMES)
    after = UUID(int=0) if last is None else lowest_uuid7_at(last - _OVERLAP)
    noted = 0
    while rows := await res.db.raw.fetch(_BARE, after, _STEP):
        # To read the frames of a hundred events takes some milliseconds: the loop has other work meanwhile.
        found = await asyncio.to_thread(_frames, rows)
        if found:
            await _note(res, {row["project_id"] for row in rows}, found)
        after, noted = rows[-1]["id"], noted + len(found)
    return noted


def _frames(rows: Sequence[Record]) -> dict[UUID, Searched]:
    """The frames of each key whose event has any."""
    read = {
        row["id"]: searched_frames(stored_exceptions(orjson.loads(unpack(row["payload"]))))
        for row in rows
        if row["payload"] is not None
    }
    return {id: searched for id, searched in read.items() if searched is not None}


async def _note(res: Resources, projects: set[UUID], found: dict[UUID, Searched]) -> None:
    parts = [each.words for each in found.values()], [each.identifiers for each in found.values()]
    async with res.db.raw.acquire() as connection, connection.transaction():
        await connection.execute(_SHARE, sorted(map(project_lock, projects)))
        issues = [row["id"] for row in await connection.fetch(_LOCK, [*found])]
        await connection.execute(_NOTE, [*found], *parts)
        await connection.execute(NOTE_FRAMES, issues)
