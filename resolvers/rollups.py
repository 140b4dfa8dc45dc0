"""Where figures come from: the counts that the writer keeps, as SQL, of some projects and of what a filter lets pass.

All have the columns at, service, environment, severity and event_count. The projects are those in sight, by their ids:
to join them with each row was a quarter of the time.
"""

from collections.abc import Collection, Iterable, Iterator
from datetime import UTC, date, datetime, time
from functools import reduce
from operator import add
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, DateTime, Subquery, bindparam, cast, func, select, union_all
from sqlalchemy.sql.elements import SQLCoreOperations
from sqlmodel import col

from core.db import AnySelect
from domain.access import Actor
from domain.issue import ActivityKind
from domain.stats import DAY, HOUR, Coverage, StatsFilter, Stretch
from models import Activity, DailyCount, DayCount, GroupingKey, Issue, MinuteCount
from models.stats import HOURS_OF_DAY
from resolvers.asked import among, asked_projects

_HOURS: list[SQLCoreOperations[int]] = [col(getattr(DayCount, name)) for name in HOURS_OF_DAY]


def events_by_day(projects: Collection[UUID], filter: StatsFilter, covered: Coverage) -> Subquery:
    """Events of a range by the UTC day, with their release; of the days at its ends what is in the range."""
    return union_all(*(_of_part(projects, filter, part) for part in covered.parts)).subquery()


def events_by_hour(projects: Collection[UUID], filter: StatsFilter, covered: Coverage) -> AnySelect:
    """Of each UTC day that the range touches, and each severity, how many events each of its 24 hours had.

    The hours are columns. A row for each were 130,000 in a month, and to add these up took seven times as long.
    """
    since, until = (at.date() for at in covered.days)
    by = col(DayCount.day), col(DayCount.severity)
    query: AnySelect = select(*by, *sums_of_hours()).where(*_on_days(projects, filter, since, until))
    return query.group_by(*by)


def sums_of_hours() -> list[ColumnElement[int]]:
    """How many events there were in each of the 24 hours of a UTC day, in their order."""
    return [func.sum(hour) for hour in _HOURS]


def each_hour(day: date, counts: Iterable[int]) -> Iterator[tuple[datetime, int]]:
    """When each hour of a UTC day began that had events, and how many it had."""
    start = datetime.combine(day, time(), UTC)
    return ((start + nth * HOUR, int(count)) for nth, count in enumerate(counts) if count)


def events_by_minute(projects: Collection[UUID], filter: StatsFilter, covered: Coverage) -> Subquery:
    """Events by the minute, of the last day."""
    minute, count = col(MinuteCount.minute), col(MinuteCount.event_count)
    query: AnySelect = select(_at(minute), *_kind(MinuteCount), count).where(
        *_passing(projects, filter, MinuteCount), minute >= covered.since, minute < covered.until
    )
    return query.subquery()


def issues_by_day(projects: Collection[UUID], filter: StatsFilter, covered: Coverage) -> Subquery:
    """Events by issue and UTC day, with its issue_id, its status now, and its first_seen_at."""
    counted = (DailyCount.environment, DailyCount.severity, DailyCount.event_count)
    about = (Issue.service, Issue.status, Issue.first_seen_at)
    query: AnySelect = (
        select(_at(DailyCount.day), *map(col, counted), *map(col, about), col(Issue.id).label("issue_id"))
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


def _of_part(projects: Collection[UUID], filter: StatsFilter, part: Stretch) -> AnySelect:
    """The counts of whole days, or of some hours of one day: of what had none in these there is no row."""
    if part.step is DAY:
        count: Any = col(DayCount.event_count)
        return _of_days(projects, filter, count, part.since.date(), part.until.date())
    day = part.since.date()
    count = reduce(add, _HOURS[part.since.hour : part.until.hour or None])
    return _of_days(projects, filter, count, day, day + DAY).where(count > 0)


def _of_days(
    projects: Collection[UUID], filter: StatsFilter, count: ColumnElement[int], since: date, until: date
) -> AnySelect:
    columns = (_at(DayCount.day), *_kind(DayCount), count.label("event_count"), col(DayCount.release))
    query: AnySelect = select(*columns).where(*_on_days(projects, filter, since, until))
    return query


def _on_days(
    projects: Collection[UUID], filter: StatsFilter, since: date, until: date
) -> Iterator[ColumnElement[bool]]:
    yield from _passing(projects, filter, DayCount)
    yield from (col(DayCount.day) >= since, col(DayCount.day) < until)


def _passing(projects: Collection[UUID], filter: StatsFilter, table: Any) -> Iterator[ColumnElement[bool]]:
    """The conditions that the counts of a table are of these projects, and pass the filter."""
    return among(
        (col(table.project_id), projects),
        (col(table.service), filter.service),
        (col(table.environment), filter.environment),
        (col(table.severity), filter.severities),
    )


def _kind(table: Any) -> Iterator[SQLCoreOperations[Any]]:
    return map(col, (table.service, table.environment, table.severity))


def _at(when: Any) -> ColumnElement[datetime]:
    return cast(when, DateTime(timezone=True)).label("at")
