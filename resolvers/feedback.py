"""What people said: kept once, brought to its event, and shown with it, with its issue and in its project."""

from collections.abc import Callable, Collection, Sequence
from typing import Any, TypeAlias
from uuid import UUID

import sqlalchemy
from sqlalchemy import FromClause, func
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import UUID as SQL_UUID
from sqlmodel import col, select

from core.db import AnySelect, affected
from core.ids import uuid7
from core.keyset import Order, unique
from domain.access import Actor, Scope
from domain.feedback import Feedback as Said
from models import Feedback, GroupingKey, Project
from resolvers.asked import one_of
from resolvers.intake.destination import Destination
from resolvers.intake.patience import execute_patiently
from resolvers.pages import Children, PageKey, read_pages
from resolvers.paging import Page
from resolvers.resources import Resources
from resolvers.retention import EVENT_KEYS_KEPT
from resolvers.sight import in_sight

# A dialect, once it has what came: it makes feedback for a project.
ReadFeedback: TypeAlias = Callable[[Destination], Said]

_STEP = 1_000
_MOST_WAITING = 10_000
_KEEP = """
INSERT INTO feedback (id, project_id, feedback_id, event_id, row_id, grouping_key_id, name, email, message, url, at)
SELECT $1, $2, $3, $4, e.id, e.grouping_key_id, $5, $6, $7, $8, $9
  FROM (SELECT $2::uuid AS project_id, $4::text AS event_id) AS said
  LEFT JOIN event_key k ON k.project_id = said.project_id AND k.event_id = said.event_id
  LEFT JOIN event e ON e.project_id = k.project_id AND e.id = k.id
ON CONFLICT (project_id, feedback_id) DO NOTHING
"""
_LINK = """
UPDATE feedback SET row_id = e.id, grouping_key_id = e.grouping_key_id
  FROM (SELECT id, project_id, event_id
          FROM feedback
         WHERE row_id IS NULL AND event_id IS NOT NULL AND at > $1
         ORDER BY at DESC
         LIMIT $2) AS waiting
  JOIN event_key k ON k.project_id = waiting.project_id AND k.event_id = waiting.event_id
  JOIN event e ON e.project_id = k.project_id AND e.id = k.id
 WHERE feedback.id = waiting.id
"""
_PRUNE = """
DELETE FROM feedback
 WHERE id = ANY (ARRAY(SELECT f.id
                         FROM feedback f
                         JOIN project p ON p.id = f.project_id
                        WHERE f.at < $1::timestamptz - make_interval(days => p.retention_days)
                        LIMIT $2))
"""


async def keep_feedback(res: Resources, actor: Actor, read: ReadFeedback, *, project: str | int | None = None) -> str:
    """Leave on disk, once, the feedback that `read` makes, with its event where that is there; return its id.

    Raises: PermissionDenied, InvalidInput, Unavailable.
    """
    destination = await res.writer.destinations.find(actor, project)
    said, at = read(destination), res.clock.now()
    about = (destination.project_id, said.identity, said.event_id)
    await execute_patiently(res, _KEEP, uuid7(at), *about, said.name, said.email, said.message, said.url, at)
    return said.identity


async def link_feedback(res: Resources) -> int:
    """Leave no feedback without its event that came before it and has come since; return how much found its own.

    An event is known by its reporter's id for three days. Of what waits, the newest 10,000 are looked at.
    """
    since = res.clock.now() - EVENT_KEYS_KEPT
    return affected(await res.db.raw.execute(_LINK, since, _MOST_WAITING))


async def prune_feedback(res: Resources) -> int:
    """Leave no feedback that is older than its project keeps events, in small steps; return how much went."""
    gone = 0
    while step := affected(await res.db.raw.execute(_PRUNE, res.clock.now(), _STEP)):
        gone += step
    return gone


async def feedback_by_id(res: Resources, actor: Actor, ids: Sequence[UUID]) -> list[Feedback | None]:
    """The feedback of each id, none where it is out of sight.

    Raises: PermissionDenied.
    """
    actor.require(Scope.READ)
    query = select(Feedback).where(one_of(Feedback.id, ids), in_sight(actor, col(Feedback.project_id)))
    async with res.db.reading() as session:
        found = {feedback.id: feedback for feedback in (await session.exec(query)).all()}
    return [found.get(id) for id in ids]


async def feedback_pages_by_event(res: Resources, actor: Actor, keys: Sequence[PageKey]) -> list[Page[Feedback]]:
    """A page of the feedback about each event, newest first.

    Raises: PermissionDenied, InvalidInput.
    """
    return await _read(res, actor, keys, _events, col(Feedback.row_id))


async def feedback_pages_by_issue(res: Resources, actor: Actor, keys: Sequence[PageKey]) -> list[Page[Feedback]]:
    """A page of the feedback about the events of each issue, newest first.

    Raises: PermissionDenied, InvalidInput.
    """
    return await _read(res, actor, keys, _keys, col(Feedback.grouping_key_id))


async def feedback_pages_by_project(res: Resources, actor: Actor, keys: Sequence[PageKey]) -> list[Page[Feedback]]:
    """A page of the feedback of each project, newest first.

    Raises: PermissionDenied, InvalidInput.
    """
    return await _read(res, actor, keys, _projects, col(Feedback.project_id))


async def _read(
    res: Resources,
    actor: Actor,
    keys: Sequence[PageKey],
    parts: Callable[[Collection[UUID]], FromClause],
    belongs: Any,
) -> list[Page[Feedback]]:
    actor.require(Scope.READ)

    def rows(parts: FromClause) -> AnySelect:
        columns = Feedback.metadata.tables["feedback"].columns
        return sqlalchemy.select(*columns).where(belongs == parts.c.id, in_sight(actor, col(Feedback.project_id)))

    children = Children(Feedback, Order("FEEDBACK", (unique(col(Feedback.id)),)), parts, rows)
    async with res.db.reading() as session:
        return await read_pages(session, children, keys)


def _events(ids: Collection[UUID]) -> FromClause:
    """The events themselves: feedback knows their rows."""
    each = func.unnest(sqlalchemy.literal(sorted(ids), ARRAY(SQL_UUID))).column_valued("id")
    query: AnySelect = sqlalchemy.select(each.label("parent_id"), each.label("id"))
    return query.subquery()


def _keys(ids: Collection[UUID]) -> FromClause:
    """The feedback of issues lies in parts: that of each of their grouping keys."""
    query: AnySelect = sqlalchemy.select(col(GroupingKey.issue_id).label("parent_id"), col(GroupingKey.id))
    return query.where(one_of(GroupingKey.issue_id, ids)).subquery()


def _projects(ids: Collection[UUID]) -> FromClause:
    query: AnySelect = sqlalchemy.select(col(Project.id).label("parent_id"), col(Project.id).label("id"))
    return query.where(one_of(Project.id, ids)).subquery()
