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


def _refuse_if_over(state: AlertState) -> None:
    if state.status is AlertStatus.RESOLVED:
        raise Conflict("This alert is over.")
