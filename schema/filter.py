"""What callers can filter, sort and bound by, and how that reaches the domain."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TypeVar
from uuid import UUID

import strawberry

from domain import event, issue, span, stats
from domain.event import Severity
from domain.issue import IssueOrderField, IssueStatus
from domain.page import OrderDirection
from schema.node import ID, read_id

Value = TypeVar("Value")

_ALL = " Left out: all; an empty list: none."


@strawberry.input(
    description="A span of time: from `since` on and before `until`, either left open; or else the `last` so much."
)
class TimeRange:
    """A span of time."""

    since: datetime | None = strawberry.field(default=None, description="Its start, which it includes.")
    until: datetime | None = strawberry.field(default=None, description="Its end, which it does not include.")
    last: timedelta | None = strawberry.field(default=None, description="From so long ago until now.")

    def to_domain(self) -> span.TimeRange:
        """What the domain calls it."""
        return span.TimeRange(self.since, self.until, self.last)


@strawberry.input(description="Which issues: those that pass every part that is given. Lists take up to 100 values.")
class IssueFilter:
    """Which issues."""

    project: list[str] | None = strawberry.field(default=None, description="Slugs of projects." + _ALL)
    service: list[str] | None = strawberry.field(default=None, description="Services that report it." + _ALL)
    environment: list[str] | None = strawberry.field(
        default=None, description="Environments, one of which it was seen in." + _ALL
    )
    severity: list[Severity] | None = strawberry.field(default=None, description="Severities." + _ALL)
    min_severity: Severity | None = strawberry.field(default=None, description="The least severity.")
    status: list[IssueStatus] | None = strawberry.field(default=None, description="States of triage." + _ALL)
    assignee: list[ID] | None = strawberry.field(default=None, description="Developers who have it." + _ALL)
    unassigned: bool | None = strawberry.field(default=None, description="Whether nobody has it.")
    team: list[ID] | None = strawberry.field(default=None, description="Teams that have it." + _ALL)
    error_type: list[str] | None = strawberry.field(default=None, description="Classes of the error." + _ALL)
    release: list[str] | None = strawberry.field(
        default=None, description="Releases, one of which it was seen in." + _ALL
    )
    is_regression: bool | None = strawberry.field(
        default=None, description="Whether it was resolved once, and seen again."
    )
    has_open_alert: bool | None = strawberry.field(default=None, description="Whether it demands a human now.")
    pattern: ID | None = strawberry.field(default=None, description="The pattern that its messages are of.")
    first_seen: TimeRange | None = strawberry.field(default=None, description="When its first event came.")
    last_seen: TimeRange | None = strawberry.field(default=None, description="When its latest event came.")

    def to_domain(self) -> issue.IssueFilter:
        """What the domain calls it.

        Raises: InvalidInput.
        """
        return issue.IssueFilter(
            project=_values(self.project),
            service=_values(self.service),
            environment=_values(self.environment),
            severity=_values(self.severity),
            min_severity=self.min_severity,
            status=_values(self.status),
            assignee=_ids(self.assignee, "Developer", "assignee"),
            unassigned=self.unassigned,
            team=_ids(self.team, "Team", "team"),
            error_type=_values(self.error_type),
            release=_values(self.release),
            is_regression=self.is_regression,
            has_open_alert=self.has_open_alert,
            pattern=read_id(self.pattern, "Pattern", "filter", "pattern") if self.pattern else None,
            first_seen=_range(self.first_seen),
            last_seen=_range(self.last_seen),
        )


@strawberry.input(description="What issues are sorted by. Ties are broken by their ids.")
class IssueOrder:
    """What issues are sorted by."""

    field: IssueOrderField = strawberry.field(description="By what.")
    direction: OrderDirection = strawberry.field(default=OrderDirection.DESC, description="Which end comes first.")

    def to_domain(self) -> issue.IssueOrder:
        """What the domain calls it."""
        return issue.IssueOrder(self.field, descending=self.direction is OrderDirection.DESC)


@strawberry.input(description="Which events: those that pass every part that is given. Lists take up to 100 values.")
class EventFilter:
    """Which events."""

    project: list[str] | None = strawberry.field(default=None, description="Slugs of projects." + _ALL)
    service: list[str] | None = strawberry.field(default=None, description="Services that reported." + _ALL)
    environment: list[str] | None = strawberry.field(default=None, description="Environments." + _ALL)
    severity: list[Severity] | None = strawberry.field(default=None, description="Severities." + _ALL)
    min_severity: Severity | None = strawberry.field(default=None, description="The least severity.")
    release: list[str] | None = strawberry.field(default=None, description="Releases." + _ALL)
    error_type: list[str] | None = strawberry.field(default=None, description="Classes of the error." + _ALL)
    issue: list[ID] | None = strawberry.field(default=None, description="Issues that they belong to now." + _ALL)
    received: TimeRange | None = strawberry.field(default=None, description="When they came in.")

    def to_domain(self) -> event.EventFilter:
        """What the domain calls it.

        Raises: InvalidInput.
        """
        return event.EventFilter(
            project=_values(self.project),
            service=_values(self.service),
            environment=_values(self.environment),
            severity=_values(self.severity),
            min_severity=self.min_severity,
            release=_values(self.release),
            error_type=_values(self.error_type),
            issue=_ids(self.issue, "Issue", "issue"),
            received=_range(self.received),
        )


@strawberry.input(description="What is counted: the events that pass every part that is given.")
class StatsFilter:
    """What is counted."""

    project: list[str] | None = strawberry.field(default=None, description="Slugs of projects." + _ALL)
    service: list[str] | None = strawberry.field(default=None, description="Services that reported." + _ALL)
    environment: list[str] | None = strawberry.field(default=None, description="Environments." + _ALL)
    severity: list[Severity] | None = strawberry.field(default=None, description="Severities of the events." + _ALL)
    min_severity: Severity | None = strawberry.field(default=None, description="The least severity of the events.")
    issue: ID | None = strawberry.field(
        default=None, description="The issue that they belong to now. Then all figures are of whole UTC days."
    )

    def to_domain(self) -> stats.StatsFilter:
        """What the domain calls it.

        Raises: InvalidInput.
        """
        return stats.StatsFilter(
            project=_values(self.project),
            service=_values(self.service),
            environment=_values(self.environment),
            severity=_values(self.severity),
            min_severity=self.min_severity,
            issue=None if self.issue is None else read_id(self.issue, "Issue", "filter", "issue"),
        )


def _values(given: Iterable[Value] | None) -> tuple[Value, ...] | None:
    return None if given is None else tuple(given)


def _ids(given: Iterable[ID] | None, kind: str, name: str) -> tuple[UUID, ...] | None:
    return None if given is None else tuple(read_id(id, kind, "filter", name) for id in given)


def _range(given: TimeRange | None) -> span.TimeRange | None:
    return None if given is None else given.to_domain()
