"""What may be typed next in a search: words of the language, and names that the actor may see."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import sqlalchemy
from sqlalchemy import ColumnElement, func
from sqlmodel import col

from core.db import AnySelect
from domain.access import Actor, Scope
from domain.errors import InvalidInput
from domain.filters import check_text
from domain.search.completing import MOST, NAMED, Suggestion, fragment_at, known_suggestions
from domain.search.reading import Subject
from models import Developer, HourlyCount, Issue, Release, Team
from resolvers.developer.sight import developer_in_sight, team_in_sight
from resolvers.issue.search import like_literal
from resolvers.project.listing import SEEN_WITHIN
from resolvers.resources import Resources
from resolvers.search.tags import tag_keys, tag_values
from resolvers.sight import in_sight


async def suggest(
    res: Resources, actor: Actor, *, search: str, cursor: int | None, subject: Subject, most: int
) -> list[Suggestion]:
    """What may stand at that place of the search, its end unless given: what begins with the letters before it first.

    Raises: PermissionDenied, InvalidInput.
    """
    actor.require(Scope.READ)
    check_text(search, "search")
    if not 0 <= most <= MOST:
        raise InvalidInput(f"`first` must be from 0 to {MOST}.", ("first",))
    fragment = fragment_at(search, cursor)
    if fragment is None:
        return []
    found = known_suggestions(fragment, subject)
    if fragment.key in NAMED and fragment.key in subject.keys:
        query = _NAMES[fragment.key](actor, res.clock.now())
        found += fragment.with_values(await _names(res, query, fragment.letters, most))
    elif fragment.tag is not None:
        query = tag_values(actor, fragment.tag)
        found += fragment.with_values(await _names(res, query, fragment.letters, most))
    elif fragment.tag_letters is not None:
        found += fragment.with_tags(await _names(res, tag_keys(actor), fragment.tag_letters, most))
    return found[:most]


async def _names(res: Resources, query: AnySelect, begun: str, most: int) -> list[str]:
    names = query.subquery()
    name, order = names.c[0], [column.desc() for column in list(names.c)[1:]]
    letters = like_literal(begun)
    rows = sqlalchemy.select(name).where(_lower(name).like(func.lower(f"%{letters}%"), escape="\\"))
    begins = _lower(name).like(func.lower(f"{letters}%"), escape="\\")
    async with res.db.reading() as session:
        found = await session.rows(rows.order_by(begins.desc(), *order, name).limit(most))
    return [value for (value,) in found]


def _lower(name: Any) -> ColumnElement[str]:
    return func.lower(name)


def _reported(column: Any) -> Callable[[Actor, datetime], AnySelect]:
    """The names that came with events within the last 30 days, from what is counted of them."""

    def names(actor: Actor, now: datetime) -> AnySelect:
        query = sqlalchemy.select(column).where(in_sight(actor, col(HourlyCount.project_id)))
        return query.where(col(HourlyCount.hour) >= now - SEEN_WITHIN).distinct()

    return names


def _of_issues(column: Any) -> Callable[[Actor, datetime], AnySelect]:
    def names(actor: Actor, _now: datetime) -> AnySelect:
        return sqlalchemy.select(column).where(in_sight(actor, col(Issue.project_id)), column.is_not(None)).distinct()

    return names


def _releases(actor: Actor, _now: datetime) -> AnySelect:
    """The newest first."""
    newest = func.max(col(Release.first_seen_at))
    query = sqlalchemy.select(col(Release.version), newest).where(in_sight(actor, col(Release.project_id)))
    return query.group_by(col(Release.version))


_NAMES: dict[str, Callable[[Actor, datetime], AnySelect]] = {
    "service": _reported(col(HourlyCount.service)),
    "environment": _reported(col(HourlyCount.environment)),
    "release": _releases,
    "type": _of_issues(col(Issue.error_type)),
    "culprit": _of_issues(col(Issue.culprit)),
    "assignee": lambda actor, _now: sqlalchemy.select(col(Developer.name)).where(developer_in_sight(actor)).distinct(),
    "team": lambda actor, _now: sqlalchemy.select(col(Team.slug)).where(team_in_sight(actor)),
}
