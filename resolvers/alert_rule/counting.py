"""What a rule finds at this moment: for which issues it is reached, and at what value."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, TypeAlias
from uuid import UUID

from sqlalchemy import func, literal, select, true
from sqlalchemy.dialects.postgresql import distinct_on
from sqlmodel import col

from core.db import ReadSession
from domain.alert import AlertStatus, AlertTrigger
from domain.alert_rule.definition import NEW_FOR, events_for, is_reached, value_of
from domain.alert_rule.settings import MOST_EVENTS
from domain.issue import OPENING
from domain.surge import Judgement
from models import (
    Activity,
    Alert,
    AlertRule,
    AlertRuleFiring,
    DayCount,
    Event,
    GroupingKey,
    HourlyCount,
    Issue,
    IssueCounter,
    Pattern,
    PatternIssue,
)
from resolvers.alert_rule.reading import window_of
from resolvers.alert_rule.scope import counts_in, events_in, is_open, issues_in
from resolvers.surge.history import Service, read_baselines

# How many services, or issues, one look finds at most; the others are found by the next.
_MOST = 200
# Counting goes on a while after the threshold, so that what is told is mostly what there is.
_BEYOND = 10


@dataclass(frozen=True, slots=True)
class Hit:
    """An issue for which a rule is reached, and the value; of which pattern, where it is reached for that."""

    issue_id: UUID
    value: float
    pattern_id: UUID | None = None


_Find: TypeAlias = Callable[[ReadSession, AlertRule, datetime], Awaitable[list[Hit]]]


async def find_hits(session: ReadSession, rule: AlertRule, at: datetime) -> list[Hit]:
    """For which open issues the rule is reached then; whether it is quiet about them is not asked."""
    return await _FINDERS[rule.trigger](session, rule, at)


async def _by_service(session: ReadSession, rule: AlertRule, at: datetime) -> list[Hit]:
    """The issue with most events of each service that has enough of them."""
    window, threshold = window_of(rule), rule.threshold or 0
    looked = [(each, await _in_service(session, rule, at, each)) for each in await _busy_services(session, rule, at)]
    counted = {service: found for service, found in looked if found is not None}
    judged = await _judge(session, rule, at, {service: events for service, (_, events) in counted.items()})
    hits = []
    for service, (issue_id, events) in counted.items():
        value = value_of(rule.trigger, events, window, judged.get(service))
        if is_reached(value, threshold, judged.get(service)):
            hits.append(Hit(issue_id, value))
    return hits


async def _busy_services(session: ReadSession, rule: AlertRule, at: datetime) -> list[Service]:
    """The services whose whole hours have enough events: the others need not be counted."""
    window = window_of(rule)
    since = (at - window).astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    many = func.sum(HourlyCount.event_count)
    query = (
        select(col(HourlyCount.project_id), col(HourlyCount.service))
        .where(col(HourlyCount.hour) >= since, *counts_in(rule, HourlyCount))
        .group_by(col(HourlyCount.project_id), col(HourlyCount.service))
        .having(many >= events_for(rule.trigger, rule.threshold or 0, window))
        .order_by(many.desc())
        .limit(_MOST)
    )
    return [(project_id, service) for project_id, service in await session.rows(query)]


async def _in_service(session: ReadSession, rule: AlertRule, at: datetime, service: Service) -> tuple[UUID, int] | None:
    """Its open issue with most events, and how many all of them have; none where they have not enough."""
    since, (project_id, name) = at - window_of(rule), service
    recent = (
        select(col(Event.grouping_key_id))
        .where(col(Event.project_id) == project_id, col(Event.service) == name, *events_in(rule, since=since))
        .order_by(col(Event.id).desc())
        .limit(MOST_EVENTS)
        .subquery()
    )
    many = func.count()
    query = (
        select(col(Issue.id), many)
        .select_from(recent)
        .join(GroupingKey, col(GroupingKey.id) == recent.c.grouping_key_id)
        .join(Issue, (col(Issue.id) == GroupingKey.issue_id) & is_open())
        .group_by(col(Issue.id))
        .order_by(many.desc(), col(Issue.id))
    )
    rows = await session.rows(query)
    events = sum(count for _, count in rows)
    enough = events_for(rule.trigger, rule.threshold or 0, window_of(rule))
    return (rows[0][0], events) if rows and events >= enough else None


async def _judge(
    session: ReadSession, rule: AlertRule, at: datetime, counted: Mapping[Service, int]
) -> Mapping[Service, Judgement]:
    """What so many events are against what is usual for each service, as the rule looks at it; for surges only."""
    if rule.trigger is not AlertTrigger.SURGE or not counted:
        return {}
    window = window_of(rule)
    usual = await read_baselines(session, *counts_in(rule, DayCount), since=at - window, of=counted.keys())
    return {service: usual[service].judge(events, window=window, at=at) for service, events in counted.items()}


async def _by_events(session: ReadSession, rule: AlertRule, at: datetime) -> list[Hit]:
    """The issues that have enough events in the window. A key's events are counted no further than needed."""
    since, threshold = at - window_of(rule), round(rule.threshold or 0)
    candidate = (
        select(col(Issue.id).label("issue_id"))
        .join(IssueCounter, col(IssueCounter.issue_id) == Issue.id)
        .where(
            *issues_in(rule),
            is_open(),
            col(IssueCounter.last_seen_at) >= since,
            col(IssueCounter.event_count) >= threshold,
        )
        .subquery()
    )
    counted = (
        select(literal(1).label("one"))
        .where(
            col(Event.project_id) == GroupingKey.project_id,
            col(Event.grouping_key_id) == GroupingKey.id,
            *events_in(rule, since=since),
        )
        .correlate(GroupingKey)
        .limit(min(MOST_EVENTS, threshold * _BEYOND))
        .subquery()
    )
    by_key = select(func.count().label("many")).select_from(counted).lateral()
    many = func.sum(by_key.c.many)
    query: Any = (
        select(candidate.c.issue_id, many)
        .select_from(candidate)
        .join(GroupingKey, col(GroupingKey.issue_id) == candidate.c.issue_id)
        .join(by_key, true())
        .group_by(candidate.c.issue_id)
        .having(many >= threshold)
        .order_by(many.desc(), candidate.c.issue_id)
        .limit(_MOST)
    )
    return [Hit(issue_id, float(count)) for issue_id, count in await session.rows(query)]


async def _by_users(session: ReadSession, rule: AlertRule, at: datetime) -> list[Hit]:  # noqa: ARG001 - as all finders
    """The issues that have enough users, and events since the rule was made; once told, when they have doubled."""
    told = (
        select(func.max(AlertRuleFiring.value))
        .where(col(AlertRuleFiring.rule_id) == rule.id, col(AlertRuleFiring.issue_id) == Issue.id)
        .correlate(Issue)
        .scalar_subquery()
    )
    users = col(IssueCounter.user_count)
    query = (
        select(col(Issue.id), users)
        .join(IssueCounter, col(IssueCounter.issue_id) == Issue.id)
        .where(
            *issues_in(rule),
            is_open(),
            users >= rule.threshold,
            users >= 2 * func.coalesce(told, 0),
            col(IssueCounter.last_seen_at) >= rule.since,
        )
        .order_by(users.desc(), col(Issue.id))
        .limit(_MOST)
    )
    return [Hit(issue_id, float(count)) for issue_id, count in await session.rows(query)]


async def _by_age(session: ReadSession, rule: AlertRule, at: datetime) -> list[Hit]:
    """The issues that nobody took for so long, each once after it opened, if not since before the rule was made."""
    window = window_of(rule)
    opened = (
        select(func.max(Activity.at))
        .where(col(Activity.issue_id) == Issue.id, col(Activity.kind).in_(OPENING))
        .correlate(Issue)
        .scalar_subquery()
    )
    old = (
        select(col(Issue.id), opened.label("opened_at"))
        .where(
            *issues_in(rule), is_open(), col(Issue.acknowledged_at).is_(None), col(Issue.first_seen_at) <= at - window
        )
        .subquery()
    )
    fired = (
        select(col(AlertRuleFiring.id))
        .where(
            col(AlertRuleFiring.rule_id) == rule.id,
            col(AlertRuleFiring.issue_id) == old.c.id,
            col(AlertRuleFiring.at) >= old.c.opened_at + window,
        )
        .exists()
    )
    query = (
        select(old.c.id)
        .where(old.c.opened_at <= at - window, old.c.opened_at > rule.since - window, ~fired)
        .order_by(old.c.opened_at, old.c.id)
        .limit(_MOST)
    )
    return [Hit(issue_id, window / timedelta(seconds=1)) for (issue_id,) in await session.rows(query)]


async def _by_queue(session: ReadSession, rule: AlertRule, at: datetime) -> list[Hit]:  # noqa: ARG001 - as all finders
    """The issue whose alert rings for longest, where too many ring that nobody has acknowledged."""
    query = (
        select(col(Alert.issue_id), func.count().over())
        .join(Issue, col(Issue.id) == Alert.issue_id)
        .where(col(Alert.status) == AlertStatus.TRIGGERED, is_open(), *issues_in(rule))
        .order_by(col(Alert.id))
        .limit(1)
    )
    rows = await session.rows(query)
    return [Hit(issue_id, float(many)) for issue_id, many in rows if many >= (rule.threshold or 0)]


async def _by_pattern(session: ReadSession, rule: AlertRule, at: datetime) -> list[Hit]:
    """The newest issue of each pattern that is new since the rule was made and has enough events, each once."""
    fired = select(col(AlertRuleFiring.id)).where(
        col(AlertRuleFiring.rule_id) == rule.id, col(AlertRuleFiring.pattern_id) == Pattern.id
    )
    newest = (
        select(
            col(Pattern.id).label("pattern_id"),
            col(Issue.id).label("issue_id"),
            func.sum(col(IssueCounter.event_count)).over(partition_by=col(Pattern.id)).label("events"),
        )
        .join(PatternIssue, col(PatternIssue.pattern_id) == Pattern.id)
        .join(Issue, (col(Issue.id) == PatternIssue.issue_id) & is_open())
        .join(IssueCounter, col(IssueCounter.issue_id) == Issue.id)
        .where(
            *issues_in(rule),
            col(Pattern.detected_at) >= max(rule.since, at - NEW_FOR),
            col(Pattern.merged_into_id).is_(None),
            ~fired.correlate(Pattern).exists(),
        )
        .ext(distinct_on(col(Pattern.id)))
        .order_by(col(Pattern.id), col(Issue.id).desc())
        .subquery()
    )
    query = select(newest).where(newest.c.events >= (rule.threshold or 0)).order_by(newest.c.pattern_id).limit(_MOST)
    return [Hit(issue_id, float(events), pattern_id) for pattern_id, issue_id, events in await session.rows(query)]


_FINDERS: Mapping[AlertTrigger, _Find] = {
    AlertTrigger.EVENT_COUNT: _by_events,
    AlertTrigger.ERROR_RATE: _by_service,
    AlertTrigger.CRITICAL_COUNT: _by_service,
    AlertTrigger.SURGE: _by_service,
    AlertTrigger.USERS_AFFECTED: _by_users,
    AlertTrigger.UNRESOLVED_FOR: _by_age,
    AlertTrigger.ALERT_QUEUE: _by_queue,
    AlertTrigger.NEW_PATTERN: _by_pattern,
}
