"""Issues that might be the same as another: candidates for a merge."""

from collections.abc import Collection, Sequence
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy
from sqlalchemy import true
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from core.db import ReadSession
from domain.access import Actor, Scope
from domain.errors import InvalidInput
from domain.similar import ENOUGH, Likeness, alike, likeness
from models import Event, Issue
from resolvers.asked import one_of
from resolvers.event.report import stored_report
from resolvers.issue.grouping import newest_events
from resolvers.resources import Resources
from resolvers.sight import in_sight

MOST = 20
# So many of the newest issues of the same type, and of those at the same place, are looked at; so many stacks compared.
_LOOKED_AT = 50
_COMPARED = 15


class SimilarTo(NamedTuple):
    """To which issue, and how many are asked for."""

    issue_id: UUID
    first: int


async def similar_issues(res: Resources, actor: Actor, keys: Sequence[SimilarTo]) -> list[list[Issue]]:
    """The issues that each issue might be merged with, the most alike first: of its project, itself not among them.

    Raises: PermissionDenied, InvalidInput (`first`).
    """
    actor.require(Scope.READ)
    if any(not 0 <= key.first <= MOST for key in keys):
        raise InvalidInput(f"`first` must be from 0 to {MOST}.", ("first",))
    async with res.db.reading() as session:
        near = await _near(session, actor, {key.issue_id for key in keys})
        issues = await _issues(session, {id for pair in near for id in pair})
        nearest = _nearest(near, issues)
        events = await newest_events(session, actor, {id for pair in nearest for id in pair})
    about = {id: _likeness(issue, events.get(id)) for id, issue in issues.items()}
    return [[issues[id] for id in _ranked(key, nearest, about)] for key in keys]


async def _near(session: ReadSession, actor: Actor, ids: Collection[UUID]) -> set[tuple[UUID, UUID]]:
    """Pairs of an issue and one of the same type or at the same place; two statements that two indexes answer."""
    of_type = await session.rows(_same(actor, ids, "error_type"))
    at_place = await session.rows(_same(actor, ids, "culprit"))
    return {(target, other) for target, other in (*of_type, *at_place)}


def _same(actor: Actor, ids: Collection[UUID], column: str) -> sqlalchemy.Select[Any]:
    target, other = aliased(Issue, name="target"), aliased(Issue, name="other")
    newest = (
        sqlalchemy.select(col(other.id))
        .where(
            col(other.project_id) == target.project_id,
            getattr(other, column) == getattr(target, column),
            col(other.merged_into_id).is_(None),
            col(other.id) != target.id,
        )
        .order_by(col(other.id).desc())
        .limit(_LOOKED_AT)
        .lateral()
    )
    query = sqlalchemy.select(col(target.id), newest.c.id).join(newest, true())
    return query.where(one_of(target.id, ids), in_sight(actor, col(target.project_id)))


async def _issues(session: ReadSession, ids: Collection[UUID]) -> dict[UUID, Issue]:
    found = (await session.exec(select(Issue).where(one_of(Issue.id, ids)))).all()
    return {issue.id: issue for issue in found}


def _nearest(near: Collection[tuple[UUID, UUID]], issues: dict[UUID, Issue]) -> set[tuple[UUID, UUID]]:
    """Of each issue's pairs those that are the most alike by their rows: only for these are events read."""
    about = {id: _likeness(issue, None) for id, issue in issues.items()}
    others: dict[UUID, list[UUID]] = {}
    for target, other in near:
        others.setdefault(target, []).append(other)
    nearest: set[tuple[UUID, UUID]] = set()
    for target, candidates in others.items():
        ranked = sorted((-alike(about[target], about[other]), other) for other in candidates)
        nearest |= {(target, other) for _, other in ranked[:_COMPARED]}
    return nearest


def _ranked(key: SimilarTo, nearest: set[tuple[UUID, UUID]], about: dict[UUID, Likeness]) -> list[UUID]:
    others = [other for target, other in nearest if target == key.issue_id]
    scores = {other: alike(about[key.issue_id], about[other]) for other in others}
    ranked = sorted((other for other in others if scores[other] >= ENOUGH), key=lambda other: (-scores[other], other))
    return ranked[: key.first]


def _likeness(issue: Issue, event: Event | None) -> Likeness:
    return likeness(issue.error_type, issue.culprit, issue.message, stored_report(event) if event else None)
