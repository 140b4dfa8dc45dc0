"""A notification as an event of PagerDuty (Events API v2), which follows what becomes of the alert."""

from dataclasses import replace
from typing import Any

import orjson

from domain.alert import AlertStatus
from domain.event import Severity
from domain.notification import Outcome
from models import Notification
from resolvers.notification.delivery import Send
from resolvers.notification.door import JSON, Door, Refresh, read_object
from resolvers.notification.telling import telling

_LONGEST = 1024
_SEVERITIES = {
    Severity.CRITICAL: "critical",
    Severity.HIGH: "error",
    Severity.MEDIUM: "warning",
    Severity.LOW: "info",
    Severity.INFO: "info",
}
_ACTIONS = {
    AlertStatus.TRIGGERED: "trigger",
    AlertStatus.ACKNOWLEDGED: "acknowledge",
    AlertStatus.RESOLVED: "resolve",
}


def pagerduty_sender(door: Door) -> Send:
    """What triggers an incident; all messages of one alert are one incident."""

    async def send(notification: Notification) -> Outcome:
        event = _event(notification, AlertStatus.TRIGGERED) | make_incident(notification)
        outcome = await _enqueue(door, event)
        if not outcome.succeeded or notification.alert_id is None:
            return outcome
        return replace(outcome, receipt={"dedup_key": event["dedup_key"]})

    return send


def pagerduty_refresher(door: Door) -> Refresh:
    """What leaves the incident as the alert is now."""

    async def refresh(notification: Notification, status: AlertStatus) -> Outcome:
        more = make_incident(notification) if status is AlertStatus.TRIGGERED else {}
        return await _enqueue(door, _event(notification, status) | more)

    return refresh


def make_incident(notification: Notification) -> dict[str, Any]:
    """What an incident says."""
    told = telling(notification)
    payload = {
        "summary": told.line[:_LONGEST] if told.short_id else " ".join([told.title, *told.lines])[:_LONGEST],
        "source": told.service or "tocsin",
        "severity": _SEVERITIES[told.severity],
        "timestamp": notification.created_at.isoformat(),
        "component": told.service,
        "custom_details": {**dict(told.facts), "Why": told.reason, "Stack": "\n".join(told.lines)},
    }
    links = [{"href": told.url, "text": told.short_id or "Tocsin"}]
    return {"payload": payload, "links": links, "client": "Tocsin", "client_url": told.url}


def _event(notification: Notification, status: AlertStatus) -> dict[str, Any]:
    about = notification.alert_id or notification.issue_id or notification.id
    return {"routing_key": notification.destination, "event_action": _ACTIONS[status], "dedup_key": str(about)}


async def _enqueue(door: Door, event: dict[str, Any]) -> Outcome:
    answer, outcome = await door.post(f"{door.settings.pagerduty_url}/v2/enqueue", orjson.dumps(event), JSON)
    said = read_object(answer)
    words = ": ".join(str(part) for part in (said.get("message"), *said.get("errors", ())) if part)
    return replace(outcome, detail=words or outcome.detail)
