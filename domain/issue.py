"""The states of an issue, the steps of its life, and which issues a caller asks for."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from domain.event import Severity, severities
from domain.filters import check_filter
from domain.span import TimeRange


class IssueStatus(StrEnum):
    """Where triage stands. A snooze ends by itself, an ignore does not."""

    UNRESOLVED = "UNRESOLVED"
    RESOLVED = "RESOLVED"
    SNOOZED = "SNOOZED"
    IGNORED = "IGNORED"


class Resolution(StrEnum):
    """Why an issue was resolved."""

    FIXED = "FIXED"
    NOT_AN_ERROR = "NOT_AN_ERROR"
    WONT_FIX = "WONT_FIX"
    DUPLICATE = "DUPLICATE"


class ActivityKind(StrEnum):
    """One step in the life of an issue."""

    FIRST_SEEN = "FIRST_SEEN"
    REGRESSED = "REGRESSED"
    ASSIGNED = "ASSIGNED"
    UNASSIGNED = "UNASSIGNED"
    ACKNOWLEDGED = "ACKNOWLEDGED"
    ESCALATED = "ESCALATED"
    RESOLVED = "RESOLVED"
    REOPENED = "REOPENED"
    SNOOZED = "SNOOZED"
    WOKEN = "WOKEN"
    IGNORED = "IGNORED"
    MERGED = "MERGED"
    SPLIT = "SPLIT"
    COMMENTED = "COMMENTED"
    SEVERITY_CHANGED = "SEVERITY_CHANGED"
    NOTIFIED = "NOTIFIED"
    NOBODY_NOTIFIED = "NOBODY_NOTIFIED"
    SURGED = "SURGED"
    ALERT_RESOLVED = "ALERT_RESOLVED"
    LAPSED = "LAPSED"


# What gives an issue a problem to be solved, and what leaves it open for somebody to look at.
APPEARING = (ActivityKind.FIRST_SEEN, ActivityKind.REGRESSED, ActivityKind.REOPENED)
OPENING = (*APPEARING, ActivityKind.WOKEN)


@dataclass(frozen=True, slots=True)
class IssueFilter:
    """Which issues are asked for: those that pass every part that was given. `project` holds slugs.

    Raises: InvalidInput for a list that is too long, or a text that could not be stored.
    """

    project: tuple[str, ...] | None = None
    service: tuple[str, ...] | None = None
    environment: tuple[str, ...] | None = None
    severity: tuple[Severity, ...] | None = None
    min_severity: Severity | None = None
    status: tuple[IssueStatus, ...] | None = None
    assignee: tuple[UUID, ...] | None = None
    unassigned: bool | None = None
    team: tuple[UUID, ...] | None = None
    error_type: tuple[str, ...] | None = None
    release: tuple[str, ...] | None = None
    is_regression: bool | None = None
    has_open_alert: bool | None = None
    pattern: UUID | None = None
    first_seen: TimeRange | None = None
    last_seen: TimeRange | None = None

    def __post_init__(self) -> None:
        check_filter(self)

    @property
    def severities(self) -> frozenset[Severity] | None:
        """The severities that pass; `None` for all."""
        return severities(self.severity, self.min_severity)


class IssueOrderField(StrEnum):
    """What issues can be sorted by."""

    LAST_SEEN = "LAST_SEEN"
    FIRST_SEEN = "FIRST_SEEN"
    EVENT_COUNT = "EVENT_COUNT"
    USER_COUNT = "USER_COUNT"
    SEVERITY = "SEVERITY"


@dataclass(frozen=True, slots=True)
class IssueOrder:
    """What issues are sorted by, and which end comes first."""

    field: IssueOrderField = IssueOrderField.LAST_SEEN
    descending: bool = True
