from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import product
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import triage
from domain.alert import TRIGGERED, AlertState, AlertStatus
from domain.errors import Conflict
from domain.event import Severity
from domain.issue import IssueStatus, Resolution
from domain.release import ReleaseSeen
from domain.snooze import SnoozeEnd
from domain.triage import Fix, TriageState

AT = datetime(2026, 3, 2, 3, tzinfo=UTC)
ANN, BOB = uuid4(), uuid4()
UNRESOLVED, RESOLVED, SNOOZED, IGNORED = IssueStatus

IN = {
    UNRESOLVED: TriageState(UNRESOLVED, Severity.HIGH),
    RESOLVED: TriageState(
        RESOLVED,
        Severity.HIGH,
        acknowledged_at=AT,
        acknowledged_by_id=ANN,
        resolved_at=AT,
        resolved_by_id=ANN,
        resolution=Resolution.FIXED,
        resolved_in_release="1.2",
        resolution_note="Fixed.",
    ),
    SNOOZED: TriageState(
        SNOOZED, Severity.HIGH, acknowledged_at=AT, acknowledged_by_id=ANN, snoozed_until=AT + timedelta(hours=1)
    ),
    IGNORED: TriageState(IGNORED, Severity.HIGH),
}


def resolve(state: TriageState) -> TriageState:
    return triage.resolve(state, Fix(Resolution.WONT_FIX, "No."), at=AT, by=BOB, who="Ann")


def snooze(state: TriageState) -> TriageState:
    return triage.snooze(state, SnoozeEnd(event_count=10))


def acknowledge(state: TriageState) -> TriageState:
    return triage.acknowledge(state, None, at=AT, by=BOB)[0]


def escalate(state: TriageState) -> TriageState:
    return triage.escalate(state, None)[0]


def unassign(state: TriageState) -> TriageState:
    return triage.unassign(state)


def set_severity(state: TriageState) -> TriageState:
    return triage.set_severity(state, Severity.LOW)


ACTIONS: tuple[Callable[[TriageState], TriageState], ...] = (
    resolve,
    triage.reopen,
    snooze,
    triage.ignore,
    acknowledge,
    escalate,
    unassign,
    set_severity,
)
REOPEN_FIRST = {
    RESOLVED: "It is resolved; reopen it first.",
    SNOOZED: "It is snoozed; reopen it first.",
    IGNORED: "It is ignored; reopen it first.",
}
# Where each action leads from each state: to another state, or to the words of a Conflict.
LEADS_TO: dict[Callable[[TriageState], TriageState], dict[IssueStatus, IssueStatus | str]] = {
    resolve: {
        UNRESOLVED: RESOLVED,
        RESOLVED: "Ann resolved it already.",
        SNOOZED: RESOLVED,
        IGNORED: RESOLVED,
    },
    triage.reopen: {
        UNRESOLVED: "It is open already.",
        RESOLVED: UNRESOLVED,
        SNOOZED: UNRESOLVED,
        IGNORED: UNRESOLVED,
    },
    snooze: {
        UNRESOLVED: SNOOZED,
        RESOLVED: "It is resolved; reopen it first.",
        SNOOZED: SNOOZED,
        IGNORED: SNOOZED,
    },
    triage.ignore: {
        UNRESOLVED: IGNORED,
        RESOLVED: "It is resolved; reopen it first.",
        SNOOZED: IGNORED,
        IGNORED: "It is ignored already.",
    },
    acknowledge: {UNRESOLVED: UNRESOLVED, **REOPEN_FIRST},
    escalate: {UNRESOLVED: UNRESOLVED, **REOPEN_FIRST},
    unassign: dict.fromkeys(IssueStatus, "Nobody has it."),
    set_severity: {status: status for status in IssueStatus},
}


@pytest.mark.parametrize(("action", "status"), list(product(ACTIONS, IssueStatus)))
def test_every_action_in_every_state(action, status):
    outcome = LEADS_TO[action][status]
    if isinstance(outcome, IssueStatus):
        assert action(IN[status]).status is outcome
    else:
        with pytest.raises(Conflict) as refused:
            action(IN[status])
        assert refused.value.message == outcome


@given(st.lists(st.sampled_from(ACTIONS), max_size=12))
def test_no_sequence_of_actions_leaves_marks_of_another_state(actions):
    state = IN[UNRESOLVED]
    for action in actions:
        try:
            state = action(state)
        except Conflict:
            continue
        resolved = (state.resolved_at, state.resolved_by_id, state.resolution, state.resolution_note)
        assert all(resolved) if state.status is RESOLVED else not any(resolved)
        assert (state.snoozed_until_event_count is not None) == (state.status is SNOOZED)


def test_resolving_keeps_how_and_takes_the_snooze_and_the_regression_away():
    state = TriageState(SNOOZED, Severity.HIGH, is_regression=True, snoozed_until=AT)
    fix = Fix(Resolution.DUPLICATE, "See 7.", in_release="2.0", after_release=None)
    after = triage.resolve(state, fix, at=AT, by=BOB)
    assert after == TriageState(
        RESOLVED,
        Severity.HIGH,
        resolved_at=AT,
        resolved_by_id=BOB,
        resolution=Resolution.DUPLICATE,
        resolution_note="See 7.",
        resolved_in_release="2.0",
    )


def test_who_resolved_it_before_may_be_unknown():
    with pytest.raises(Conflict, match="Somebody resolved it already"):
        triage.resolve(IN[RESOLVED], Fix(Resolution.FIXED), at=AT, by=BOB)


@pytest.mark.parametrize("status", [RESOLVED, SNOOZED])
def test_reopening_takes_the_acknowledgement_away_so_that_somebody_looks_again(status):
    assert triage.reopen(IN[status]) == IN[UNRESOLVED]


def test_a_snooze_can_be_moved_but_not_to_where_it_is():
    moved = triage.snooze(IN[SNOOZED], SnoozeEnd(at=AT + timedelta(hours=2)))
    assert (moved.status, moved.snoozed_until) == (SNOOZED, AT + timedelta(hours=2))
    with pytest.raises(Conflict, match="until then already"):
        triage.snooze(moved, SnoozeEnd(at=AT + timedelta(hours=2)))


def test_acknowledging_takes_the_open_alert():
    state, alert = triage.acknowledge(IN[UNRESOLVED], TRIGGERED, at=AT, by=ANN)
    assert (state.acknowledged_at, state.acknowledged_by_id) == (AT, ANN)
    assert alert == AlertState(AlertStatus.ACKNOWLEDGED, acknowledged_at=AT, acknowledged_by_id=ANN)


def test_acknowledging_opens_an_alert_where_none_is_open():
    assert triage.acknowledge(IN[UNRESOLVED], None, at=AT, by=ANN)[1].status is AlertStatus.ACKNOWLEDGED


@pytest.mark.parametrize(
    ("state", "alert"),
    [
        (TriageState(UNRESOLVED, Severity.LOW, acknowledged_at=AT, acknowledged_by_id=ANN), None),
        (IN[UNRESOLVED], AlertState(AlertStatus.ACKNOWLEDGED, acknowledged_at=AT, acknowledged_by_id=ANN)),
    ],
)
def test_acknowledging_twice_names_who_did(state, alert):
    with pytest.raises(Conflict, match="Ann acknowledged it already"):
        triage.acknowledge(state, alert, at=AT, by=BOB, who="Ann")


def test_a_new_alert_of_an_acknowledged_issue_can_be_acknowledged():
    state = TriageState(UNRESOLVED, Severity.LOW, acknowledged_at=AT, acknowledged_by_id=ANN)
    after, _ = triage.acknowledge(state, TRIGGERED, at=AT, by=BOB)
    assert after.acknowledged_by_id == BOB


def test_escalating_rings_again_one_level_higher():
    state, alert = triage.acknowledge(IN[UNRESOLVED], TRIGGERED, at=AT, by=ANN)
    after, climbed = triage.escalate(state, alert)
    assert after == IN[UNRESOLVED]
    assert climbed == AlertState(AlertStatus.TRIGGERED, level=1)


def test_escalating_opens_an_alert_at_level_one_where_none_is_open():
    assert triage.escalate(IN[UNRESOLVED], None)[1] == AlertState(AlertStatus.TRIGGERED, level=1)


def test_the_one_who_has_it_cannot_be_given_it():
    state, team, other = TriageState(UNRESOLVED, Severity.LOW, assignee_id=ANN), uuid4(), uuid4()
    for team_id in (None, team):
        with pytest.raises(Conflict, match="Ann has it already"):
            triage.refuse_same_assignee(
                TriageState(UNRESOLVED, Severity.LOW, assignee_id=ANN, team_id=team),
                developer_id=ANN,
                team_id=team_id,
                who="Ann",
            )
    triage.refuse_same_assignee(state, developer_id=ANN, team_id=other, who="Ann")
    triage.refuse_same_assignee(state, developer_id=BOB, team_id=None, who="Ann")


def test_routing_chooses_only_where_nobody_has_it():
    triage.refuse_same_assignee(IN[UNRESOLVED], developer_id=None, team_id=None, who=None)
    with pytest.raises(Conflict, match="Ann has it already; name a developer"):
        triage.refuse_same_assignee(
            TriageState(UNRESOLVED, Severity.LOW, assignee_id=ANN), developer_id=None, team_id=None, who="Ann"
        )


def test_unassigning_keeps_the_team():
    team = uuid4()
    state = TriageState(UNRESOLVED, Severity.LOW, assignee_id=ANN, assignment_reason="x", assigned_at=AT, team_id=team)
    assert triage.unassign(state) == TriageState(UNRESOLVED, Severity.LOW, team_id=team)


def test_a_severity_can_be_pinned_at_what_it_is_but_only_once():
    pinned = triage.set_severity(IN[UNRESOLVED], Severity.HIGH)
    assert pinned == TriageState(UNRESOLVED, Severity.HIGH, severity_is_set=True)
    with pytest.raises(Conflict, match="set to HIGH already"):
        triage.set_severity(pinned, Severity.HIGH)


@pytest.mark.parametrize(
    ("seen", "newest"),
    [
        ([], None),
        (["1.0"], "1.0"),
        (["1.9", "1.10", "1.2"], "1.10"),
        (["abc", "def"], "def"),
        (["1.0", "1.0+5"], "1.0+5"),
    ],
)
def test_the_newest_release_is_that_of_the_highest_version_else_the_one_seen_last(seen, newest):
    releases = [ReleaseSeen(version, AT + timedelta(days=day)) for day, version in enumerate(seen)]
    assert triage.newest_release(releases) == newest
