"""The states of an alert, a demand for a human, and what leads from one to another.

TRIGGERED    ── acknowledge ──▶ ACKNOWLEDGED
both         ── climb       ──▶ TRIGGERED, one level higher
ACKNOWLEDGED ── remind      ──▶ ACKNOWLEDGED, for a last while
ACKNOWLEDGED ── lapse       ──▶ TRIGGERED, at the same level
both         ── end         ──▶ RESOLVED, for good
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from domain.errors import Conflict


class AlertStatus(StrEnum):
    """An alert rings until it is acknowledged, and is open until it is resolved."""

    TRIGGERED = "TRIGGERED"
    ACKNOWLEDGED = "ACKNOWLEDGED"
    RESOLVED = "RESOLVED"


class AlertStep(StrEnum):
    """What leads from one state of an alert to another, as it is told to those who watch.

    REMINDED: whoever took it was asked whether they still have it. LAPSED: they did not say so. UNANSWERED: it has
    climbed to its end, and rings on. MOVED: its issue was merged into another, for which it rings now.
    """

    TRIGGERED = "TRIGGERED"
    ACKNOWLEDGED = "ACKNOWLEDGED"
    ESCALATED = "ESCALATED"
    REMINDED = "REMINDED"
    LAPSED = "LAPSED"
    UNANSWERED = "UNANSWERED"
    MOVED = "MOVED"
    RESOLVED = "RESOLVED"


class AlertTrigger(StrEnum):
    """What called for a human."""

    NEW_ISSUE = "NEW_ISSUE"
    REGRESSION = "REGRESSION"
    EVENT_COUNT = "EVENT_COUNT"
    ERROR_RATE = "ERROR_RATE"
    CRITICAL_COUNT = "CRITICAL_COUNT"
    SURGE = "SURGE"
    USERS_AFFECTED = "USERS_AFFECTED"
    UNRESOLVED_FOR = "UNRESOLVED_FOR"
    ALERT_QUEUE = "ALERT_QUEUE"
    NEW_PATTERN = "NEW_PATTERN"
    MANUAL = "MANUAL"


@dataclass(frozen=True, slots=True)
class AlertState:
    """Where an alert stands; the names are those of the stored alert. `level` counts the steps it climbed.

    `next_escalation_at` is the one timer: when it climbs, or, of one that is acknowledged, when whoever took it is
    reminded, and then when it rings again.
    """

    status: AlertStatus
    level: int = 0
    next_escalation_at: datetime | None = None
    acknowledged_at: datetime | None = None
    acknowledged_by_id: UUID | None = None
    reminded_at: datetime | None = None
    resolved_at: datetime | None = None


TRIGGERED = AlertState(AlertStatus.TRIGGERED)


def acknowledge(
    state: AlertState, *, at: datetime, by: UUID | None, until: datetime | None = None, who: str | None = None
) -> AlertState:
    """Somebody has it: it climbs no further. At `until` they are asked whether they still have it.

    `who` names the one who acknowledged it before, if one did; who was reminded may acknowledge it again.

    Raises: Conflict.
    """
    _refuse_if_over(state)
    if state.status is AlertStatus.ACKNOWLEDGED and state.reminded_at is None:
        raise Conflict(f"{who or 'Somebody'} acknowledged it already.")
    return replace(
        state,
        status=AlertStatus.ACKNOWLEDGED,
        next_escalation_at=until,
        acknowledged_at=at,
        acknowledged_by_id=by,
        reminded_at=None,
    )


def climb(state: AlertState, *, next_at: datetime | None) -> AlertState:
    """A level higher, and ringing there until `next_at`, also where somebody below had acknowledged it.

    Raises: Conflict.
    """
    return replace(lapse(state, next_at=next_at), level=state.level + 1)


def remind(state: AlertState, *, at: datetime, until: datetime) -> AlertState:
    """Whoever took it is asked whether they still have it, and has until then to say so."""
    return replace(state, reminded_at=at, next_escalation_at=until)


def lapse(state: AlertState, *, next_at: datetime | None) -> AlertState:
    """Nobody has it any more: it rings where it is, and climbs at `next_at`.

    Raises: Conflict.
    """
    _refuse_if_over(state)
    return replace(
        state,
        status=AlertStatus.TRIGGERED,
        next_escalation_at=next_at,
        acknowledged_at=None,
        acknowledged_by_id=None,
        reminded_at=None,
    )


def end(state: AlertState, *, at: datetime) -> AlertState:
    """Nobody is called for any more.

    Raises: Conflict.
    """
    _refuse_if_over(state)
    return replace(state, status=AlertStatus.RESOLVED, next_escalation_at=None, resolved_at=at)


def steps_between(before: AlertState | None, after: AlertState) -> list[AlertStep]:
    """The steps that lead from one state to the other, in order; none before: it has just begun.

    A timer that is put off is no step; one that is taken away from what rings is its last call.
    """
    begun = [AlertStep.TRIGGERED] if before is None else []
    step = _step_between(before or replace(TRIGGERED, next_escalation_at=after.next_escalation_at), after)
    return [*begun, step] if step else begun


def _step_between(before: AlertState, after: AlertState) -> AlertStep | None:
    if after.status is AlertStatus.RESOLVED:
        return AlertStep.RESOLVED if before.status is not AlertStatus.RESOLVED else None
    if after.level > before.level:
        return AlertStep.ESCALATED
    if after.status is AlertStatus.ACKNOWLEDGED:
        if (after.status, after.acknowledged_at) != (before.status, before.acknowledged_at):
            return AlertStep.ACKNOWLEDGED
        return AlertStep.REMINDED if after.reminded_at != before.reminded_at else None
    if before.status is AlertStatus.ACKNOWLEDGED:
        return AlertStep.LAPSED
    is_last_call = after.next_escalation_at is None and before.next_escalation_at is not None
    return AlertStep.UNANSWERED if is_last_call else None


def _refuse_if_over(state: AlertState) -> None:
    if state.status is AlertStatus.RESOLVED:
        raise Conflict("This alert is over.")
