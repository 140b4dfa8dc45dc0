"""Which events a filter means, in SQL: one translation for lists, counts and streams."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import ColumnElement
from sqlmodel import col

from core.ids import lowest_uuid7
from domain.event import EventFilter
from domain.span import Span
from models import Event
from resolvers.asked import among, within

# An id is made when the event is received; a day more on either side leaves room for whatever clock made it.
_SLACK = timedelta(days=1)
_FIRST_DAY = date(1970, 1, 3)
_LAST_DAY = date(9999, 12, 28)


def event_conditions(filter: EventFilter, now: datetime) -> list[ColumnElement[bool]]:
    """The conditions on an event, all but the project and the issue, which its key begins with.

    Raises: InvalidInput for a range that contradicts itself.
    """
    return [
        *among(
            (col(Event.service), filter.service),
            (col(Event.environment), filter.environment),
            (col(Event.severity), filter.severities),
            (col(Event.release), filter.release),
            (col(Event.error_type), filter.error_type),
        ),
        *_received(filter, now),
    ]


def _received(filter: EventFilter, now: datetime) -> Iterator[ColumnElement[bool]]:
    """The conditions on the time of receipt, and on the id, which chooses the partitions."""
    if filter.received is None:
        return
    span = filter.received.resolve(now, "filter", "received")
    yield from within(col(Event.received_at), span)
    yield from _ids(span)


def _ids(span: Span) -> Iterator[ColumnElement[bool]]:
    if span.since is not None:
        yield col(Event.id) >= lowest_uuid7(_day(span.since) - _SLACK)
    if span.until is not None:
        yield col(Event.id) < lowest_uuid7(_day(span.until) + 2 * _SLACK)


def _day(at: datetime) -> date:
    """The UTC day of an instant, within what ids can say."""
    return min(max(at.astimezone(UTC).date(), _FIRST_DAY), _LAST_DAY)
