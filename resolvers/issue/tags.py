"""The tags of issues that are noted: their keys, and the values of one."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy
from sqlalchemy import func
from sqlmodel import col

from core.db import AnySelect
from domain.access import Actor, Scope
from domain.errors import InvalidInput
from domain.filters import check_text
from models import GroupingKey, KeyFacet
from models.issue import TAG
from resolvers.asked import one_of
from resolvers.resources import Resources
from resolvers.sight import in_sight

# As many values as are noted with one grouping key, and as many keys as an event may have tags.
MOST_VALUES, MOST_KEYS = 50, 100


class TagOf(NamedTuple):
    """Of which issue, which tag, and how many of its values are asked for."""

    issue_id: UUID
    key: str
    first: int


class TagValue(NamedTuple):
    """A value of a tag, and when it was noted first with the issue."""

    key: str
    value: str
    first_seen_at: datetime


async def tag_keys_by_issue_id(res: Resources, actor: Actor, ids: Sequence[UUID]) -> list[list[str]]:
    """The keys of the tags that are noted with each issue, sorted: the first 100.

    Raises: PermissionDenied.
    """
    actor.require(Scope.READ)
    found: defaultdict[UUID, set[str]] = defaultdict(set)
    query = _noted(actor, col(GroupingKey.issue_id), col(KeyFacet.kind)).distinct()
    async with res.db.reading() as session:
        its = one_of(GroupingKey.issue_id, ids), col(KeyFacet.kind).startswith(TAG, autoescape=True)
        for issue_id, kind in await session.rows(query.where(*its)):
            found[issue_id].add(kind.removeprefix(TAG))
    return [sorted(found[id])[:MOST_KEYS] for id in ids]


async def tag_values(res: Resources, actor: Actor, tags: Sequence[TagOf]) -> list[list[TagValue]]:
    """The values that are noted of each tag with its issue, those first that came last.

    Raises: PermissionDenied, InvalidInput (`key`, `first`).
    """
    actor.require(Scope.READ)
    for tag in tags:
        check_text(tag.key, "key")
        if not 0 <= tag.first <= MOST_VALUES:
            raise InvalidInput(f"`first` must be from 0 to {MOST_VALUES}.", ("first",))
    issue_id, kind, since = col(GroupingKey.issue_id), col(KeyFacet.kind), func.min(col(KeyFacet.first_seen_at))
    place = func.row_number().over(partition_by=(issue_id, kind), order_by=(since.desc(), col(KeyFacet.value)))
    values = (
        _noted(actor, issue_id, kind, col(KeyFacet.value), since.label("since"), place.label("place"))
        .where(issue_id.in_({tag.issue_id for tag in tags}), kind.in_({f"{TAG}{tag.key}" for tag in tags}))
        .group_by(issue_id, kind, col(KeyFacet.value))
        .subquery()
    )
    query = sqlalchemy.select(values).where(values.c.place <= max(tag.first for tag in tags)).order_by(values.c.place)
    found: defaultdict[tuple[UUID, str], list[TagValue]] = defaultdict(list)
    async with res.db.reading() as session:
        for id, name, value, at, _ in await session.rows(query):
            found[id, name.removeprefix(TAG)].append(TagValue(name.removeprefix(TAG), value, at))
    return [found[tag.issue_id, tag.key][: tag.first] for tag in tags]


def _noted(actor: Actor, *columns: Any) -> AnySelect:
    keys = (col(KeyFacet.project_id) == GroupingKey.project_id) & (col(KeyFacet.key_id) == GroupingKey.id)
    query: AnySelect = sqlalchemy.select(*columns).select_from(GroupingKey).join(KeyFacet, keys)
    return query.where(in_sight(actor, col(GroupingKey.project_id)))
