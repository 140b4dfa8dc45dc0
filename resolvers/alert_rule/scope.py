"""Which events and issues a rule looks at, in SQL: one translation for what is checked and what is replayed."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import ColumnElement
from sqlmodel import col

from core.ids import lowest_uuid7_at
from domain.alert import AlertTrigger
from domain.event import Severity
from domain.issue import IssueStatus
from models import AlertRule, DayCount, Event, HourlyCount, Issue, KeyFacet
from resolvers.alert_rule.reading import filter_of
from resolvers.asked import among
from resolvers.issue.filter import seen_with
from resolvers.issue.loaders import ENVIRONMENT


def severities_of(rule: AlertRule) -> tuple[Severity, ...] | None:
    """The severities that it looks at, none for all."""
    if rule.trigger is AlertTrigger.CRITICAL_COUNT:
        return (Severity.CRITICAL,)
    return filter_of(rule).severities or None


def events_in(rule: AlertRule, *, since: datetime) -> Iterator[ColumnElement[bool]]:
    """The conditions on an event, received since then."""
    filter = filter_of(rule)
    yield col(Event.id) >= lowest_uuid7_at(since)
    if rule.project_id is not None:
        yield col(Event.project_id) == rule.project_id
    yield from among(
        (col(Event.service), filter.services or None),
        (col(Event.environment), filter.environments or None),
        (col(Event.severity), severities_of(rule)),
        (col(Event.error_type), filter.error_types or None),
    )


def counts_in(rule: AlertRule, table: type[HourlyCount | DayCount]) -> Iterator[ColumnElement[bool]]:
    """The conditions on the count of an hour or a day; types of errors are not told apart there."""
    filter = filter_of(rule)
    if rule.project_id is not None:
        yield col(table.project_id) == rule.project_id
    yield from among(
        (col(table.service), filter.services or None),
        (col(table.environment), filter.environments or None),
        (col(table.severity), severities_of(rule)),
    )


def issues_in(rule: AlertRule) -> Iterator[ColumnElement[bool]]:
    """The conditions on an issue, whatever its state."""
    filter = filter_of(rule)
    yield col(Issue.merged_into_id).is_(None)
    if rule.project_id is not None:
        yield col(Issue.project_id) == rule.project_id
    yield from among(
        (col(Issue.service), filter.services or None),
        (col(Issue.severity), filter.severities or None),
        (col(Issue.error_type), filter.error_types or None),
    )
    if filter.environments:
        yield seen_with(ENVIRONMENT, col(KeyFacet.value).in_(filter.environments))


def is_open() -> ColumnElement[bool]:
    """The condition that an issue is open: what somebody resolved, snoozed or ignored calls for nobody."""
    return col(Issue.status) == IssueStatus.UNRESOLVED
