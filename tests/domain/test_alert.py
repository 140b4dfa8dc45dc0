from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from domain import alert
from domain.alert import TRIGGERED, AlertState, AlertStatus, AlertStep
from domain.errors import Conflict

AT = datetime(2026, 3, 2, 3, tzinfo=UTC)
LATER = AT + timedelta(minutes=5)
ANN = uuid4()
IN = {
    AlertStatus.TRIGGERED: AlertState(AlertStatus.TRIGGERED, level=2, next_escalation_at=AT),
    AlertStatus.ACKNOWLEDGED: AlertState(AlertStatus.ACKNOWLEDGED, acknowledged_at=AT, acknowledged_by_id=ANN),
    AlertStatus.RESOLVED: AlertState(AlertStatus.RESOLVED, resolved_at=AT),
}


def acknowledge(state: AlertState) -> AlertState:
    return alert.acknowledge(state, at=AT, by=ANN, who="Ann")


def climb(state: AlertState) -> AlertState:
    return alert.climb(state, next_at=LATER)


def lapse(state: AlertState) -> AlertState:
    return alert.lapse(state, next_at=LATER)


def end(state: AlertState) -> AlertState:
    return alert.end(state, at=AT)


@pytest.mark.parametrize(
    ("action", "status", "outcome"),
    [
        (
            acknowledge,
            AlertStatus.TRIGGERED,
            AlertState(AlertStatus.ACKNOWLEDGED, level=2, acknowledged_at=AT, acknowledged_by_id=ANN),
        ),
        (acknowledge, AlertStatus.ACKNOWLEDGED, "Ann acknowledged it already."),
        (acknowledge, AlertStatus.RESOLVED, "This alert is over."),
        (
            climb,
            AlertStatus.TRIGGERED,
            AlertState(AlertStatus.TRIGGERED, level=3, next_escalation_at=LATER),
        ),
        (climb, AlertStatus.ACKNOWLEDGED, AlertState(AlertStatus.TRIGGERED, level=1, next_escalation_at=LATER)),
        (climb, AlertStatus.RESOLVED, "This alert is over."),
        (lapse, AlertStatus.ACKNOWLEDGED, AlertState(AlertStatus.TRIGGERED, next_escalation_at=LATER)),
        (lapse, AlertStatus.RESOLVED, "This alert is over."),
        (end, AlertStatus.TRIGGERED, AlertState(AlertStatus.RESOLVED, level=2, resolved_at=AT)),
        (
            end,
            AlertStatus.ACKNOWLEDGED,
            AlertState(AlertStatus.RESOLVED, acknowledged_at=AT, acknowledged_by_id=ANN, resolved_at=AT),
        ),
        (end, AlertStatus.RESOLVED, "This alert is over."),
    ],
)
def test_every_action_in_every_state(action, status, outcome):
    if isinstance(outcome, AlertState):
        assert action(IN[status]) == outcome
    else:
        with pytest.raises(Conflict) as refused:
            action(IN[status])
        assert refused.value.message == outcome


def test_who_was_reminded_may_say_that_they_still_have_it():
    taken = alert.acknowledge(IN[AlertStatus.TRIGGERED], at=AT, by=ANN, until=LATER)
    assert taken.next_escalation_at == LATER
    reminded = alert.remind(taken, at=LATER, until=LATER + timedelta(minutes=30))
    assert (reminded.status, reminded.reminded_at) == (AlertStatus.ACKNOWLEDGED, LATER)
    again = alert.acknowledge(reminded, at=LATER, by=ANN, until=None)
    assert (again.acknowledged_at, again.reminded_at, again.next_escalation_at) == (LATER, None, None)
    assert alert.lapse(reminded, next_at=None) == AlertState(AlertStatus.TRIGGERED, level=2)


RINGING, TAKEN, OVER = IN[AlertStatus.TRIGGERED], IN[AlertStatus.ACKNOWLEDGED], IN[AlertStatus.RESOLVED]
REMINDED = alert.remind(TAKEN, at=LATER, until=LATER)


@pytest.mark.parametrize(
    ("before", "after", "steps"),
    [
        (None, TRIGGERED, "TRIGGERED"),
        (None, RINGING, "TRIGGERED ESCALATED"),
        (None, TAKEN, "TRIGGERED ACKNOWLEDGED"),
        (None, OVER, "TRIGGERED RESOLVED"),
        (RINGING, acknowledge(RINGING), "ACKNOWLEDGED"),
        (REMINDED, alert.acknowledge(REMINDED, at=LATER, by=ANN), "ACKNOWLEDGED"),
        (RINGING, climb(RINGING), "ESCALATED"),
        (TAKEN, climb(TAKEN), "ESCALATED"),
        (TAKEN, REMINDED, "REMINDED"),
        (REMINDED, lapse(REMINDED), "LAPSED"),
        (RINGING, replace(RINGING, next_escalation_at=None), "UNANSWERED"),
        (RINGING, replace(RINGING, next_escalation_at=LATER), ""),
        (TAKEN, replace(TAKEN, next_escalation_at=LATER), ""),
        (RINGING, end(RINGING), "RESOLVED"),
        (TAKEN, end(TAKEN), "RESOLVED"),
        (RINGING, RINGING, ""),
        (TAKEN, TAKEN, ""),
        (OVER, OVER, ""),
    ],
)
def test_each_change_is_a_step_or_none(before: AlertState | None, after: AlertState, steps: str):
    assert alert.steps_between(before, after) == [AlertStep(step) for step in steps.split()]
