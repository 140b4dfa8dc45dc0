"""Which issues a filter means, in SQL: one translation for lists, counts and streams."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import ColumnElement, func
from sqlmodel import col, select

from domain.alert import AlertStatus
from domain.issue import IssueFilter
from models import Alert, GroupingKey, Issue, IssueCounter, KeyFacet, Pattern, PatternIssue
from resolvers.asked import among, within
from resolvers.issue.loaders import ENVIRONMENT

RELEASE = "release"


def issue_conditions(filter: IssueFilter, now: datetime) -> list[ColumnElement[bool]]:
    """The conditions on an issue and its counter, all but the project, which `asked_projects` finds.

    Raises: InvalidInput for a range that contradicts itself.
    """
    return [
        *_on_issue(filter, now),
        *_on_counter(filter, now),
        *_on_keys(filter),
        *_on_pattern(filter),
        *_on_alerts(filter),
    ]


def _on_issue(filter: IssueFilter, now: datetime) -> Iterator[ColumnElement[bool]]:
    yield from among(
        (col(Issue.service), filter.service),
        (col(Issue.severity), filter.severities),
        (col(Issue.status), filter.status),
        (col(Issue.assignee_id), filter.assignee),
        (col(Issue.team_id), filter.team),
        (col(Issue.error_type), filter.error_type),
    )
    if filter.unassigned is not None:
        yield col(Issue.assignee_id).is_(None) if filter.unassigned else col(Issue.assignee_id).is_not(None)
    if filter.is_regression is not None:
        yield col(Issue.is_regression).is_(filter.is_regression)
    if filter.first_seen is not None:
        yield from within(col(Issue.first_seen_at), filter.first_seen.resolve(now, "filter", "firstSeen"))


def _on_counter(filter: IssueFilter, now: datetime) -> Iterator[ColumnElement[bool]]:
    if filter.last_seen is not None:
        yield from within(col(IssueCounter.last_seen_at), filter.last_seen.resolve(now, "filter", "lastSeen"))


def _on_keys(filter: IssueFilter) -> Iterator[ColumnElement[bool]]:
    if filter.environment is not None:
        yield seen_with(ENVIRONMENT, col(KeyFacet.value).in_(filter.environment))
    if filter.release is not None:
        yield seen_with(RELEASE, col(KeyFacet.value).in_(filter.release))


def _on_pattern(filter: IssueFilter) -> Iterator[ColumnElement[bool]]:
    """One that went into another leads to that."""
    if filter.pattern is not None:
        stands = select(func.coalesce(Pattern.merged_into_id, Pattern.id)).where(Pattern.id == filter.pattern)
        of_it = select(PatternIssue.issue_id).where(PatternIssue.pattern_id == stands.scalar_subquery())
        yield col(Issue.id).in_(of_it)


def _on_alerts(filter: IssueFilter) -> Iterator[ColumnElement[bool]]:
    if filter.has_open_alert is not None:
        yield has_open_alert() if filter.has_open_alert else ~has_open_alert()


def has_open_alert() -> ColumnElement[bool]:
    """The condition that the issue demands a human now."""
    return select(Alert.id).where(Alert.issue_id == Issue.id, Alert.status != AlertStatus.RESOLVED).exists()


def seen_with(kind: str, *facets: ColumnElement[bool]) -> ColumnElement[bool]:
    """The condition that the issue was seen in an environment, or a release, of which these conditions hold."""
    return (
        select(GroupingKey.id)
        .join(KeyFacet, (col(KeyFacet.project_id) == GroupingKey.project_id) & (KeyFacet.key_id == GroupingKey.id))
        .where(GroupingKey.issue_id == Issue.id, KeyFacet.kind == kind, *facets)
        .exists()
    )
