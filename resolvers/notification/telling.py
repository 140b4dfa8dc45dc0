"""What a notification says, apart from how a channel shows it: the error first, the link, why one got this."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from domain.alert import AlertStatus
from domain.event import Severity
from domain.notification import NotificationKind, one_line
from models import Notification

_LONGEST_TITLE = 200
HEADLINES: Mapping[NotificationKind, str] = {
    NotificationKind.NEW_ISSUE: "New issue",
    NotificationKind.REGRESSION: "It was resolved, and happens again",
    NotificationKind.ASSIGNMENT: "This issue is yours now",
    NotificationKind.ALERT: "An alert rings",
    NotificationKind.ESCALATION: "An alert climbed to you",
    NotificationKind.DAILY_SUMMARY: "What happened in a day",
    NotificationKind.TEST: "A test",
}

COLOURS: Mapping[Severity, str] = {
    Severity.INFO: "#57606a",
    Severity.LOW: "#57606a",
    Severity.MEDIUM: "#9a6700",
    Severity.HIGH: "#bc4c00",
    Severity.CRITICAL: "#cf222e",
}


@dataclass(frozen=True, slots=True)
class Telling:
    """One message in its parts; what has no issue has no facts, and its text in `lines`."""

    title: str
    headline: str
    severity: Severity
    reason: str
    url: str
    facts: tuple[tuple[str, str], ...] = ()
    lines: tuple[str, ...] = ()
    service: str | None = None
    short_id: str | None = None
    alert_id: str | None = None

    @property
    def line(self) -> str:
        """All of it on one line, the error first."""
        about = " ".join(part for part in (self.short_id, self.service) if part)
        return f"{self.title} [{self.severity}] {about}".rstrip() if self.short_id else self.title


def telling(notification: Notification) -> Telling:
    """What the notification says, from what was written down with it."""
    content = notification.content
    if "issue" not in content:
        return _plain(notification)
    issue, event = content["issue"], content.get("event") or {}
    alert = content.get("alert") or {}
    return Telling(
        title=one_line(issue["title"], _LONGEST_TITLE),
        headline=HEADLINES.get(notification.kind, notification.subject),
        severity=Severity(issue["severity"]),
        reason=content["reason"],
        url=issue["url"],
        facts=_facts(content, issue, event),
        lines=_lines(event),
        service=issue["service"],
        short_id=issue["short_id"],
        alert_id=alert.get("id"),
    )


def standing(status: AlertStatus) -> str:
    """Where an alert stands, in a word."""
    return {
        AlertStatus.TRIGGERED: "Ringing",
        AlertStatus.ACKNOWLEDGED: "Acknowledged",
        AlertStatus.RESOLVED: "Resolved",
    }[status]


def _plain(notification: Notification) -> Telling:
    content = notification.content
    text = content.get("text") or content.get("why") or ""
    return Telling(
        title=notification.subject,
        headline=HEADLINES.get(notification.kind, ""),
        severity=Severity.INFO,
        reason=content["reason"],
        url=content["url"],
        lines=tuple(text.splitlines()),
    )


def _facts(content: dict[str, Any], issue: dict[str, Any], event: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    counts = content["counts"]
    seen = f"{counts['events']} times" + (f", {counts['users']} users" if counts["users"] else "")
    known = (
        ("Severity", issue["severity"]),
        ("Project", content["project"]),
        ("Service", issue["service"]),
        ("Environment", event.get("environment")),
        ("Release", event.get("release")),
        ("Endpoint", event.get("endpoint")),
        ("Where", issue["culprit"]),
        ("Seen", seen),
    )
    return tuple((name, one_line(str(value), _LONGEST_TITLE)) for name, value in known if value)


def _lines(event: dict[str, Any]) -> tuple[str, ...]:
    """The stack, nearest call first, or as it was written."""
    found = [call["where"] for call in event.get("calls", ())] or list(event.get("lines", ()))
    return tuple(one_line(line, _LONGEST_TITLE) for line in found)
