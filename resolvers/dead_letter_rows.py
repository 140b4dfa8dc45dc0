"""Writing down what the spool held and PostgreSQL would not take."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from uuid import UUID

import structlog

from core.db import Database
from core.metrics import DRAINED

_log = structlog.get_logger()

_LONGEST_REASON = 1000
_BURY = """
INSERT INTO dead_letter (id, project_id, event_id, body, reason, at)
SELECT id, project_id, event_id, body, reason, $6
  FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::bytea[], $5::text[])
       AS dead (id, project_id, event_id, body, reason)
 ORDER BY id
ON CONFLICT (id) DO NOTHING
"""


@dataclass(frozen=True, slots=True)
class DeadLetterRow:
    """One of them, and why it could not be stored."""

    id: UUID
    project_id: UUID | None
    event_id: str | None
    body: bytes
    reason: str


def unread(body: bytes, reason: str) -> DeadLetterRow:
    """One that is no event to us. What it is follows from its bytes, so that it is written down once."""
    return DeadLetterRow(UUID(bytes=blake2b(body, digest_size=16).digest()), None, None, body, reason)


async def bury(db: Database, dead: Sequence[DeadLetterRow], at: datetime) -> None:
    """Leave each of them written down, and say so.

    Raises: OSError, asyncpg.PostgresError, asyncpg.InterfaceError.
    """
    if not dead:
        return
    rows = [(row.id, row.project_id, row.event_id, row.body, _plain(row.reason)) for row in dead]
    await db.raw.execute(_BURY, *zip(*rows, strict=True), at)
    for row in dead:
        _log.error("dead letter: see tocsin dead-letters", id=str(row.id), event_id=row.event_id, reason=row.reason)
    DRAINED.labels("DEAD").inc(len(dead))


def _plain(reason: str) -> str:
    """What PostgreSQL takes as text, whatever an error quotes."""
    return reason.replace("\0", "").encode(errors="replace").decode()[:_LONGEST_REASON]
