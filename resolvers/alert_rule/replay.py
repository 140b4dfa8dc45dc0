"""When a rule would have fired on what is stored: a dry run before somebody is woken by it."""

from collections.abc import Awaitable, Callable, Hashable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeAlias
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlmodel import col, or_

from core.db import AnySelect, ReadSession
from domain.access import Actor, Scope
from domain.alert import AlertTrigger
from domain.alert_rule.definition import is_active
from domain.alert_rule.replay import Counted, Measure, replay_counts, replay_openings, replay_queue, thin_out
from domain.errors import InvalidInput
from domain.event import Severity
from domain.issue import OPENING, ActivityKind
from domain.stats import Point
from domain.surge import Baseline
from models import Activity, Alert, AlertRule, DayCount, Event, GroupingKey, HourlyCount, Issue, Pattern, PatternIssue
from resolvers.alert_rule.reading import cooldown_of, filter_of, hours_of, window_of
from resolvers.alert_rule.scope import counts_in, events_in, issues_in
from resolvers.resources import Resources
from resolvers.sight import in_sight
from resolvers.surge.history import read_baselines

LONGEST = timedelta(days=31)
MOST_EVENTS = 1_000_000
_MOST_ROWS = 200_000
_LAST = ("last",)
_CLOSING = (
    ActivityKind.ACKNOWLEDGED,
    ActivityKind.RESOLVED,
    ActivityKind.SNOOZED,
    ActivityKind.IGNORED,
    ActivityKind.MERGED,
)
_ALL_ALERTS: Hashable = "alerts"


@dataclass(frozen=True, slots=True)
class _Question:
    """Which rule, for whom, and of which span, `[since, until)`."""

    session: ReadSession
    actor: Actor
    rule: AlertRule
    since: datetime
    until: datetime


_Found: TypeAlias = list[tuple[Hashable, Point]]


async def would_have_fired(res: Resources, actor: Actor, rule: AlertRule, *, last: timedelta) -> list[Point]:
    """Each time at which the rule would have fired within that long, and what it would have counted, oldest first.

    Only what the actor may see is counted. Severities and services of issues are taken as they are now.

    Raises: PermissionDenied, InvalidInput (longer than 31 days, more than 1,000,000 events, or a rule whose past is
    not kept: about users, or with tags).
    """
    actor.require(Scope.READ)
    if not timedelta() < last <= LONGEST:
        raise InvalidInput("`last` must be longer than nothing and at most P31D.", _LAST)
    replay = _REPLAYS.get(rule.trigger)
    if replay is None or filter_of(rule).tags:
        raise InvalidInput("When users came, and which tags there were, is not kept: this rule has no past.", ("id",))
    at, hours = res.clock.now(), hours_of(rule)
    async with res.db.reading() as session:
        found = await replay(_Question(session, actor, rule, at - last, at))
    return thin_out(
        found, cooldown=cooldown_of(rule), is_active=lambda point: is_active(hours, _worst(point), point.at)
    )


async def _new_issues(asked: _Question) -> _Found:
    query = select(col(Issue.id), col(Issue.first_seen_at), col(Issue.severity)).where(
        *issues_in(asked.rule),
        in_sight(asked.actor, col(Issue.project_id)),
        col(Issue.first_seen_at) >= asked.since,
        col(Issue.first_seen_at) < asked.until,
    )
    rows = await _rows(asked, query.order_by(col(Issue.first_seen_at), col(Issue.id)))
    return [(id, _one(at, severity)) for id, at, severity in rows]


async def _patterns(asked: _Question) -> _Found:
    """Those that were new then; whether one had enough events is seen by what it has now."""
    query = (
        select(col(Pattern.id), col(Pattern.detected_at), col(Issue.severity))
        .join(PatternIssue, col(PatternIssue.pattern_id) == Pattern.id)
        .join(Issue, col(Issue.id) == PatternIssue.issue_id)
        .where(
            *issues_in(asked.rule),
            in_sight(asked.actor, col(Pattern.project_id)),
            col(Pattern.merged_into_id).is_(None),
            col(Pattern.detected_at) >= asked.since,
            col(Pattern.detected_at) < asked.until,
            col(Pattern.event_count) >= (asked.rule.threshold or 0),
        )
        .ext(distinct_on(col(Pattern.detected_at), col(Pattern.id)))
        .order_by(col(Pattern.detected_at), col(Pattern.id), col(Issue.id).desc())
    )
    return [(id, _one(at, severity)) for id, at, severity in await _rows(asked, query)]


async def _regressions(asked: _Question) -> _Found:
    steps = await _steps(asked, (ActivityKind.REGRESSED,), since=asked.since)
    return [(id, _one(at, severity)) for id, at, severity, _ in steps]


async def _counts(asked: _Question) -> _Found:
    rule, window = asked.rule, window_of(asked.rule)
    since = asked.since - window
    await _refuse_too_many(asked, since)
    minute = func.date_trunc("minute", col(Event.received_at), "UTC")
    apart = (col(GroupingKey.issue_id),) if rule.trigger is AlertTrigger.EVENT_COUNT else ()
    columns = (minute, col(Event.severity), col(Event.project_id), col(Event.service), *apart)
    query = (
        select(func.count(), *columns)
        .select_from(Event)
        .join(GroupingKey, col(GroupingKey.id) == Event.grouping_key_id)
        .where(*events_in(rule, since=since), in_sight(asked.actor, col(Event.project_id)))
        .group_by(*columns)
    )
    counted = [
        Counted(tuple(subject[-1:] if apart else subject), at, severity, count)
        for count, at, severity, *subject in await _rows(asked, query)
    ]
    measure = Measure(rule.trigger, rule.threshold or 0, window)
    return replay_counts(counted, measure, since=asked.since, baselines=await _baselines(asked, since))


async def _baselines(asked: _Question, since: datetime) -> Mapping[Hashable, Baseline]:
    """What was usual for each service, for a rule on surges."""
    if asked.rule.trigger is not AlertTrigger.SURGE:
        return {}
    mine = in_sight(asked.actor, col(DayCount.project_id))
    return dict((await read_baselines(asked.session, *counts_in(asked.rule, DayCount), mine, since=since)).items())


async def _ages(asked: _Question) -> _Found:
    window = window_of(asked.rule)
    by_issue: dict[tuple[UUID, Severity], list[tuple[datetime, bool]]] = {}
    for id, at, severity, kind in await _steps(asked, (*OPENING, *_CLOSING), since=asked.since - window):
        by_issue.setdefault((id, severity), []).append((at, kind in OPENING))
    found: _Found = [
        (id, _one(at, severity))
        for (id, severity), steps in by_issue.items()
        for at in replay_openings(steps, after=window, until=asked.until)
        if at >= asked.since
    ]
    return sorted(found, key=lambda pair: pair[1].at)


async def _queue(asked: _Question) -> _Found:
    ended = func.coalesce(col(Alert.acknowledged_at), col(Alert.resolved_at))
    query = (
        select(col(Alert.triggered_at), ended, col(Alert.severity))
        .join(Issue, col(Issue.id) == Alert.issue_id)
        .where(
            *issues_in(asked.rule),
            in_sight(asked.actor, col(Alert.project_id)),
            or_(ended.is_(None), ended >= asked.since),
        )
    )
    spans = [(start, end, severity) for start, end, severity in await _rows(asked, query)]
    points = replay_queue(spans, threshold=asked.rule.threshold or 0)
    return [(_ALL_ALERTS, point) for point in points if point.at >= asked.since]


async def _steps(asked: _Question, kinds: tuple[ActivityKind, ...], *, since: datetime) -> list[Any]:
    """What happened to the issues that the rule looks at, oldest first: which, when, how bad it is, and what."""
    query = (
        select(col(Issue.id), col(Activity.at), col(Issue.severity), col(Activity.kind))
        .join(Activity, col(Activity.issue_id) == Issue.id)
        .where(
            *issues_in(asked.rule),
            in_sight(asked.actor, col(Issue.project_id)),
            col(Activity.kind).in_(kinds),
            col(Activity.at) >= since,
        )
        .order_by(col(Activity.at), col(Activity.id))
    )
    return await _rows(asked, query)


async def _refuse_too_many(asked: _Question, since: datetime) -> None:
    """Return where few enough events are to be counted.

    Raises: InvalidInput.
    """
    many = func.coalesce(func.sum(HourlyCount.event_count), 0)
    query = select(many).where(
        *counts_in(asked.rule, HourlyCount),
        in_sight(asked.actor, col(HourlyCount.project_id)),
        col(HourlyCount.hour) >= since,
    )
    ((count,),) = await asked.session.rows(query)
    if count > MOST_EVENTS:
        raise InvalidInput(
            f"The rule looked at {int(count):,} events in that time, and at most {MOST_EVENTS:,} are counted again: "
            "ask for less.",
            _LAST,
        )


async def _rows(asked: _Question, query: AnySelect) -> list[Any]:
    rows = await asked.session.rows(query.limit(_MOST_ROWS + 1))
    if len(rows) > _MOST_ROWS:
        raise InvalidInput("Too much happened in that time to be looked at again: ask for less.", _LAST)
    return rows


def _one(at: datetime, severity: Severity) -> Point:
    return Point(at, {**dict.fromkeys(Severity, 0), severity: 1})


def _worst(point: Point) -> Severity:
    """The worst that the point counts: what is critical is told outside of active hours too."""
    return max((severity for severity, count in point.by_severity.items() if count), key=lambda each: each.rank)


_REPLAYS: Mapping[AlertTrigger, Callable[[_Question], Awaitable[_Found]]] = {
    AlertTrigger.NEW_ISSUE: _new_issues,
    AlertTrigger.REGRESSION: _regressions,
    AlertTrigger.EVENT_COUNT: _counts,
    AlertTrigger.ERROR_RATE: _counts,
    AlertTrigger.CRITICAL_COUNT: _counts,
    AlertTrigger.SURGE: _counts,
    AlertTrigger.UNRESOLVED_FOR: _ages,
    AlertTrigger.ALERT_QUEUE: _queue,
    AlertTrigger.NEW_PATTERN: _patterns,
}
