"""What happened in a day, in what somebody may see: from the counts, as JSON that a mail is made of."""

from dataclasses import dataclass
from datetime import time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func
from sqlmodel import col, select

from core.db import AnySelect, ReadSession
from domain.access import Actor
from domain.alert import AlertStatus
from domain.event import Severity
from domain.issue import IssueStatus
from domain.stats import Coverage, Figure, Question, StatsFilter
from domain.summary import Window, day_until
from models import Alert, Issue, IssueCounter
from resolvers.resources import Resources
from resolvers.rollups import regressed_within
from resolvers.sight import in_sight
from resolvers.stats import answer_questions
from resolvers.summary.readers import Reader

_DAY = timedelta(days=1)
_MOST = 5
_BAD = frozenset({Severity.HIGH, Severity.CRITICAL})
_COUNTS = (
    Question(Figure.BY_SEVERITY),
    Question(Figure.BY_SERVICE, first=_MOST),
    Question(Figure.TIMELINE),
)


@dataclass(frozen=True, slots=True)
class Figures:
    """What happened, as JSON; the worst of it; and whether there is anything to tell."""

    content: dict[str, Any]
    worst: Severity
    is_worth_telling: bool


async def read_figures(res: Resources, actor: Actor, reader: Reader) -> Figures:
    """What happened in the day until the reader's morning, the night with it, and in the day before that."""
    clock = time.fromisoformat(res.settings.summary_at)
    yesterday = day_until(reader.morning.day, clock, reader.zone)
    before = day_until(reader.morning.day - _DAY, clock, reader.zone)
    counts = await _counts(res, actor, yesterday, before, reader.zone)
    async with res.db.reading() as session:
        new = await _issues(session, actor, _new(yesterday))
        regressed = await _issues(session, actor, regressed_within(actor, None, yesterday.since, yesterday.until))
        unresolved = await _unresolved(session, actor)
        alerts = await _alerts(session, actor)
    content = {
        **counts,
        "new": _listed(res, *new),
        "regressed": _listed(res, *regressed),
        "unresolved": unresolved,
        "alerts": _rung(res, *alerts),
    }
    seen = [*(row["severity"] for row in counts["severities"]), *(alert.severity for alert, _ in alerts[1])]
    worst = max(map(Severity, seen), key=lambda severity: severity.rank, default=Severity.INFO)
    return Figures(content, worst, bool(counts["total"] or new[0] or regressed[0] or alerts[0]))


async def _counts(res: Resources, actor: Actor, day: Window, before: Window, zone: ZoneInfo) -> dict[str, Any]:
    by_severity, by_service, points = await _ask(res, actor, StatsFilter(), day, *_COUNTS)
    (severity_before,) = await _ask(res, actor, StatsFilter(), before, Question(Figure.BY_SEVERITY))
    named = StatsFilter(service=tuple(name for name, _ in by_service))
    (service_before,) = await _ask(res, actor, named, before, Question(Figure.BY_SERVICE))
    known = dict(service_before)
    return {
        "total": sum(by_severity.values()),
        "before": sum(severity_before.values()),
        "severities": [
            {"severity": severity, "count": count, "before": severity_before[severity]}
            for severity, count in reversed(by_severity.items())
            if count
        ],
        "services": [{"name": name, "count": count, "before": known.get(name, 0)} for name, count in by_service],
        "hours": [
            {
                "hour": point.at.astimezone(zone).hour,
                "bad": sum(count for severity, count in point.by_severity.items() if severity in _BAD),
                "count": point.count,
            }
            for point in points
        ],
    }


async def _ask(res: Resources, actor: Actor, filter: StatsFilter, window: Window, *questions: Question) -> list[Any]:
    hours = window.whole_hours
    return await answer_questions(
        res, actor, filter=filter, covered=Coverage(hours.since, hours.until), questions=questions
    )


def _new(day: Window) -> AnySelect:
    return select(Issue.id).where(col(Issue.first_seen_at) >= day.since, col(Issue.first_seen_at) < day.until)


async def _issues(session: ReadSession, actor: Actor, ids: AnySelect) -> tuple[int, list[tuple[Issue, int]]]:
    """How many issues in sight there are among these, and the worst with their events."""
    among = (
        col(Issue.id).in_(ids),
        col(Issue.merged_into_id).is_(None),
        in_sight(actor, col(Issue.project_id)),
    )
    ((total,),) = await session.rows(select(func.count()).select_from(Issue).where(*among))
    worst = (
        select(Issue, IssueCounter.event_count)
        .join(IssueCounter, col(IssueCounter.issue_id) == Issue.id)
        .where(*among)
        .order_by(col(Issue.severity_rank).desc(), col(IssueCounter.event_count).desc(), col(Issue.id))
        .limit(_MOST)
    )
    return total, [(issue, count) for issue, count in await session.rows(worst)]


async def _unresolved(session: ReadSession, actor: Actor) -> list[dict[str, Any]]:
    """How many issues nobody has resolved, by severity, the worst first."""
    query = (
        select(Issue.severity, func.count())
        .where(
            Issue.status == IssueStatus.UNRESOLVED,
            col(Issue.merged_into_id).is_(None),
            in_sight(actor, col(Issue.project_id)),
        )
        .group_by(col(Issue.severity))
    )
    found = dict(map(tuple, await session.rows(query)))
    return [{"severity": each, "count": found[each]} for each in reversed(Severity) if each in found]


async def _alerts(session: ReadSession, actor: Actor) -> tuple[int, list[tuple[Alert, Issue]]]:
    """How many alerts are open, and those that call loudest: the worst first, then the oldest."""
    is_open = (Alert.status != AlertStatus.RESOLVED, in_sight(actor, col(Alert.project_id)))
    ((total,),) = await session.rows(select(func.count()).select_from(Alert).where(*is_open))
    query = (
        select(Alert, Issue)
        .join(Issue, col(Issue.id) == Alert.issue_id)
        .where(*is_open)
        .order_by(col(Issue.severity_rank).desc(), col(Alert.triggered_at), col(Alert.id))
        .limit(_MOST)
    )
    return total, [(alert, issue) for alert, issue in await session.rows(query)]


def _listed(res: Resources, total: int, issues: list[tuple[Issue, int]]) -> dict[str, Any]:
    return {"count": total, "worst": [{**_issue(res, issue), "events": events} for issue, events in issues]}


def _rung(res: Resources, total: int, alerts: list[tuple[Alert, Issue]]) -> dict[str, Any]:
    worst = [{**_issue(res, issue), "status": alert.status, "since": alert.triggered_at} for alert, issue in alerts]
    return {"count": total, "worst": worst}


def _issue(res: Resources, issue: Issue) -> dict[str, Any]:
    return {
        "short_id": issue.short_id,
        "url": f"{res.settings.base_url}/issues/{issue.short_id}",
        "title": issue.title,
        "service": issue.service,
        "severity": issue.severity,
    }
