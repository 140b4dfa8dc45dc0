"""What an alert rule is: a trigger, what it looks at, whom it tells, and how often.

What is new or regressed fires when it happens. All else is looked at again and again: of one issue (its events, its
users, how long it is open), of one service of a project (how many of its events, how fast, how many more than usual),
of patterns that are new, or of all alerts that ring.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from domain.alert import AlertTrigger
from domain.contact import QuietHours, is_quiet
from domain.event import Severity
from domain.surge import LEAST_EVENTS, Judgement

# A pattern that has enough events only later is new no more.
NEW_FOR = timedelta(days=30)
BY_EVENT = frozenset({AlertTrigger.NEW_ISSUE, AlertTrigger.REGRESSION})
BY_SERVICE = frozenset({AlertTrigger.ERROR_RATE, AlertTrigger.CRITICAL_COUNT, AlertTrigger.SURGE})
BY_ISSUE = frozenset({AlertTrigger.EVENT_COUNT, AlertTrigger.USERS_AFFECTED, AlertTrigger.UNRESOLVED_FOR})
_UTC = "UTC"


@dataclass(frozen=True, slots=True)
class RuleFilter:
    """What a rule looks at; what is left empty lets everything pass. `tags` must all be there."""

    services: tuple[str, ...] = ()
    environments: tuple[str, ...] = ()
    severities: tuple[Severity, ...] = ()
    error_types: tuple[str, ...] = ()
    tags: tuple[tuple[str, str], ...] = ()

    def admits(self, subject: "Subject") -> bool:
        """Whether the rule looks at this."""
        wanted = (
            (self.services, subject.service),
            (self.environments, subject.environment),
            (self.severities, subject.severity),
            (self.error_types, subject.error_type),
        )
        return all(not values or value in values for values, value in wanted) and all(
            subject.tags.get(name) == value for name, value in self.tags
        )


@dataclass(frozen=True, slots=True)
class Subject:
    """The event that made an issue new, or let it regress, as far as a filter asks for it."""

    service: str
    environment: str | None
    severity: Severity
    error_type: str
    tags: Mapping[str, str]


def is_active(hours: QuietHours | None, severity: Severity, at: datetime) -> bool:
    """Whether a rule with these active hours may fire then; their zone is UTC where they name none."""
    if hours is None or (hours.except_critical and severity is Severity.CRITICAL):
        return True
    return is_quiet(hours, _UTC, at)


def events_for(trigger: AlertTrigger, threshold: float, window: timedelta) -> float:
    """From how many events in the window on such a rule may fire: fewer need no closer look."""
    if trigger is AlertTrigger.ERROR_RATE:
        return threshold * (window / timedelta(minutes=1))
    return float(LEAST_EVENTS) if trigger is AlertTrigger.SURGE else threshold


def value_of(trigger: AlertTrigger, events: int, window: timedelta, judged: Judgement | None = None) -> float:
    """What so many events in the window are to the rule: themselves, how many a minute, or how many times the usual.

    They are `judged` for a surge; less than one that is expected counts as one.
    """
    if judged is not None:
        return judged.times
    return events / (window / timedelta(minutes=1)) if trigger is AlertTrigger.ERROR_RATE else float(events)


def is_reached(value: float, threshold: float, judged: Judgement | None = None) -> bool:
    """Whether the rule fires at that value; on a surge only where statistics would call it one, in that window."""
    return value >= threshold and (judged is None or judged.is_surge)


def write_filter(filter: RuleFilter) -> dict[str, Any]:
    """The filter as JSON, without what is left empty."""
    whole = {
        "services": list(filter.services),
        "environments": list(filter.environments),
        "severities": list(filter.severities),
        "errorTypes": list(filter.error_types),
        "tags": dict(filter.tags),
    }
    return {name: value for name, value in whole.items() if value}


def read_filter(value: Mapping[str, Any]) -> RuleFilter:
    """The filter that `write_filter` wrote."""
    return RuleFilter(
        tuple(value.get("services", ())),
        tuple(value.get("environments", ())),
        tuple(map(Severity, value.get("severities", ()))),
        tuple(value.get("errorTypes", ())),
        tuple(value.get("tags", {}).items()),
    )
