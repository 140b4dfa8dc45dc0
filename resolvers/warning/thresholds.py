"""Looking every quarter of an hour whether there is too much of something, from the counts by the hour."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import func
from sqlmodel import col, select

from core.db import ReadSession
from core.settings import Settings
from domain.access import system
from domain.alert import AlertStatus
from domain.event import Severity
from domain.stats import HOUR, Coverage, Figure, Question, StatsFilter, floor
from domain.threshold import DAY_HOURS, Bounds, Level, Measured, Threshold, in_last_hour, levels, usual_hour
from models import Alert, HourlyCount
from resolvers.resources import Resources
from resolvers.stats import answer_questions
from resolvers.warning.tell import Watched, tell_administrators

_MOST = 5
_TITLES = {
    Threshold.ERRORS: "Many errors",
    Threshold.CRITICAL: "Many critical errors",
    Threshold.RISE: "Errors rise fast",
    Threshold.UNACKNOWLEDGED: "Alerts that nobody has",
}
_WORDS = {
    Threshold.ERRORS: "about {value:,.0f} events in the last hour (bound: {bound:,.0f})",
    Threshold.CRITICAL: "about {value:,.0f} CRITICAL events in the last hour (bound: {bound:,.0f})",
    Threshold.RISE: "about {value:,.0f} events in the last hour (bound, from the day before: {bound:,.0f})",
    Threshold.UNACKNOWLEDGED: "{value:,.0f} alerts ring that nobody has acknowledged (bound: {bound:,.0f})",
}
_ADVICE = {
    Threshold.ERRORS: "Look at the services and issues below. Resolve or snooze what is known; keep out what is noise"
    " by the inbound filters of its project. Where so many are usual, raise TOCSIN_THRESHOLD_ERRORS.",
    Threshold.CRITICAL: "See that somebody has each of the issues below, and escalate what nobody has. Where CRITICAL"
    " is said of what is not, set its severity.",
    Threshold.RISE: "Something changed: compare with what was released or switched on in the last hours, and take that"
    " back if it fits.",
    Threshold.UNACKNOWLEDGED: "Acknowledge what is being looked at. If nobody answers, see who is on call, and whether"
    " they can be reached: their contact methods, and the notifications that failed.",
}


async def check_thresholds(res: Resources) -> Mapping[str, int]:
    """Leave administrators told of every threshold that is crossed, or no longer is.

    Return how many are crossed, and how many people were told.
    """
    now = res.clock.now()
    async with res.db.reading() as session:
        measured = await _measure(session, now)
    found = levels(measured, _bounds(res.settings))
    watched = [_watched(threshold, level) for threshold, level in found.items()]
    crossed = sum(one.is_wrong for one in watched)
    facts = await _worst(res, now) if crossed else {}
    return {"crossed": crossed, "told": await tell_administrators(res, watched, facts=facts)}


def _bounds(settings: Settings) -> Bounds:
    return Bounds(
        errors=settings.threshold_errors,
        critical=settings.threshold_critical,
        rise_factor=settings.threshold_rise_factor,
        rise_floor=settings.threshold_rise_floor,
        unacknowledged=settings.threshold_unacknowledged,
    )


async def _measure(session: ReadSession, now: datetime) -> Measured:
    since = floor(now, HOUR) - (DAY_HOURS + 1) * HOUR
    query = (
        select(HourlyCount.hour, HourlyCount.severity, func.sum(HourlyCount.event_count))
        .where(col(HourlyCount.hour) >= since)
        .group_by(col(HourlyCount.hour), col(HourlyCount.severity))
    )
    everything: dict[datetime, int] = {}
    critical: dict[datetime, int] = {}
    for hour, severity, count in await session.rows(query):
        everything[hour] = everything.get(hour, 0) + int(count)
        if severity is Severity.CRITICAL:
            critical[hour] = int(count)
    ringing = select(func.count()).select_from(Alert).where(Alert.status == AlertStatus.TRIGGERED)
    ((unacknowledged,),) = await session.rows(ringing)
    return Measured(
        errors=in_last_hour(everything, now),
        critical=in_last_hour(critical, now),
        usual=usual_hour(everything, now),
        unacknowledged=unacknowledged,
    )


def _watched(threshold: Threshold, level: Level) -> Watched:
    return Watched(
        name=f"threshold:{threshold}",
        title=_TITLES[threshold],
        words=_WORDS[threshold].format(value=level.value, bound=level.bound or 0),
        advice=_ADVICE[threshold],
        is_wrong=level.is_crossed,
        is_over=level.is_over,
    )


async def _worst(res: Resources, now: datetime) -> dict[str, Any]:
    """The services with most events in this hour and the one before, and the issues with most today."""
    hours = Coverage(floor(now, HOUR) - HOUR, floor(now, HOUR) + HOUR)
    questions = (Question(Figure.BY_SERVICE, first=_MOST), Question(Figure.TOP_ISSUES, first=_MOST))
    services, issues = await answer_questions(res, system(), filter=StatsFilter(), covered=hours, questions=questions)
    return {
        "services": [{"name": name, "count": count} for name, count in services],
        "issues": [
            {
                "short_id": issue.short_id,
                "url": f"{res.settings.base_url}/issues/{issue.short_id}",
                "title": issue.title,
                "service": issue.service,
                "severity": issue.severity,
            }
            for issue, _ in issues
        ],
    }
