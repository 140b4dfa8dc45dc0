"""Of which issues there were events of some environments and severities on some days, without counting any."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlmodel import col

from core.db import AnySelect
from domain.stats import Coverage, StatsFilter
from models import IssueSpan
from resolvers.asked import among


def names_kinds(filter: StatsFilter) -> bool:
    """Whether only events of some environments or severities are asked for."""
    return filter.environment is not None or filter.severities is not None


def kinds_of_span(filter: StatsFilter) -> tuple[tuple[Any, Collection[Any] | None], ...]:
    """The spans that tell whether an issue was seen as the filter says: those of any where no environment is named."""
    environment = [""] if filter.environment is None else [name for name in filter.environment if name]
    return (col(IssueSpan.environment), environment), (col(IssueSpan.severity), filter.severities)


def touching(covered: Coverage) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """The conditions that a span has days in common with the range."""
    since, until = covered.days
    return col(IssueSpan.last_day) >= since.date(), col(IssueSpan.first_day) < until.date()


def issues_of_spans(filter: StatsFilter, *conditions: Any) -> AnySelect:
    """The ids of the issues of the spans that the filter lets pass: of such days, and such projects."""
    query: AnySelect = select(col(IssueSpan.issue_id)).where(
        *conditions, *among(*kinds_of_span(filter), (col(IssueSpan.issue_id), filter.issues))
    )
    return query.correlate_except(IssueSpan)
