"""How long people take, and how what they did ended: each figure is one statement over the steps of the range."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias
from uuid import UUID

from sqlalchemy import ColumnElement, Float, bindparam, cast, func, literal
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from core.db import AnySelect, ReadSession
from core.ids import lowest_uuid7_at
from domain.access import Actor
from domain.issue import APPEARING, OPENING, ActivityKind, IssueFilter, IssueStatus, Resolution
from domain.notification import Channel
from domain.stats import Coverage, Figure, StatsFilter
from domain.times import Latency, Times
from models import Activity, Issue, Notification
from resolvers.asked import asked_projects
from resolvers.issue.filter import issue_conditions

_HALF, _MOST = 0.5, 0.95
MEDIAN: Callable[[Any], ColumnElement[Any]] = func.percentile_cont(_HALF).within_group
_NO_STEP = UUID(int=0)


@dataclass(frozen=True, slots=True)
class AskedTimes:
    """Who asks, about which issues, of which range, and when."""

    actor: Actor
    filter: StatsFilter
    coverage: Coverage
    now: datetime


Answer: TypeAlias = Callable[[ReadSession, AskedTimes], Awaitable[Any]]


def _time_to(kind: ActivityKind, *since: ActivityKind) -> Answer:
    async def answer(session: ReadSession, asked: AskedTimes) -> Times | None:
        """How long it took from the last step that began it to the first such step, of those taken in the range."""
        took = spans_of(asked, kind, since).subquery()
        mean, median = func.avg(took.c.span), MEDIAN(took.c.span)
        ((found, half),) = await session.rows(select(mean, median))
        return None if found is None else Times(found, half)

    return answer


def spans_of(asked: AskedTimes, kind: ActivityKind, since: Sequence[ActivityKind], *columns: Any) -> AnySelect:
    """The `span` from the last beginning to each step of that kind in the range, beside the columns asked for.

    A step that is repeated before the next beginning counts once.
    """
    start, earlier = aliased(Activity), aliased(Activity)
    began = (
        select(col(start.id), col(start.at))
        .where(col(start.issue_id) == col(Activity.issue_id), col(start.id) < col(Activity.id))
        .where(col(start.kind).in_(since))
        .order_by(col(start.id).desc())
        .limit(1)
        .lateral("began")
    )
    is_repeated = (
        select(col(earlier.id))
        .where(col(earlier.issue_id) == col(Activity.issue_id), col(earlier.kind) == kind)
        .where(col(earlier.id) < col(Activity.id), col(earlier.id) > func.coalesce(began.c.id, literal(_NO_STEP)))
        .exists()
    )
    span = col(Activity.at) - func.coalesce(began.c.at, col(Issue.first_seen_at))
    query: AnySelect = steps_of(asked, kind, span.label("span"), *columns)
    return query.outerjoin(began, literal(True)).where(~is_repeated)


def steps_of(asked: AskedTimes, kind: ActivityKind, *columns: Any) -> AnySelect:
    """The steps of that kind in the range, of the issues that are asked for.

    The kind stands in the statement, so that the index of these kinds is used by every plan of it.
    """
    query: AnySelect = (
        select(*columns)
        .select_from(Activity)
        .join(Issue, col(Issue.id) == col(Activity.issue_id))
        .where(
            col(Activity.project_id).in_(asked_projects(asked.actor, asked.filter.project)),
            col(Activity.kind) == bindparam(None, kind, literal_execute=True),
            col(Activity.at) >= asked.coverage.since,
            col(Activity.at) < asked.coverage.until,
            *_issues(asked),
        )
    )
    return query


def _issues(asked: AskedTimes) -> list[ColumnElement[bool]]:
    """The conditions on an issue, all but the project: as it is now."""
    filter = asked.filter
    known = IssueFilter(
        service=filter.service,
        environment=filter.environment,
        severity=filter.severity,
        min_severity=filter.min_severity,
    )
    which = [] if filter.issue is None else [col(Issue.id) == filter.issue]
    return [*issue_conditions(known, asked.coverage.until), *which]


async def _resolution_rate(session: ReadSession, asked: AskedTimes) -> float | None:
    """Of the issues that appeared in the range, were it again, the share that is resolved now."""
    parts = [
        steps_of(asked, kind, col(Issue.id), col(Issue.status)).where(col(Issue.merged_into_id).is_(None))
        for kind in APPEARING
    ]
    appeared = parts[0].union(*parts[1:]).subquery()
    return await share_of(session, appeared.c.status == IssueStatus.RESOLVED, appeared)


async def _false_positive_rate(session: ReadSession, asked: AskedTimes) -> float | None:
    """Of the times at which an issue was resolved in the range, the share of NOT_AN_ERROR."""
    resolution = col(Activity.details)["resolution"].as_string()
    ended = steps_of(asked, ActivityKind.RESOLVED, resolution.label("resolution")).subquery()
    return await share_of(session, ended.c.resolution == Resolution.NOT_AN_ERROR, ended)


async def share_of(session: ReadSession, condition: ColumnElement[bool], rows: Any) -> float | None:
    """The share of the rows of which the condition holds; none where there are no rows."""
    share = cast(func.count().filter(condition), Float) / func.nullif(func.count(), 0)
    ((found,),) = await session.rows(select(share).select_from(rows))
    return None if found is None else float(found)


async def _notification_latency(session: ReadSession, asked: AskedTimes) -> Latency | None:
    """How long messages took that were written in the range and have left, of those that nobody wished to wait."""
    since, until = asked.coverage.since, asked.coverage.until
    took = col(Notification.sent_at) - col(Notification.created_at)
    content = col(Notification.content)
    half, most = (func.percentile_disc(share).within_group(took) for share in (_HALF, _MOST))
    query: AnySelect = (
        select(half, most)
        .select_from(Notification)
        .join(Issue, col(Issue.id) == col(Notification.issue_id))
        .where(
            col(Notification.project_id).in_(asked_projects(asked.actor, asked.filter.project)),
            col(Notification.id) >= lowest_uuid7_at(since),
            col(Notification.id) < lowest_uuid7_at(until),
            col(Notification.sent_at).is_not(None),
            col(Notification.channel) != Channel.DASHBOARD,
            col(Notification.digest_at).is_(None),
            content["is_delayed"].as_boolean().is_not(True),
            *_issues(asked),
        )
    )
    ((first, last),) = await session.rows(query)
    return None if first is None else Latency(first, last)


TIMES: Mapping[Figure, Answer] = {
    Figure.TIME_TO_ACKNOWLEDGE: _time_to(ActivityKind.ACKNOWLEDGED, *OPENING),
    Figure.TIME_TO_RESOLVE: _time_to(ActivityKind.RESOLVED, *APPEARING),
    Figure.RESOLUTION_RATE: _resolution_rate,
    Figure.FALSE_POSITIVE_RATE: _false_positive_rate,
    Figure.NOTIFICATION_LATENCY: _notification_latency,
}
