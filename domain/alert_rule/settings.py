"""What may be set of an alert rule."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TypedDict
from uuid import UUID

from domain.alert import AlertTrigger
from domain.alert_rule.definition import BY_EVENT, RuleFilter
from domain.bounds import ENVIRONMENT, ERROR_TYPE, SERVICE, TAG_KEY, TAG_VALUE
from domain.contact import QuietHours, check_quiet_hours
from domain.errors import InvalidInput
from domain.notification import Channel
from domain.notification_template import check_text
from domain.policy import MOST_TARGETS, Target
from domain.text import lines, one_line

MOST_RULES = 200
MOST_VALUES = 100
MOST_TAGS = 20
MOST_EVENTS = 100_000
LEAST_COOLDOWN, LONGEST_COOLDOWN = timedelta(minutes=1), timedelta(days=7)
USUAL_COOLDOWN = timedelta(hours=1)
_SEVERITIES = ("filter", "severities")
_MINUTE, _DAY = timedelta(minutes=1), timedelta(days=1)


class AlertRuleSettings(TypedDict, total=False):
    """What can be set of an alert rule; what is left out stays as it is. The project and the trigger never change."""

    name: str
    is_enabled: bool
    threshold: float | None
    window: timedelta | None
    filter: RuleFilter
    policy_id: UUID | None
    recipients: list[Target]
    channels: list[Channel]
    cooldown: timedelta
    active_hours: QuietHours | None
    template: str | None


@dataclass(frozen=True, slots=True)
class _Needs:
    """The bounds of what a trigger needs; what it has none of may not be given."""

    threshold: tuple[float, float] | None = None
    window: tuple[timedelta, timedelta] | None = None
    is_threshold_optional: bool = False


_COUNTED = _Needs((1, MOST_EVENTS), (_MINUTE, _DAY))
_NEEDS: Mapping[AlertTrigger, _Needs] = {
    AlertTrigger.NEW_ISSUE: _Needs(),
    AlertTrigger.REGRESSION: _Needs(),
    AlertTrigger.EVENT_COUNT: _COUNTED,
    AlertTrigger.CRITICAL_COUNT: _COUNTED,
    AlertTrigger.ERROR_RATE: _Needs((0.01, MOST_EVENTS), (_MINUTE, _DAY)),
    AlertTrigger.SURGE: _Needs((1.5, 1000), (5 * _MINUTE, _DAY)),
    AlertTrigger.USERS_AFFECTED: _Needs((1, 10_000_000)),
    AlertTrigger.UNRESOLVED_FOR: _Needs(window=(_MINUTE, 30 * _DAY)),
    AlertTrigger.ALERT_QUEUE: _Needs((1, 10_000)),
    AlertTrigger.NEW_PATTERN: _Needs((1, 10_000_000), is_threshold_optional=True),
}


def check_settings(trigger: AlertTrigger, settings: AlertRuleSettings) -> AlertRuleSettings:
    """The settings as they are stored, where they are all that a rule with this trigger has.

    Raises: InvalidInput.
    """
    needs = _NEEDS.get(trigger)
    if needs is None:
        raise InvalidInput("`trigger` MANUAL is for alerts that people open; a rule cannot have it.", ("trigger",))
    _check_threshold(trigger, needs, settings.get("threshold"))
    _check_window(trigger, needs, settings.get("window"))
    _check_rate(trigger, settings)
    _check_times(settings)
    if len(set(settings["recipients"])) > MOST_TARGETS:
        raise InvalidInput(f"`recipients` takes at most {MOST_TARGETS} values.", ("recipients",))
    checked = settings.copy()
    checked["name"] = one_line(settings["name"], "name")
    checked["filter"] = _check_filter(trigger, settings["filter"])
    checked["template"] = _check_template(settings.get("template"))
    return checked


def _check_threshold(trigger: AlertTrigger, needs: _Needs, value: float | None) -> None:
    if needs.threshold is None:
        if value is not None:
            raise InvalidInput(f"`threshold` goes not with {trigger}.", ("threshold",))
        return
    if value is None and needs.is_threshold_optional:
        return
    least, most = needs.threshold
    if value is None or not least <= value <= most:
        raise InvalidInput(f"`threshold` of {trigger} must be from {least:g} to {most:,}.", ("threshold",))


def _check_window(trigger: AlertTrigger, needs: _Needs, value: timedelta | None) -> None:
    if needs.window is None:
        if value is not None:
            raise InvalidInput(f"`window` goes not with {trigger}.", ("window",))
        return
    least, most = needs.window
    if value is None or not least <= value <= most or value % _MINUTE:
        raise InvalidInput(
            f"`window` of {trigger} must be whole minutes, from {least // _MINUTE} to {most // _MINUTE:,}.", ("window",)
        )


def _check_rate(trigger: AlertTrigger, settings: AlertRuleSettings) -> None:
    """A rate over a window is so many events, and those are counted."""
    threshold, window = settings.get("threshold"), settings.get("window")
    if trigger is AlertTrigger.ERROR_RATE and threshold and window and threshold * (window / _MINUTE) > MOST_EVENTS:
        raise InvalidInput(
            f"`threshold` times the minutes of `window` must be at most {MOST_EVENTS:,} events.", ("threshold",)
        )


def _check_times(settings: AlertRuleSettings) -> None:
    if not LEAST_COOLDOWN <= settings["cooldown"] <= LONGEST_COOLDOWN:
        raise InvalidInput("`cooldown` must be from PT1M to P7D.", ("cooldown",))
    hours = settings.get("active_hours")
    if hours is not None:
        check_quiet_hours(hours, "activeHours")


def _check_template(text: str | None) -> str | None:
    """It without blanks around it, which say nothing. Whether it can be read as a template is not asked."""
    if text is None:
        return None
    check_text(text, "template")
    return text.strip()


def _check_filter(trigger: AlertTrigger, filter: RuleFilter) -> RuleFilter:
    if filter.tags and trigger not in BY_EVENT:
        raise InvalidInput("`tags` goes with NEW_ISSUE and REGRESSION only: tags are not counted.", ("filter", "tags"))
    if len(filter.tags) > MOST_TAGS:
        raise InvalidInput(f"`tags` takes at most {MOST_TAGS} values.", ("filter", "tags"))
    for name, value in filter.tags:
        one_line(name, "filter", "tags", most=TAG_KEY.limit)
        one_line(value, "filter", "tags", most=TAG_VALUE.limit)
    if trigger is AlertTrigger.CRITICAL_COUNT and filter.severities:
        raise InvalidInput("`severities` goes not with CRITICAL_COUNT, which counts critical events.", _SEVERITIES)
    return replace(
        filter,
        services=_values(filter.services, "services", SERVICE.limit),
        environments=_values(filter.environments, "environments", ENVIRONMENT.limit),
        error_types=_values(filter.error_types, "errorTypes", ERROR_TYPE.limit),
        severities=tuple(dict.fromkeys(filter.severities)),
    )


def _values(texts: tuple[str, ...], name: str, longest: int) -> tuple[str, ...]:
    return tuple(lines(texts, "filter", name, most=MOST_VALUES, longest=longest))
