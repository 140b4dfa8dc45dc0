"""Which issues may be merged, which keys may leave, and where triage stands then."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from domain.alert import AlertState, AlertStatus
from domain.errors import InvalidInput
from domain.event import Severity
from domain.issue import IssueStatus, Resolution
from domain.merge import Away, check_issues, kept_alert, leaving_keys, merge, read_keys, revived, shift_snooze
from domain.triage import TriageState

AT = datetime(2026, 3, 2, tzinfo=UTC)
A, B, C, D = (bytes([number]) * 16 for number in range(4))
OPEN = TriageState(IssueStatus.UNRESOLVED, Severity.MEDIUM)
DONE = TriageState(IssueStatus.RESOLVED, Severity.LOW, resolved_at=AT, resolution=Resolution.FIXED, acknowledged_at=AT)


def test_issues_are_taken_once_and_never_into_themselves():
    into, one, two = uuid4(), uuid4(), uuid4()
    assert check_issues(into, [one, two, one]) == [one, two]
    for others in ([], [into, one], [uuid4() for _ in range(101)]):
        with pytest.raises(InvalidInput) as refused:
            check_issues(into, others)
        assert refused.value.path == ("issueIds",)


def test_keys_are_read_from_hex_and_each_once():
    assert read_keys([A.hex(), f" {B.hex().upper()} ", A.hex()]) == [A, B]
    for keys in ([], ["zz"], [A.hex()[:-2]], [f"{number:032x}" for number in range(1001)]):
        with pytest.raises(InvalidInput):
            read_keys(keys)


@pytest.mark.parametrize(
    ("asked", "events", "word"),
    [
        ([C], {A: 1, B: 1}, C.hex()),
        ([A, B], {A: 1, B: 1}, "at least one must stay"),
        ([A], {A: 0, B: 1}, "nothing to split"),
        ([A], {A: 1, B: 0}, "such key must stay"),
    ],
)
def test_neither_side_may_be_left_with_nothing(asked: list[bytes], events: dict[bytes, int], word: str):
    with pytest.raises(InvalidInput, match=word):
        leaving_keys(asked, events)


def test_an_issue_comes_back_once_all_its_keys_leave():
    one, two = uuid4(), uuid4()
    away = [Away(one, AT, frozenset([A, B])), Away(two, AT + timedelta(hours=1), frozenset([C]))]
    assert leaving_keys([A], {A: 1, D: 1}) == {A}
    assert revived([A], away) == []
    assert revived([A, B], away) == [one]
    assert revived([A, B, C], away) == [two, one]
    assert revived([D], [Away(one, AT, frozenset())]) == []


def test_the_target_is_as_bad_as_the_worst_unless_it_was_set():
    bad = TriageState(IssueStatus.UNRESOLVED, Severity.CRITICAL)
    assert merge(OPEN, [bad]).severity is Severity.CRITICAL
    chosen = TriageState(IssueStatus.UNRESOLVED, Severity.LOW, severity_is_set=True)
    assert merge(chosen, [bad]) == chosen


@pytest.mark.parametrize("status", IssueStatus)
def test_only_a_resolved_target_is_opened_by_an_open_one(status: IssueStatus):
    target = DONE if status is IssueStatus.RESOLVED else TriageState(status, Severity.LOW)
    after = merge(target, [OPEN])
    assert after.status is (IssueStatus.UNRESOLVED if status is IssueStatus.RESOLVED else status)
    assert merge(target, [DONE]).status is status
    if status is IssueStatus.RESOLVED:
        assert (after.resolved_at, after.resolution, after.acknowledged_at) == (None, None, None)


def test_who_had_one_of_the_others_has_it_where_nobody_had():
    ann, ben, team = uuid4(), uuid4(), uuid4()
    theirs = TriageState(
        IssueStatus.UNRESOLVED,
        Severity.LOW,
        assignee_id=ann,
        assignment_reason="knows it",
        assigned_at=AT,
        team_id=team,
    )
    after = merge(OPEN, [OPEN, theirs])
    assert (after.assignee_id, after.assignment_reason, after.assigned_at, after.team_id) == (ann, "knows it", AT, team)
    ours = TriageState(IssueStatus.UNRESOLVED, Severity.LOW, assignee_id=ben)
    assert merge(ours, [theirs]).assignee_id == ben


def test_a_snooze_moves_with_the_count():
    asleep = TriageState(IssueStatus.SNOOZED, Severity.LOW, snoozed_until_event_count=10)
    assert shift_snooze(asleep, 5).snoozed_until_event_count == 15
    assert shift_snooze(asleep, -20).snoozed_until_event_count == 1
    assert shift_snooze(OPEN, 5) == OPEN


def test_the_alert_that_needs_somebody_most_rings_on():
    rings, higher = AlertState(AlertStatus.TRIGGERED), AlertState(AlertStatus.TRIGGERED, level=2)
    answered = AlertState(AlertStatus.ACKNOWLEDGED, level=3)
    one, two, three = (UUID(int=number) for number in (1, 2, 3))
    assert kept_alert(OPEN, None, {one: rings, two: higher, three: answered}) == two
    assert kept_alert(OPEN, None, {three: answered}) == three
    assert kept_alert(OPEN, rings, {one: higher}) is None
    assert kept_alert(DONE, None, {one: rings}) is None
    assert kept_alert(OPEN, None, {}) is None
