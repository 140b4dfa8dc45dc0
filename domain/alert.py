"""The states of an alert, a demand for a human, and what leads from one to another.

TRIGGERED ── acknowledge ──▶ ACKNOWLEDGED ── climb ──▶ TRIGGERED, one level higher
both      ── end         ──▶ RESOLVED, for good
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
    """Where an alert stands; the names are those of the stored alert. `level` counts the steps it climbed."""

    status: AlertStatus
    level: int = 0
    next_escalation_at: datetime | None = None
    acknowledged_at: datetime | None = None
    acknowledged_by_id: UUID | None = None
    resolved_at: datetime | None = None


TRIGGERED = AlertState(AlertStatus.TRIGGERED)


def acknowledge(state: AlertState, *, at: datetime, by: UUID | None, who: str | None = None) -> AlertState:
    """Somebody has it: it climbs no further. `who` names the one who acknowledged it before, if one did.

    Raises: Conflict.
    """
    _refuse_if_over(state)
    if state.status is AlertStatus.ACKNOWLEDGED:
        raise Conflict(f"{who or 'Somebody'} acknowledged it already.")
    return replace(
        state,
        status=AlertStatus.ACKNOWLEDGED,
        next_escalation_at=None,
        acknowledged_at=at,
        acknowledged_by_id=by,
    )


def climb(state: AlertState) -> AlertState:
    """A level higher, and ringing there, also where somebody below had acknowledged it.

    Raises: Conflict.
    """
    _refuse_if_over(state)
    return replace(
        state, status=AlertStatus.TRIGGERED, level=state.level + 1, acknowledged_at=None, acknowledged_by_id=None
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
