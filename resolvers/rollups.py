"""Where figures come from: the counts that the writer keeps, as SQL, of some projects and of what a filter lets pass.

All have the columns at, service, environment, severity and event_count. The projects are those in sight, by their ids:
to join them with each of 130,000 hours was a quarter of the time.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import DateTime, Subquery, bindparam, cast, select, union_all
from sqlmodel import col

from core.db import AnySelect
from domain.access import Actor
from domain.issue import ActivityKind
from domain.stats import HOUR, Coverage, StatsFilter, Stretch
from models import Activity, DailyCount, DayCount, GroupingKey, HourlyCount, Issue, MinuteCount
from resolvers.asked import among, asked_projects


def events_by_time(projects: Collection[UUID], filter: StatsFilter, parts: Sequence[Stretch]) -> Subquery:
    """Events of a range by the hour and by the UTC day, as its parts say, with their release."""
    return union_all(*(_of_part(projects, filter, part) for part in parts)).subquery()


def events_by_minute(projects: Collection[UUID], filter: StatsFilter, covered: Coverage) -> Subquery:
    """Events by the minute, of the last day."""
    return _counted(projects, filter, MinuteCount, (MinuteCount.minute, covered.since, covered.until)).subquery()


def issues_by_day(projects: Collection[UUID], filter: StatsFilter, covered: Coverage) -> Subquery:
    """Events by issue and UTC day, with its issue_id, its status now, and its first_seen_at."""
    counted = (DailyCount.environment, DailyCount.severity, DailyCount.event_count)
    about = (Issue.service, Issue.status, Issue.first_seen_at)
    at = cast(col(DailyCount.day), DateTime(timezone=True)).label("at")
    query: AnySelect = (
        select(at, *map(col, counted), *map(col, about), col(Issue.id).label("issue_id"))
        .join(GroupingKey, col(GroupingKey.id) == DailyCount.key_id)
        .join(Issue, col(Issue.id) == GroupingKey.issue_id)
        .where(
            col(DailyCount.project_id).in_(projects),
            *on_days(covered),
            *among(
                (col(Issue.service), filter.service),
                (col(DailyCount.environment), filter.environment),
                (col(DailyCount.severity), filter.severities),
                (col(Issue.id), filter.issues),
            ),
        )
    )
    return query.subquery()


def days_of_issue(what: Any, issue_id: Any, covered: Coverage) -> AnySelect:
    """That of the counts of an issue on the UTC days that the range touches, by the index of the days of its keys."""
    of_key = (col(DailyCount.key_id) == GroupingKey.id) & (col(DailyCount.project_id) == GroupingKey.project_id)
    query: AnySelect = select(what).select_from(GroupingKey).join(DailyCount, of_key)
    return query.where(col(GroupingKey.issue_id) == issue_id, *on_days(covered))


def on_days(covered: Coverage) -> tuple[Any, Any]:
    """The conditions that a count by day is of one of the UTC days that the range touches."""
    since, until = covered.days
    return col(DailyCount.day) >= since.date(), col(DailyCount.day) < until.date()


def _of_part(projects: Collection[UUID], filter: StatsFilter, part: Stretch) -> AnySelect:
    if part.step is HOUR:
        return _counted(projects, filter, HourlyCount, (HourlyCount.hour, part.since, part.until), HourlyCount.release)
    days = DayCount.day, part.since.date(), part.until.date()
    return _counted(projects, filter, DayCount, days, DayCount.release)


def regressed_within(actor: Actor, slugs: Collection[str] | None, since: datetime, until: datetime) -> AnySelect:
    """The ids of the issues of these projects, or of all in sight, that came back in that span.

    The kind stands in the statement, so that the index of these kinds is used by every plan of it.
    """
    query: AnySelect = select(col(Activity.issue_id)).where(
        col(Activity.project_id).in_(asked_projects(actor, slugs)),
        col(Activity.kind) == bindparam(None, ActivityKind.REGRESSED, literal_execute=True),
        col(Activity.at) >= since,
        col(Activity.at) < until,
    )
    return query


def _counted(
    projects: Collection[UUID], filter: StatsFilter, table: Any, within: tuple[Any, Any, Any], *more: Any
) -> AnySelect:
    """The counts of a table whose time, a column of it, is from one to before another."""
    at, since, until = within
    columns = (table.service, table.environment, table.severity, table.event_count, *more)
    query: AnySelect = select(cast(col(at), DateTime(timezone=True)).label("at"), *map(col, columns))
    return query.where(
        col(table.project_id).in_(projects),
        col(at) >= since,
        col(at) < until,
        *among(
            (col(table.service), filter.service),
            (col(table.environment), filter.environment),
            (col(table.severity), filter.severities),
        ),
    )
