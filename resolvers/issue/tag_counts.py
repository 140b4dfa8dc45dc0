"""How often the values of a tag came with the newest events of issues: counted as they are asked for, none is kept."""

from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy
from sqlalchemy import ARRAY, Subquery, Text, func, true
from sqlmodel import col

from core.db import AnySelect
from domain.access import Actor, Scope
from models import Event, GroupingKey
from resolvers.asked import one_of
from resolvers.resources import Resources
from resolvers.sight import in_sight

# To look at the tags of an event took 2 to 5 microseconds (ADR 0025).
MOST_COUNTED = 1_000


class ValueOf(NamedTuple):
    """Of which issue, which value of which tag."""

    issue_id: UUID
    key: str
    value: str


async def recent_tag_counts(res: Resources, actor: Actor, values: Sequence[ValueOf]) -> list[int]:
    """How many of the newest 1,000 events of each issue that are kept have that value noted.

    Raises: PermissionDenied.
    """
    actor.require(Scope.READ)
    newest = _newest(actor, {value.issue_id for value in values})
    keys = func.unnest(sqlalchemy.literal(sorted({value.key for value in values}), ARRAY(Text)))
    each = keys.table_valued(sqlalchemy.column("key", Text), name="each").render_derived()
    its: Any = newest.c.noted_tags[each.c.key].astext.label("its")
    with_keys = sqlalchemy.select(newest.c.issue_id, each.c.key, its).join_from(newest, each, true())
    noted = with_keys.where(newest.c.place <= MOST_COUNTED).subquery()
    columns = noted.c.issue_id, noted.c.key, noted.c.its
    query = sqlalchemy.select(*columns, func.count()).where(noted.c.its.in_({value.value for value in values}))
    async with res.db.reading() as session:
        rows = await session.rows(query.group_by(*columns))
    counts = {ValueOf(issue_id, key, value): count for issue_id, key, value, count in rows}
    return [counts.get(value, 0) for value in values]


def _newest(actor: Actor, issue_ids: set[UUID]) -> Subquery:
    """The newest events of each issue, numbered: by its keys, each of which has an index of its events."""
    keys = sqlalchemy.select(col(GroupingKey.issue_id), col(GroupingKey.project_id), col(GroupingKey.id))
    each = keys.where(one_of(GroupingKey.issue_id, issue_ids), in_sight(actor, col(GroupingKey.project_id))).subquery()
    of_key: AnySelect = sqlalchemy.select(col(Event.id), col(Event.noted_tags))
    of_key = of_key.where(col(Event.project_id) == each.c.project_id, col(Event.grouping_key_id) == each.c.id)
    events = of_key.order_by(col(Event.id).desc()).limit(MOST_COUNTED).lateral()
    place = func.row_number().over(partition_by=each.c.issue_id, order_by=events.c.id.desc()).label("place")
    return sqlalchemy.select(each.c.issue_id, events.c.noted_tags, place).join(events, true()).subquery()
