"""The words of frames by which an issue is found: those of its grouping keys, made anew whenever keys come or go."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import text

from core.db import Transaction
from models.search import frames_vector

# So many of its keys, the newest, are what an issue is found by: of each a thousand characters.
MOST_KEYS = 10
NOTE_FRAMES = f"""
UPDATE issue SET frames = coalesce({frames_vector("held.words", "held.identifiers")}, '')
  FROM unnest(CAST($1 AS uuid[])) AS noted (id)
 CROSS JOIN LATERAL (
   SELECT string_agg(words, E'\\n' ORDER BY id DESC), string_agg(identifiers, E'\\n' ORDER BY id DESC)
     FROM (SELECT k.id, f.words, f.identifiers FROM grouping_key k JOIN key_frames f ON f.key_id = k.id
            WHERE k.issue_id = noted.id ORDER BY k.id DESC LIMIT {MOST_KEYS}) AS newest
 ) AS held (words, identifiers)
 WHERE issue.id = noted.id
"""  # noqa: S608 - the names of our own columns
_NOTE_FRAMES = text(NOTE_FRAMES.replace("$1", ":issues"))


async def note_frames_of(tx: Transaction, issues: Collection[UUID]) -> None:
    """Leave these issues found by the frames of the keys that lead to them now; the caller holds them."""
    await tx.session.flush()
    await (await tx.session.connection()).execute(_NOTE_FRAMES, {"issues": sorted(issues)})
