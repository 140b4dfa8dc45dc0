"""What an alert rule says when it fires."""

from datetime import timedelta

from domain.alert import AlertTrigger
from domain.notification import one_line
from domain.wording import span_in_words

_LONGEST = 500


def headline(trigger: AlertTrigger, value: float | None, window: timedelta | None, service: str) -> str:
    """What was found where, in a few words: `120 events within 10 min in checkout`."""
    span = span_in_words(window) if window else ""
    count = f"{value or 0:,.4g}" if (value or 0) % 1 else f"{value or 0:,.0f}"
    words = {
        AlertTrigger.NEW_ISSUE: "New issue",
        AlertTrigger.REGRESSION: "Regression",
        AlertTrigger.EVENT_COUNT: f"{count} events within {span}",
        AlertTrigger.ERROR_RATE: f"{count} events a minute over {span}",
        AlertTrigger.CRITICAL_COUNT: f"{count} critical events within {span}",
        AlertTrigger.SURGE: f"{count} times as many events as usual within {span}",
        AlertTrigger.USERS_AFFECTED: f"{count} users affected",
        AlertTrigger.UNRESOLVED_FOR: f"Unresolved for {span}",
        AlertTrigger.ALERT_QUEUE: f"{count} alerts that nobody has acknowledged, this one for longest,",
        AlertTrigger.NEW_PATTERN: f"New pattern, of {count} events so far,",
    }[trigger]
    return f"{words} in {service}"


def why(rule: str, found: str) -> str:
    """Why somebody is told, in a sentence: the rule by its name, and what it found."""
    return one_line(f"The alert rule {rule} says so: {found[0].lower()}{found[1:]}.", _LONGEST)
