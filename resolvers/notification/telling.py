"""What a notification says, apart from how a channel shows it: the error first, the link, why one got this."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from domain.alert import AlertStatus
from domain.event import Severity
from domain.notification import NotificationKind, one_line
from domain.wording import counted
from models import Notification

SAID = "said"  # in the content of a notification that has a template: what that made of it
_LONGEST_TITLE, _LONGEST_OTHER = 200, 100
HEADLINES: Mapping[NotificationKind, str] = {
    NotificationKind.NEW_ISSUE: "New issue",
    NotificationKind.REGRESSION: "It was resolved, and happens again",
    NotificationKind.ASSIGNMENT: "This issue is yours now",
    NotificationKind.ALERT: "An alert rings",
    NotificationKind.ESCALATION: "An alert climbed to you",
    NotificationKind.TARGET: "It runs out of time",
    NotificationKind.DAILY_SUMMARY: "What happened in a day",
    NotificationKind.HANDOFF: "A hand-off",
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
class Other:
    """One of those that travel in the message of another, in a few words."""

    title: str
    short_id: str
    severity: Severity
    service: str
    url: str
    alert_id: str | None
    answers: Mapping[str, str] | None


@dataclass(frozen=True, slots=True)
class Others:
    """What else a message carries: how many, how bad they are, and the worst of them."""

    count: int
    by_severity: tuple[tuple[str, int], ...]
    shown: tuple[Other, ...]
    is_digest: bool = False

    @property
    def words(self) -> str:
        """How many more, in words."""
        return f"and {self.count} more"

    @property
    def why(self) -> str:
        """Why they come in one message, in words."""
        return "in your digest" if self.is_digest else "in one message since much was sent here lately"

    @property
    def severities(self) -> str:
        """How bad they are, in words."""
        return ", ".join(f"{count} {severity}" for severity, count in self.by_severity)

    @property
    def left_out(self) -> int:
        """How many are counted only."""
        return self.count - len(self.shown)


@dataclass(frozen=True, slots=True)
class Telling:
    """One message in its parts; what has no issue has no facts, and its text in `lines`.

    What a template made, `said`, stands in place of title, headline, facts and lines, in the channels that have any.
    """

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
    others: Others | None = None
    said: str | None = None

    @property
    def line(self) -> str:
        """All of it on one line, the error first."""
        about = " ".join(part for part in (self.short_id, self.service) if part)
        line = f"{self.title} [{self.severity}] {about}".rstrip() if self.short_id else self.title
        return f"{line}, {self.others.words}" if self.others else line


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
        others=others_of(content),
        said=content.get(SAID),
    )


def others_of(content: Mapping[str, Any]) -> Others | None:
    """What else the message carries, if it is one for several."""
    others = content.get("others")
    if not others:
        return None
    shown = [
        Other(
            title=one_line(other["title"], _LONGEST_OTHER),
            short_id=other["short_id"],
            severity=Severity(other["severity"]),
            service=one_line(other["service"], _LONGEST_OTHER),
            url=other["url"],
            alert_id=other["alert_id"],
            answers=other["answers"],
        )
        for other in others["shown"]
    ]
    return Others(
        others["count"],
        tuple((name, count) for name, count in others["by_severity"]),
        tuple(shown),
        others.get("is_digest", False),
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
        said=content.get(SAID),
    )


def _facts(content: dict[str, Any], issue: dict[str, Any], event: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    counts = content["counts"]
    seen = counted(counts["events"], "time") + (f", {counted(counts['users'], 'user')}" if counts["users"] else "")
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
