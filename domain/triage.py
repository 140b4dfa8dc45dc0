"""What people do about an issue: where it stands, an action, and where it stands then, or why not.

UNRESOLVED ── resolve ──▶ RESOLVED        every way back to UNRESOLVED (reopen, wake, a regression)
UNRESOLVED ── snooze  ──▶ SNOOZED         takes the acknowledgement away: somebody must look again
UNRESOLVED ── ignore  ──▶ IGNORED

SNOOZED and IGNORED may be resolved, and exchanged for each other. RESOLVED can only be reopened.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import reduce
from uuid import UUID

from domain import alert as alerts
from domain.alert import AlertState
from domain.errors import Conflict
from domain.event import Severity
from domain.issue import IssueStatus, Resolution
from domain.release import ReleaseSeen, compare_releases
from domain.snooze import SnoozeEnd

_STANDING = {
    IssueStatus.UNRESOLVED: "is open",
    IssueStatus.RESOLVED: "is resolved",
    IssueStatus.SNOOZED: "is snoozed",
    IssueStatus.IGNORED: "is ignored",
}


@dataclass(frozen=True, slots=True)
class TriageState:
    """Where triage of an issue stands; the names are those of the stored issue."""

    status: IssueStatus
    severity: Severity
    severity_is_set: bool = False
    is_regression: bool = False
    assignee_id: UUID | None = None
    assignment_reason: str | None = None
    assigned_at: datetime | None = None
    team_id: UUID | None = None
    acknowledged_at: datetime | None = None
    acknowledged_by_id: UUID | None = None
    resolved_at: datetime | None = None
    resolved_by_id: UUID | None = None
    resolution: Resolution | None = None
    resolved_in_release: str | None = None
    resolved_after_release: str | None = None
    resolution_note: str | None = None
    snoozed_until: datetime | None = None
    snoozed_until_event_count: int | None = None


@dataclass(frozen=True, slots=True)
class Fix:
    """How an issue was dealt with, and from (or after) which release on, if that was said."""

    resolution: Resolution
    note: str | None = None
    in_release: str | None = None
    after_release: str | None = None


def resolve(state: TriageState, fix: Fix, *, at: datetime, by: UUID | None, who: str | None = None) -> TriageState:
    """Resolved as the fix says; `who` names the one who resolved it before, if one did.

    Raises: Conflict.
    """
    if state.status is IssueStatus.RESOLVED:
        raise Conflict(f"{who or 'Somebody'} resolved it already.")
    return replace(
        _awake(state, IssueStatus.RESOLVED),
        is_regression=False,
        resolved_at=at,
        resolved_by_id=by,
        resolution=fix.resolution,
        resolution_note=fix.note,
        resolved_in_release=fix.in_release,
        resolved_after_release=fix.after_release,
    )


def reopen(state: TriageState) -> TriageState:
    """Unresolved again, as if nobody had looked at it, whoever has it.

    Raises: Conflict.
    """
    if state.status is IssueStatus.UNRESOLVED:
        raise Conflict("It is open already.")
    return replace(
        _awake(state, IssueStatus.UNRESOLVED),
        acknowledged_at=None,
        acknowledged_by_id=None,
        resolved_at=None,
        resolved_by_id=None,
        resolution=None,
        resolution_note=None,
        resolved_in_release=None,
        resolved_after_release=None,
    )


def snooze(state: TriageState, end: SnoozeEnd) -> TriageState:
    """Quiet until that end; a snooze that lasts is moved to the new end.

    Raises: Conflict.
    """
    if state.status is IssueStatus.RESOLVED:
        raise Conflict("It is resolved; reopen it first.")
    snoozed = replace(
        state, status=IssueStatus.SNOOZED, snoozed_until=end.at, snoozed_until_event_count=end.event_count
    )
    if snoozed == state:
        raise Conflict("It is snoozed until then already.")
    return snoozed


def ignore(state: TriageState) -> TriageState:
    """Quiet for good.

    Raises: Conflict.
    """
    if state.status is IssueStatus.IGNORED:
        raise Conflict("It is ignored already.")
    if state.status is IssueStatus.RESOLVED:
        raise Conflict("It is resolved; reopen it first.")
    return _awake(state, IssueStatus.IGNORED)


def acknowledge(
    state: TriageState,
    alert: AlertState | None,
    *,
    at: datetime,
    by: UUID | None,
    until: datetime | None = None,
    who: str | None = None,
) -> tuple[TriageState, AlertState]:
    """Somebody looks at it: the open alert is acknowledged, or one is opened that is; at `until` they are reminded.

    `who` names the one who acknowledged the alert (or, where none is open, the issue) before, if one did.

    Raises: Conflict.
    """
    if alert is None:
        _refuse_unless_open(state)
        if state.acknowledged_at is not None:
            raise Conflict(f"{who or 'Somebody'} acknowledged it already.")
    acknowledged = alerts.acknowledge(alert or alerts.TRIGGERED, at=at, by=by, until=until, who=who)
    return replace(state, acknowledged_at=at, acknowledged_by_id=by), acknowledged


def escalate(
    state: TriageState, alert: AlertState | None, *, next_at: datetime | None = None
) -> tuple[TriageState, AlertState]:
    """The open alert, or one opened now, is a level higher, and rings until somebody acknowledges it there.

    At `next_at` it climbs again.

    Raises: Conflict.
    """
    if alert is None:
        _refuse_unless_open(state)
    return _unattended(state), alerts.climb(alert or alerts.TRIGGERED, next_at=next_at)


def lapse(state: TriageState, alert: AlertState, *, next_at: datetime | None = None) -> tuple[TriageState, AlertState]:
    """Whoever acknowledged it has not said that they still have it: the alert rings again where it is.

    Raises: Conflict.
    """
    return _unattended(state), alerts.lapse(alert, next_at=next_at)


def refuse_same_assignee(
    state: TriageState, *, developer_id: UUID | None, team_id: UUID | None, who: str | None
) -> None:
    """Return where assigning would change something; `developer_id` is none where routing is to choose.

    Raises: Conflict.
    """
    if state.assignee_id is None:
        return
    if developer_id is None:
        raise Conflict(f"{who or 'Somebody'} has it already; name a developer to hand it over, or unassign it first.")
    if developer_id == state.assignee_id and team_id in (None, state.team_id):
        raise Conflict(f"{who or 'This developer'} has it already.")


def unassign(state: TriageState) -> TriageState:
    """Nobody's; the team keeps it.

    Raises: Conflict.
    """
    if state.assignee_id is None:
        raise Conflict("Nobody has it.")
    return replace(state, assignee_id=None, assignment_reason=None, assigned_at=None)


def set_severity(state: TriageState, severity: Severity) -> TriageState:
    """As bad as somebody says: events do not change it any more.

    Raises: Conflict.
    """
    if state.severity is severity and state.severity_is_set:
        raise Conflict(f"Its severity was set to {severity} already.")
    return replace(state, severity=severity, severity_is_set=True)


def newest_release(releases: Sequence[ReleaseSeen]) -> str | None:
    """The newest of these releases, given in the order in which the project saw them; none where there are none.

    A mixture of versions and other names has no order: then the later one of each pair that cannot be told goes on.
    """
    if not releases:
        return None
    return reduce(lambda newest, other: other if compare_releases(newest, other) <= 0 else newest, releases).version


def _unattended(state: TriageState) -> TriageState:
    return replace(state, acknowledged_at=None, acknowledged_by_id=None)


def _awake(state: TriageState, status: IssueStatus) -> TriageState:
    return replace(state, status=status, snoozed_until=None, snoozed_until_event_count=None)


def _refuse_unless_open(state: TriageState) -> None:
    if state.status is not IssueStatus.UNRESOLVED:
        raise Conflict(f"It {_STANDING[state.status]}; reopen it first.")
