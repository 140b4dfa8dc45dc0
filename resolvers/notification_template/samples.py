"""What is kept with messages as there are many: a sample of each kind, by which a template is shown."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, TypeAlias
from uuid import UUID

from domain.event import Severity
from domain.notification import NotificationKind
from domain.project import Plan
from domain.schedule.handoff import HandOff, say_beginning
from resolvers.notification.summary import summary_subject

_ZONE = "Europe/Berlin"
_DAY, _HOUR = timedelta(days=1), timedelta(hours=1)
_Sample: TypeAlias = Callable[[str, datetime], dict[str, Any]]


def sample_of(kind: NotificationKind, url: str, at: datetime) -> dict[str, Any]:
    """What would be kept with a message of that kind, which has templates, of the server at `url`, at that instant."""
    return {"recipient": "Ada", "url": url, **_SAMPLES.get(kind, _issue)(url, at)}


def _issue(url: str, at: datetime) -> dict[str, Any]:
    """An error as there are many."""
    return {
        "reason": "You are on call for checkout.",
        "recipient": "Ada",
        "project": "Shop",
        "issue": {
            "id": str(UUID(int=0)),
            "short_id": "SHOP-7",
            "url": f"{url}/issues/SHOP-7",
            "title": "ValueError: bad total",
            "error_type": "ValueError",
            "message": "bad total",
            "culprit": "total in checkout/total.py",
            "service": "checkout",
            "severity": Severity.CRITICAL,
        },
        "counts": {"events": 12, "users": 3, "first_seen_at": at - timedelta(hours=1), "last_seen_at": at},
        "event": {
            "message": "bad total",
            "environment": "production",
            "release": "1.4.2",
            "endpoint": "POST /orders",
            "server": "web-3",
            "culprit": "total in checkout/total.py",
            "calls": [{"where": "checkout/total.py:42 in total", "code": "raise ValueError()"}],
            "lines": [],
        },
    }


def _handoff(_: str, at: datetime) -> dict[str, Any]:
    alert = "[CRITICAL] SHOP-7 ValueError: bad total (ringing)"
    handoff = HandOff(
        "Checkout", at, at + _DAY, before=["Bob"], after=["Cleo"], alerts=[alert], alert_count=1, left=[("Bob", 2)]
    )
    said = say_beginning(handoff, _ZONE, at=at)
    return {"headline": said.subject, "text": said.text, "reason": said.reason, "facts": dict(said.facts)}


def _summary(url: str, at: datetime) -> dict[str, Any]:
    bad = _listed(url, {"severity": Severity.CRITICAL})
    content = {
        "reason": "A summary of the day and night goes to everybody.",
        "zone": _ZONE,
        "day": at.date(),
        "total": 300,
        "before": 240,
        "severities": [
            {"severity": Severity.CRITICAL, "count": 12, "before": 0},
            {"severity": Severity.LOW, "count": 288, "before": 240},
        ],
        "services": [{"name": "checkout", "count": 300, "before": 240}],
        "hours": [{"hour": (8 + hour) % 24, "bad": hour // 2, "count": hour + 1} for hour in range(24)],
        "new": {"count": 1, "worst": [{**bad, "events": 12}]},
        "regressed": {"count": 0, "worst": []},
        "alerts": {"count": 1, "worst": [{**bad, "status": "TRIGGERED", "since": at - _HOUR}]},
        "unresolved": [{"severity": Severity.CRITICAL, "count": 1}, {"severity": Severity.LOW, "count": 4}],
        "on_call": [
            {
                "schedule": "Checkout",
                "now": [{"name": "Ada", "until": at + _DAY}],
                "next": [{"name": "Bob", "at": at + _DAY}],
            }
        ],
    }
    return {**content, "headline": summary_subject(content)}


def _warning(url: str, at: datetime) -> dict[str, Any]:
    return {
        "headline": "[Tocsin] Many errors: 1,200 in the last hour",
        "reason": "You are an OWNER or ADMIN, and answer for the whole installation.",
        "wrong": [
            {"title": "Many errors", "words": "1,200 in the last hour", "advice": "Look at what is new.", "since": None}
        ],
        "over": [],
        "lasting": [
            {"title": "Alerts wait", "words": "12 ring", "advice": "Acknowledge them.", "since": at - 3 * _HOUR}
        ],
        "services": [{"name": "checkout", "count": 1100}],
        "issues": [_listed(url, {"severity": Severity.CRITICAL})],
    }


def _dropped(_: str, at: datetime) -> dict[str, Any]:
    hour = at.replace(minute=0, second=0, microsecond=0)
    return {
        "headline": "[shop] Events are turned away",
        "reason": "You answer for the project.",
        "project": "Shop",
        "slug": "shop",
        "plan": Plan.FREE,
        "why": "Its quota of events an hour is used up; the next hour begins anew.",
        "hour": hour,
        "until": hour + _HOUR,
    }


def _listed(url: str, facts: dict[str, Any]) -> dict[str, Any]:
    its = {"short_id": "SHOP-7", "url": f"{url}/issues/SHOP-7", "title": "ValueError: bad total", "service": "checkout"}
    return {**its, **facts}


# All other kinds that have templates are about an issue.
_SAMPLES: Mapping[NotificationKind, _Sample] = {
    NotificationKind.HANDOFF: _handoff,
    NotificationKind.DAILY_SUMMARY: _summary,
    NotificationKind.WARNING: _warning,
    NotificationKind.EVENTS_DROPPED: _dropped,
}
