"""Copying out the events that tell more than others, before they go; and reading them."""

from collections.abc import Sequence
from uuid import UUID

import asyncpg
import sqlalchemy
from sqlalchemy import ColumnElement
from sqlalchemy.orm import aliased, defer
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.kept import MOST_RELEASES
from models import Event
from models.kept import EVENT_COLUMNS, KEPT_EVENT

_COLUMNS = ", ".join(EVENT_COLUMNS)
# Of what goes: the first of its key that was ever kept, the first of each release, and the last while none is newer.
_KEEP = f"""
WITH going AS (
  SELECT e.*, row_number() OVER (PARTITION BY e.project_id, e.grouping_key_id ORDER BY e.id) = 1 AS opens,
         row_number() OVER (PARTITION BY e.project_id, e.grouping_key_id, e.release ORDER BY e.id) = 1 AS leads,
         row_number() OVER (PARTITION BY e.project_id, e.grouping_key_id ORDER BY e.id DESC) = 1 AS closes
    FROM event e JOIN unnest($1::uuid[], $2::uuid[]) AS named (project_id, id) USING (project_id, id)
), told AS (
  SELECT going.*, CASE
    WHEN opens AND NOT EXISTS (
      SELECT FROM kept_event k WHERE k.project_id = going.project_id AND k.grouping_key_id = going.grouping_key_id)
    THEN 'FIRST'
    WHEN leads AND release IS NOT NULL AND NOT EXISTS (
      SELECT FROM kept_event k WHERE k.project_id = going.project_id AND k.grouping_key_id = going.grouping_key_id
                                 AND k.release = going.release)
    THEN 'RELEASE'
    WHEN closes AND NOT EXISTS (
      SELECT FROM event e WHERE e.project_id = going.project_id AND e.grouping_key_id = going.grouping_key_id
                            AND e.id > going.id)
    THEN 'LAST' END AS telling
    FROM going
)
INSERT INTO kept_event ({_COLUMNS}, telling)
SELECT {_COLUMNS}, telling FROM told WHERE telling IS NOT NULL
ON CONFLICT (project_id, id) DO NOTHING
RETURNING grouping_key_id
"""  # noqa: S608 - the names of our own columns
# A last one that is not the last any more, and releases too many.
_FORGET = """
DELETE FROM kept_event
 USING (SELECT project_id, id,
               row_number() OVER (PARTITION BY project_id, grouping_key_id ORDER BY id DESC) AS age,
               row_number() OVER (PARTITION BY project_id, grouping_key_id, telling ORDER BY id DESC) AS age_of_kind
          FROM kept_event WHERE project_id = ANY($1::uuid[]) AND grouping_key_id = ANY($2::uuid[])) AS placed
 WHERE kept_event.project_id = placed.project_id AND kept_event.id = placed.id
   AND ((telling = 'LAST' AND age > 1) OR (telling = 'RELEASE' AND age_of_kind > $3))
"""


async def keep_telling(
    connection: "asyncpg.pool.PoolConnectionProxy[asyncpg.Record]", projects: Sequence[UUID], ids: Sequence[UUID]
) -> None:
    """Leave a copy of those among these events that tell more than others; doing it again changes nothing."""
    rows = await connection.fetch(_KEEP, projects, ids)
    if rows:
        keys = sorted({row["grouping_key_id"] for row in rows})
        await connection.execute(_FORGET, sorted(set(projects)), keys, MOST_RELEASES)


async def find_kept(
    session: AsyncSession, *conditions: ColumnElement[bool], with_payload: bool = False, most: int | None = None
) -> list[Event]:
    """The kept events that fulfil the conditions, as the events that they were, newest first."""
    columns = [KEPT_EVENT.c[name] for name in EVENT_COLUMNS]
    kept = sqlalchemy.select(*columns).where(*conditions).order_by(KEPT_EVENT.c.id.desc()).limit(most).subquery()
    rows = aliased(Event, kept, adapt_on_names=True)
    query = select(rows).order_by(kept.c.id.desc())
    if not with_payload:
        query = query.options(defer(rows.payload, raiseload=True))  # type: ignore[arg-type]
    return list((await session.exec(query)).all())
