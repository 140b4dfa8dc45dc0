"""Which events somebody asks for: by filter and by search, and how far is looked for them."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple, Self
from uuid import UUID

import sqlalchemy
from sqlalchemy import ColumnElement, FromClause, Row
from sqlalchemy.sql.elements import SQLCoreOperations
from sqlmodel import col, select

from core.db import ReadSession
from core.keyset import Order, unique
from domain.access import Actor
from domain.event import EventFilter
from domain.page import PageRequest
from domain.search.expression import All, Expression, Instant, IsNamed, Name, WasSeen
from domain.search.reading import EVENTS, read_search
from models import Event, GroupingKey, Issue
from resolvers.asked import asked_projects
from resolvers.event.filter import event_conditions
from resolvers.event.search import event_condition, indexed_conditions, issue_condition
from resolvers.paging import all_at_once, last_looked_at

_ORDER = "EVENTS"
# What of a search has no index is looked at row by row.
MOST_LOOKED_AT = 20_000
# So many grouping keys are each read by their index; of more, the events are looked at in turn.
MOST_KEYS = 200


class Parts(NamedTuple):
    """What a list is merged from: grouping keys where few issues are meant, else projects."""

    each: FromClause
    are_keys: bool

    def holding(self) -> list[ColumnElement[bool]]:
        """The conditions that an event is in one of them."""
        if self.are_keys:
            return [
                col(Event.project_id) == self.each.c.project_id,
                col(Event.grouping_key_id) == self.each.c.id,
            ]
        return [col(Event.project_id) == self.each.c.id]


def newest_first(id: SQLCoreOperations[UUID]) -> Order:
    """The order of events: ids sort by the time they were made."""
    return Order(_ORDER, (unique(id),))


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asks for which events, and when."""

    actor: Actor
    filter: EventFilter
    search: Expression | None
    now: datetime

    @classmethod
    def read(cls, actor: Actor, filter: EventFilter, search: str | None, now: datetime) -> Self:
        """What is asked for by a filter and a text.

        Raises: InvalidInput for a text that is no search of events.
        """
        return cls(actor, filter, read_search(search, now, EVENTS) if search else None, now)

    async def parts(self, session: ReadSession) -> Parts:
        """The parts in which the events lie."""
        keys = select(GroupingKey.project_id, GroupingKey.id).where(
            col(GroupingKey.project_id).in_(asked_projects(self.actor, self.filter.project))
        )
        if self.filter.issue is not None:
            return Parts(keys.where(col(GroupingKey.issue_id).in_(self.filter.issue)).subquery(), are_keys=True)
        if self.search is not None:
            await session.plan_by_values()
            condition = issue_condition(self.actor, self.search)
            if condition is not None:
                of_issues = keys.join(Issue, col(Issue.id) == GroupingKey.issue_id).where(condition)
                found = await session.rows(sqlalchemy.select(all_at_once(of_issues)).limit(MOST_KEYS + 1))
                if len(found) <= MOST_KEYS:
                    ids = [id for _, id in found]
                    return Parts(keys.where(col(GroupingKey.id).in_(ids)).subquery(), are_keys=True)
        return Parts(asked_projects(self.actor, self.filter.project).subquery(), are_keys=False)

    async def last_looked_at(
        self, session: ReadSession, parts: Parts, page: PageRequest
    ) -> Row[*tuple[Any, ...]] | None:
        """The event up to which a page looks; none where it may look at all of them, as it may without a search.

        Raises: InvalidInput for a cursor that is none.
        """
        if self.search is None:
            return None
        looked = replace(page, size=MOST_LOOKED_AT)
        rows = sqlalchemy.select(col(Event.id)).where(*parts.holding(), *self._indexed(parts))
        return await last_looked_at(session, parts.each, rows, newest_first(col(Event.id)), looked)

    def conditions(
        self, parts: Parts, last: Row[*tuple[Any, ...]] | None, *, backward: bool = False
    ) -> Iterator[ColumnElement[bool]]:
        """The conditions on an event of the parts, up to the last one looked at.

        Raises: InvalidInput for a range that contradicts itself, or where `me` is nobody.
        """
        yield from parts.holding()
        yield from event_conditions(self.filter, self.now)
        if self.search is not None:
            yield from self._indexed(parts)
            yield event_condition(self.actor, self.search)
        if last is not None:
            yield newest_first(col(Event.id)).up_to(last, backward=backward)

    def _indexed(self, parts: Parts) -> Iterator[ColumnElement[bool]]:
        """What an index finds of filter and search; that of keys has no service."""
        filter, needed = self.filter, [self.search] if self.search is not None else []
        if filter.received is not None:
            needed.append(WasSeen(Instant.LAST, filter.received.resolve(self.now, "filter", "received")))
        if filter.service is not None and len(filter.service) == 1:
            needed.append(IsNamed(Name.SERVICE, filter.service))
        return indexed_conditions(All(tuple(needed)), with_service=not parts.are_keys)
