"""Where figures come from: the counts that the writer keeps, as SQL, of what an actor sees and a filter lets pass.

All have the columns at, service, environment, severity and event_count.
"""

from typing import Any

from sqlalchemy import DateTime, Subquery, cast, select, union_all
from sqlmodel import col

from core.db import AnySelect
from domain.access import Actor
from domain.stats import DAY, Coverage, StatsFilter
from models import DailyCount, GroupingKey, HourlyCount, Issue, MinuteCount, PastCount
from resolvers.asked import among, asked_projects


def events_by_time(actor: Actor, filter: StatsFilter, covered: Coverage) -> Subquery:
    """Events by the hour; and by the UTC day, at its start, those whose hours are kept no longer."""
    hours = _counted(actor, filter, HourlyCount, (HourlyCount.hour, covered.since, covered.until))
    if covered.step < DAY:
        return hours.subquery()
    days = _counted(actor, filter, PastCount, (PastCount.day, covered.since.date(), covered.until.date()))
    return union_all(hours, days).subquery()


def events_by_minute(actor: Actor, filter: StatsFilter, covered: Coverage) -> Subquery:
    """Events by the minute, of the last day."""
    return _counted(actor, filter, MinuteCount, (MinuteCount.minute, covered.since, covered.until)).subquery()


def issues_by_day(actor: Actor, filter: StatsFilter, covered: Coverage) -> Subquery:
    """Events by issue and UTC day, with its issue_id, its status now, and its first_seen_at."""
    since, until = covered.days
    counted = (DailyCount.environment, DailyCount.severity, DailyCount.event_count)
    about = (Issue.service, Issue.status, Issue.first_seen_at)
    at = cast(col(DailyCount.day), DateTime(timezone=True)).label("at")
    query: AnySelect = (
        select(at, *map(col, counted), *map(col, about), col(Issue.id).label("issue_id"))
        .join(GroupingKey, col(GroupingKey.id) == DailyCount.key_id)
        .join(Issue, col(Issue.id) == GroupingKey.issue_id)
        .where(
            col(DailyCount.project_id).in_(asked_projects(actor, filter.project)),
            col(DailyCount.day) >= since.date(),
            col(DailyCount.day) < until.date(),
            *among(
                (col(Issue.service), filter.service),
                (col(DailyCount.environment), filter.environment),
                (col(DailyCount.severity), filter.severities),
                (col(Issue.id), None if filter.issue is None else [filter.issue]),
            ),
        )
    )
    return query.subquery()


def _counted(actor: Actor, filter: StatsFilter, table: Any, within: tuple[Any, Any, Any]) -> AnySelect:
    """The counts of a table whose time, a column of it, is from one to before another."""
    at, since, until = within
    columns = (table.service, table.environment, table.severity, table.event_count)
    query: AnySelect = select(cast(col(at), DateTime(timezone=True)).label("at"), *map(col, columns))
    return query.where(
        col(table.project_id).in_(asked_projects(actor, filter.project)),
        col(at) >= since,
        col(at) < until,
        *among(
            (col(table.service), filter.service),
            (col(table.environment), filter.environment),
            (col(table.severity), filter.severities),
        ),
    )
