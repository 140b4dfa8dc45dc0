from datetime import timedelta

import pytest

from domain.alert import AlertTrigger
from domain.alert_rule.definition import RuleFilter
from domain.alert_rule.settings import check_settings
from domain.contact import QuietHours
from domain.errors import InvalidInput
from domain.event import Severity

MINUTE = timedelta(minutes=1)
USUAL = {
    "name": "Checkout burns",
    "threshold": None,
    "window": None,
    "filter": RuleFilter(),
    "recipients": [],
    "cooldown": timedelta(hours=1),
    "active_hours": None,
}


def check(trigger, **settings):
    return check_settings(trigger, {**USUAL, **settings})


@pytest.mark.parametrize(
    ("trigger", "settings"),
    [
        (AlertTrigger.NEW_ISSUE, {"filter": RuleFilter(tags=(("team", "shop"),))}),
        (AlertTrigger.EVENT_COUNT, {"threshold": 1, "window": MINUTE}),
        (AlertTrigger.CRITICAL_COUNT, {"threshold": 50, "window": 60 * MINUTE}),
        (AlertTrigger.ERROR_RATE, {"threshold": 100, "window": 1000 * MINUTE}),
        (AlertTrigger.SURGE, {"threshold": 1.5, "window": 5 * MINUTE}),
        (AlertTrigger.USERS_AFFECTED, {"threshold": 10}),
        (AlertTrigger.UNRESOLVED_FOR, {"window": timedelta(days=30)}),
        (AlertTrigger.ALERT_QUEUE, {"threshold": 10}),
        (AlertTrigger.NEW_PATTERN, {}),
        (AlertTrigger.NEW_PATTERN, {"threshold": 100}),
    ],
)
def test_what_a_trigger_needs_is_enough(trigger, settings):
    assert check(trigger, **settings)["name"] == "Checkout burns"


@pytest.mark.parametrize(
    ("trigger", "settings", "path"),
    [
        (AlertTrigger.MANUAL, {}, "trigger"),
        (AlertTrigger.NEW_ISSUE, {"threshold": 3}, "threshold"),
        (AlertTrigger.REGRESSION, {"window": MINUTE}, "window"),
        (AlertTrigger.NEW_PATTERN, {"threshold": 0}, "threshold"),
        (AlertTrigger.NEW_PATTERN, {"window": MINUTE}, "window"),
        (AlertTrigger.NEW_ISSUE, {"template": ""}, "template"),
        (AlertTrigger.NEW_ISSUE, {"template": "a" * 4001}, "template"),
        (AlertTrigger.EVENT_COUNT, {"threshold": 10}, "window"),
        (AlertTrigger.EVENT_COUNT, {"window": MINUTE}, "threshold"),
        (AlertTrigger.EVENT_COUNT, {"threshold": 0, "window": MINUTE}, "threshold"),
        (AlertTrigger.EVENT_COUNT, {"threshold": 100_001, "window": MINUTE}, "threshold"),
        (AlertTrigger.EVENT_COUNT, {"threshold": float("nan"), "window": MINUTE}, "threshold"),
        (AlertTrigger.EVENT_COUNT, {"threshold": 9, "window": MINUTE / 2}, "window"),
        (AlertTrigger.EVENT_COUNT, {"threshold": 9, "window": 1.5 * MINUTE}, "window"),
        (AlertTrigger.EVENT_COUNT, {"threshold": 9, "window": timedelta(days=2)}, "window"),
        (AlertTrigger.ERROR_RATE, {"threshold": 101, "window": 1000 * MINUTE}, "threshold"),
        (AlertTrigger.SURGE, {"threshold": 1, "window": 5 * MINUTE}, "threshold"),
        (AlertTrigger.USERS_AFFECTED, {"threshold": 10, "window": MINUTE}, "window"),
        (AlertTrigger.UNRESOLVED_FOR, {"window": MINUTE, "threshold": 1}, "threshold"),
        (AlertTrigger.NEW_ISSUE, {"name": "a\nb"}, "name"),
        (AlertTrigger.NEW_ISSUE, {"cooldown": timedelta(seconds=59)}, "cooldown"),
        (AlertTrigger.NEW_ISSUE, {"cooldown": timedelta(days=8)}, "cooldown"),
        (AlertTrigger.NEW_ISSUE, {"active_hours": QuietHours("8:00", "18:00")}, "activeHours.start"),
        (AlertTrigger.NEW_ISSUE, {"active_hours": QuietHours("08:00", "18:00", "Nowhere")}, "activeHours.timezone"),
        (AlertTrigger.NEW_ISSUE, {"filter": RuleFilter(services=("",))}, "filter.services"),
        (AlertTrigger.NEW_ISSUE, {"filter": RuleFilter(tags=(("", "x"),))}, "filter.tags"),
        (AlertTrigger.NEW_ISSUE, {"filter": RuleFilter(tags=(("k" * 65, "x"),))}, "filter.tags"),
        (AlertTrigger.ALERT_QUEUE, {"threshold": 9, "filter": RuleFilter(tags=(("a", "b"),))}, "filter.tags"),
        (
            AlertTrigger.CRITICAL_COUNT,
            {"threshold": 9, "window": MINUTE, "filter": RuleFilter(severities=(Severity.LOW,))},
            "filter.severities",
        ),
    ],
)
def test_what_a_trigger_cannot_have_is_refused_by_its_name(trigger, settings, path):
    with pytest.raises(InvalidInput) as refused:
        check(trigger, **settings)
    assert ".".join(refused.value.path) == path


def test_values_are_kept_once_and_in_order():
    filter = RuleFilter(services=("web", "api", "web"), severities=(Severity.LOW, Severity.LOW))
    checked = check(AlertTrigger.NEW_ISSUE, filter=filter)["filter"]
    assert (checked.services, checked.severities) == (("api", "web"), (Severity.LOW,))
