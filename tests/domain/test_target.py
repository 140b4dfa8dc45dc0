from datetime import UTC, datetime, timedelta

import pytest

from domain.errors import InvalidInput
from domain.event import Severity
from domain.target import Aim, Due, Target, check_targets, due, warning_of

AT = datetime(2026, 3, 2, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("ended", "now", "is_breached"),
    [(None, 0.5, False), (None, 1, False), (None, 1.1, True), (0.9, 5, False), (1, 5, False), (2, 5, True)],
)
def test_it_is_breached_where_it_was_not_done_by_then(ended, now, is_breached):
    ended_at = None if ended is None else AT + ended * HOUR
    assert due(HOUR, began_at=AT, ended_at=ended_at, now=AT + now * HOUR) == Due(AT + HOUR, is_breached)


def test_targets_are_stored_the_worst_severity_first():
    low, high = Target(Severity.LOW, HOUR), Target(Severity.HIGH, None, HOUR, 1)
    assert check_targets([low, high]) == [high, low]


@pytest.mark.parametrize(
    ("targets", "path"),
    [
        ([Target(Severity.LOW)], ("targets", "0")),
        ([Target(Severity.LOW, HOUR), Target(Severity.LOW, HOUR)], ("targets", "1", "severity")),
        ([Target(Severity.LOW, timedelta(seconds=59))], ("targets", "0", "acknowledgeWithin")),
        ([Target(Severity.LOW, HOUR, timedelta(days=367))], ("targets", "0", "resolveWithin")),
        ([Target(Severity.LOW, HOUR, warn_at=0)], ("targets", "0", "warnAt")),
        ([Target(Severity.LOW, HOUR, warn_at=1.01)], ("targets", "0", "warnAt")),
        ([Target(Severity.LOW, HOUR, warn_at=float("nan"))], ("targets", "0", "warnAt")),
    ],
)
def test_what_cannot_be_a_target_is_refused_where_it_stands(targets, path):
    with pytest.raises(InvalidInput) as refused:
        check_targets(targets)
    assert refused.value.path == path


@pytest.mark.parametrize(("after", "stands"), [(0.8, "12 min are left"), (1.5, "that time is over")])
def test_a_warning_says_what_is_to_be_done_by_when(after, stands):
    words = warning_of(Aim.ACKNOWLEDGE, Severity.HIGH, HOUR, began_at=AT, now=AT + after * HOUR)
    assert words == f"HIGH issues are to be acknowledged within 1 h: by 2026-03-02 09:00 UTC this one, and {stands}."
