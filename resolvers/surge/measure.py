"""What services and their issues had in the last minutes, judged by what is usual for them."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeAlias
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select, tuple_
from sqlmodel import col

from core.db import ReadSession
from core.ids import lowest_uuid7_at
from domain.alert_rule.settings import MOST_EVENTS
from domain.stats import DAY, WEEK, floor
from domain.surge import LEAST_EVENTS, LEAST_WEEKS, WEEKS, WINDOWS, Baseline, Judgement, Usual, judge, usual_of_days
from models import DailyCount, Event, GroupingKey, Issue, MinuteCount, Project
from resolvers.surge.history import Service, read_baselines

# How many services one look judges, and how many issues of each that surges, besides those that surge already.
MOST_SERVICES = 50
MOST_ISSUES = 5
Judged: TypeAlias = list[Judgement]
_LONGEST = max(WINDOWS)


async def judge_services(
    session: ReadSession, at: datetime, *, besides: Collection[Service]
) -> dict[Service, tuple[Baseline, Judged]]:
    """The services with most events in the last minutes, and those besides: what is usual there, and each window."""
    project_id, service, minute = col(MinuteCount.project_id), col(MinuteCount.service), col(MinuteCount.minute)
    count = func.sum(MinuteCount.event_count)
    windows = [func.coalesce(count.filter(minute >= at - window), 0) for window in WINDOWS]
    # By project, so that it is one range of the primary key in each.
    query: Any = (
        select(project_id, service, *windows)
        .select_from(Project)
        .join(MinuteCount, project_id == col(Project.id))
        .where(minute >= at - _LONGEST, minute < at)
        .group_by(project_id, service)
        .having(or_(count >= LEAST_EVENTS, tuple_(project_id, service).in_(list(besides))))
        .order_by(tuple_(project_id, service).in_(list(besides)).desc(), count.desc(), project_id, service)
        .limit(MOST_SERVICES + len(besides))
    )
    counted = dict.fromkeys(besides, [0] * len(WINDOWS))
    counted |= {(row[0], row[1]): [int(each) for each in row[2:]] for row in await session.rows(query)}
    baselines = await read_baselines(session, since=at - _LONGEST, of=counted.keys())
    return {
        each: (
            baselines[each],
            [baselines[each].judge(count, window=window, at=at) for window, count in zip(WINDOWS, counts, strict=True)],
        )
        for each, counts in counted.items()
    }


async def judge_issues(
    session: ReadSession, at: datetime, service: Service, baseline: Baseline, *, besides: Collection[UUID]
) -> dict[UUID, Judged]:
    """The issues of a service with most events in the last minutes, and those besides: each window of each.

    By issue there are counts by the day: what is usual there takes its part of the day from the whole service.
    """
    counted = dict.fromkeys(besides, [0] * len(WINDOWS))
    counted |= await _count_issues(session, at, service, besides)
    usual = await _usual_days(session, at, list(counted))
    parts = [_part_of_day(baseline, at, window) for window in WINDOWS]
    return {
        issue_id: [
            judge(usual[issue_id].share(part), count, window=window)
            for window, part, count in zip(WINDOWS, parts, counts, strict=True)
        ]
        for issue_id, counts in counted.items()
    }


async def _count_issues(
    session: ReadSession, at: datetime, service: Service, besides: Collection[UUID]
) -> dict[UUID, list[int]]:
    """How many events they had in each window, of the newest of the service."""
    recent = (
        select(col(Event.id), col(Event.grouping_key_id))
        .where(
            col(Event.project_id) == service[0],
            col(Event.service) == service[1],
            col(Event.id) >= lowest_uuid7_at(at - _LONGEST),
            col(Event.id) < lowest_uuid7_at(at),
        )
        .order_by(col(Event.id).desc())
        .limit(MOST_EVENTS)
        .subquery()
    )
    windows = [func.count().filter(recent.c.id >= lowest_uuid7_at(at - window)) for window in WINDOWS]
    is_besides = col(GroupingKey.issue_id).in_(besides)
    query = (
        select(col(GroupingKey.issue_id), *windows)
        .select_from(recent)
        .join(GroupingKey, col(GroupingKey.id) == recent.c.grouping_key_id)
        .group_by(col(GroupingKey.issue_id))
        .having(or_(func.count() >= LEAST_EVENTS, is_besides))
        .order_by(is_besides.desc(), func.count().desc(), col(GroupingKey.issue_id))
        .limit(MOST_ISSUES + len(besides))
    )
    return {row[0]: list(row[1:]) for row in await session.rows(query)}


async def _usual_days(session: ReadSession, at: datetime, issue_ids: Sequence[UUID]) -> Mapping[UUID, Usual]:
    """How many events are usual for each on this day of the week; by the day before, where it is too young for that."""
    today = floor(at, DAY).date()
    weeks = [today - week * WEEK for week in range(1, WEEKS + 1)]
    of_day: ColumnElement[int] = func.sum(DailyCount.event_count)
    query = (
        select(col(GroupingKey.issue_id), col(DailyCount.day), of_day)
        .join(DailyCount, col(DailyCount.key_id) == col(GroupingKey.id))
        .where(col(GroupingKey.issue_id).in_(issue_ids), col(DailyCount.day).in_([*weeks, today - DAY]))
        .group_by(col(GroupingKey.issue_id), col(DailyCount.day))
    )
    counts: defaultdict[UUID, dict[Any, int]] = defaultdict(dict)
    for issue_id, day, count in await session.rows(query):
        counts[issue_id][day] = int(count)
    seen = select(col(Issue.id), col(Issue.first_seen_at)).where(col(Issue.id).in_(issue_ids))
    first_seen = {id: floor(seen_at, DAY).date() for id, seen_at in await session.rows(seen)}
    usual = {}
    for issue_id in issue_ids:
        known = [day for day in weeks if day >= first_seen[issue_id]]
        days = known if len(known) >= LEAST_WEEKS else [today - DAY]
        usual[issue_id] = usual_of_days([counts[issue_id].get(day, 0) for day in days])
    return usual


def _part_of_day(baseline: Baseline, at: datetime, window: timedelta) -> float:
    """Which part of a day's events the service usually has in that window."""
    start = floor(at, DAY)
    whole = baseline.usual(start, start + DAY).expected
    return baseline.usual(at - window, at).expected / whole if whole else window / DAY
