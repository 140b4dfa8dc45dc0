from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from domain.errors import InvalidInput
from domain.event import EventFilter, Severity
from domain.span import TimeRange
from domain.stream import event_match

NOW = datetime(2026, 3, 2, 3, tzinfo=UTC)
SHOP, BANK = UUID(int=1), UUID(int=2)
ISSUE, OTHER = UUID(int=3), UUID(int=4)
FACTS = {
    "service": "checkout",
    "environment": "production",
    "severity": "HIGH",
    "release": None,
    "errorType": "ValueError",
    "isNew": False,
    "isRegression": True,
}


def passes(*, projects=None, only_new_issues=False, facts=None, received_at=NOW, **parts) -> bool:
    match = event_match(EventFilter(**parts), projects=projects, only_new_issues=only_new_issues, now=NOW)
    return match.lets_through({**FACTS, **(facts or {})}, project_id=SHOP, issue_id=ISSUE, received_at=received_at)


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ({}, True),
        ({"projects": [SHOP]}, True),
        ({"projects": [BANK]}, False),
        ({"projects": []}, False),
        ({"service": ("checkout", "search")}, True),
        ({"service": ("search",)}, False),
        ({"service": ()}, False),
        ({"environment": ("production",)}, True),
        ({"environment": ("staging",)}, False),
        ({"severity": (Severity.HIGH,)}, True),
        ({"severity": (Severity.LOW,)}, False),
        ({"min_severity": Severity.MEDIUM}, True),
        ({"min_severity": Severity.CRITICAL}, False),
        ({"severity": (Severity.LOW, Severity.HIGH), "min_severity": Severity.HIGH}, True),
        ({"severity": (Severity.LOW,), "min_severity": Severity.HIGH}, False),
        ({"release": ("1.0",)}, False),
        ({"release": ("1.0",), "facts": {"release": "1.0"}}, True),
        ({"error_type": ("ValueError",)}, True),
        ({"error_type": ("KeyError",)}, False),
        ({"issue": (ISSUE,)}, True),
        ({"issue": (OTHER,)}, False),
        ({"only_new_issues": True}, False),
        ({"only_new_issues": True, "facts": {"isNew": True}}, True),
        ({"service": ("checkout",), "environment": ("staging",)}, False),
        ({"received": TimeRange(since=NOW)}, True),
        ({"received": TimeRange(since=NOW + timedelta(seconds=1))}, False),
        ({"received": TimeRange(until=NOW)}, False),
        ({"received": TimeRange(until=NOW + timedelta(seconds=1))}, True),
        ({"received": TimeRange(last=timedelta(hours=1)), "received_at": NOW - timedelta(hours=1)}, True),
        ({"received": TimeRange(last=timedelta(hours=1)), "received_at": NOW - timedelta(hours=2)}, False),
    ],
)
def test_an_event_passes_when_every_part_lets_it(parts, expected):
    assert passes(**parts) is expected


def test_a_range_that_contradicts_itself_is_refused():
    with pytest.raises(InvalidInput) as caught:
        passes(received=TimeRange(since=NOW, until=NOW))
    assert caught.value.path == ("filter", "received", "until")
