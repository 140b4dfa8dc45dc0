"""What a new event changes of an issue that exists: it regresses, wakes, or turns out worse."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from domain.alert import AlertTrigger
from domain.event import Severity
from domain.issue import ActivityKind, IssueStatus
from domain.regression import Resolved, is_regression
from domain.release import ReleaseSeen
from resolvers.intake.connection import Connection
from resolvers.intake.incoming import Incoming
from resolvers.turn import TAKE_TURNS, turn_of

STATE_COLUMNS = """
i.id, i.short_id, i.status, i.severity, i.severity_is_set, i.is_regression, i.snoozed_until_event_count,
i.resolved_at, i.resolved_in_release, i.resolved_after_release
"""
# The lock that an UPDATE takes; it lets foreign keys that point here be checked meanwhile.
_LOCK = f"SELECT {STATE_COLUMNS} FROM issue i WHERE i.id = ANY($1::uuid[]) ORDER BY i.id FOR NO KEY UPDATE"  # noqa: S608
_COUNTS = "SELECT issue_id, event_count FROM issue_counter WHERE issue_id = ANY($1::uuid[])"
_RELEASES = """
SELECT r.project_id, r.version, r.first_seen_at
  FROM unnest($1::uuid[], $2::text[]) AS wanted (project_id, version)
  JOIN release r USING (project_id, version)
"""
_UPDATE = """
UPDATE issue
   SET status = changed.status, is_regression = changed.is_regression, severity = changed.severity,
       version = issue.version + changed.steps,
       resolved_at = CASE WHEN reopened THEN NULL ELSE resolved_at END,
       resolved_by_id = CASE WHEN reopened THEN NULL ELSE resolved_by_id END,
       resolution = CASE WHEN reopened THEN NULL ELSE resolution END,
       resolution_note = CASE WHEN reopened THEN NULL ELSE resolution_note END,
       resolved_in_release = CASE WHEN reopened THEN NULL ELSE resolved_in_release END,
       resolved_after_release = CASE WHEN reopened THEN NULL ELSE resolved_after_release END,
       acknowledged_at = CASE WHEN reopened THEN NULL ELSE acknowledged_at END,
       acknowledged_by_id = CASE WHEN reopened THEN NULL ELSE acknowledged_by_id END,
       snoozed_until = CASE WHEN reopened THEN NULL ELSE snoozed_until END,
       snoozed_until_event_count = CASE WHEN reopened THEN NULL ELSE snoozed_until_event_count END
  FROM unnest($1::uuid[], $2::text[], $3::boolean[], $4::text[], $5::int[], $6::boolean[])
       AS changed (id, status, is_regression, severity, steps, reopened)
 WHERE issue.id = changed.id
"""


class StaleState(Exception):
    """The batch changes issues, `ids`, that were not locked in time: to be locked with the others in the next try."""

    def __init__(self, ids: Collection[UUID]) -> None:
        super().__init__(ids)
        self.ids = ids


_REOPENING = frozenset({ActivityKind.REGRESSED, ActivityKind.WOKEN})


@dataclass(frozen=True, slots=True)
class Change:
    """One step that an event caused: the severity of the issue just then, and what may call for somebody, if it may."""

    kind: ActivityKind
    event: Incoming
    severity: Severity
    trigger: AlertTrigger | None = None
    details: dict[str, Any] | None = None


@dataclass(slots=True)
class IssueState:
    """What the writer knows of an issue, and what the batch has changed of it so far."""

    id: UUID
    short_id: str
    status: IssueStatus
    severity: Severity
    severity_is_set: bool
    is_regression: bool
    snoozed_until_event_count: int | None
    resolved_at: datetime | None
    resolved_in_release: str | None
    resolved_after_release: str | None
    event_count: int = 0
    is_new: bool = False
    steps: list[Change] = field(default_factory=list)

    def may_change(self, event: Incoming) -> bool:
        """Whether the event may change more than the counters; then the issue must be locked first."""
        return (
            self.status is IssueStatus.RESOLVED
            or self.snoozed_until_event_count is not None
            or self._is_worse(event.report.severity)
        )

    def see(self, event: Incoming, releases: Mapping[tuple[UUID, str], datetime]) -> None:
        """Take the event into account, in the order of the batch."""
        self.event_count += 1
        if self.is_new and not self.steps:
            self._step(ActivityKind.FIRST_SEEN, event, AlertTrigger.NEW_ISSUE)
        if self._is_worse(event.report.severity):
            self._raise(event)
        if self.status is IssueStatus.RESOLVED and self._regresses(event, releases):
            self._reopen(ActivityKind.REGRESSED, event, AlertTrigger.REGRESSION)
            self.is_regression = True
        if self.snoozed_until_event_count is not None and self.event_count >= self.snoozed_until_event_count:
            self._reopen(ActivityKind.WOKEN, event, AlertTrigger.EVENT_COUNT)
            self.snoozed_until_event_count = None

    @property
    def version_steps(self) -> int:
        """How many versions newer the batch makes the issue; a new one has counted its first step."""
        return sum(step.kind is not ActivityKind.FIRST_SEEN for step in self.steps)

    @property
    def is_reopened(self) -> bool:
        """Whether the batch has brought it back."""
        return any(step.kind in _REOPENING for step in self.steps)

    def _is_worse(self, severity: Severity) -> bool:
        return not self.severity_is_set and severity.rank > self.severity.rank

    def _raise(self, event: Incoming) -> None:
        """Turn out worse. One that matters only now is as good as new to those who are called."""
        before, self.severity = self.severity, event.report.severity
        matters_now = before.rank < Severity.HIGH.rank and self.status is IssueStatus.UNRESOLVED
        details = {"from": before, "to": self.severity}
        trigger = AlertTrigger.NEW_ISSUE if matters_now else None
        self._step(ActivityKind.SEVERITY_CHANGED, event, trigger, details)

    def _reopen(self, kind: ActivityKind, event: Incoming, trigger: AlertTrigger) -> None:
        self.status = IssueStatus.UNRESOLVED
        self._step(kind, event, trigger)

    def _step(
        self, kind: ActivityKind, event: Incoming, trigger: AlertTrigger | None, details: dict[str, Any] | None = None
    ) -> None:
        self.steps.append(Change(kind, event, self.severity, trigger, details))

    def _regresses(self, event: Incoming, releases: Mapping[tuple[UUID, str], datetime]) -> bool:
        def seen(version: str | None) -> ReleaseSeen | None:
            return ReleaseSeen(version, releases.get((event.project_id, version))) if version else None

        assert self.resolved_at is not None
        bound = seen(self.resolved_in_release or self.resolved_after_release)
        resolved = Resolved(self.resolved_at, bound, after_release=self.resolved_in_release is None)
        return is_regression(resolved, release=seen(event.report.release), occurred_at=event.occurred_at)


def read_state(row: asyncpg.Record) -> IssueState:
    """The state in a row that has STATE_COLUMNS."""
    return IssueState(
        id=row["id"],
        short_id=row["short_id"],
        status=IssueStatus(row["status"]),
        severity=Severity(row["severity"]),
        severity_is_set=row["severity_is_set"],
        is_regression=row["is_regression"],
        snoozed_until_event_count=row["snoozed_until_event_count"],
        resolved_at=row["resolved_at"],
        resolved_in_release=row["resolved_in_release"],
        resolved_after_release=row["resolved_after_release"],
    )


async def lock_states(connection: Connection, ids: Iterable[UUID]) -> dict[UUID, IssueState]:
    """Lock these issues, in one order for all, and read them as they are then.

    An issue asleep until a count is locked by every writer that has events for it, so its count is exact here.
    """
    wanted = sorted(ids)
    if not wanted:
        return {}
    await connection.execute(TAKE_TURNS, sorted(map(turn_of, wanted)))
    states = {row["id"]: read_state(row) for row in await connection.fetch(_LOCK, wanted)}
    asleep = [id for id, state in states.items() if state.snoozed_until_event_count is not None]
    if asleep:
        for row in await connection.fetch(_COUNTS, asleep):
            states[row["issue_id"]].event_count = row["event_count"]
    return states


async def read_releases(
    connection: Connection, pairs: Iterable[tuple[UUID, IssueState]], batch: Iterable[Incoming]
) -> dict[tuple[UUID, str], datetime]:
    """When the releases were first seen that decide whether these resolved issues have regressed."""
    bound = [(project, state) for project, state in pairs if state.resolved_in_release or state.resolved_after_release]
    if not bound:
        return {}
    wanted = {(project, version) for project, state in bound for version in _versions(state)}
    wanted |= {(event.project_id, event.report.release) for event in batch if event.report.release}
    rows = await connection.fetch(_RELEASES, *zip(*sorted(wanted), strict=True))
    return {(row["project_id"], row["version"]): row["first_seen_at"] for row in rows}


def _versions(state: IssueState) -> list[str]:
    return [version for version in (state.resolved_in_release, state.resolved_after_release) if version]


async def write_changes(connection: Connection, changed: Iterable[IssueState]) -> None:
    """Write what the batch changed of issues that are locked."""
    rows = [
        (state.id, state.status, state.is_regression, state.severity, state.version_steps, state.is_reopened)
        for state in sorted(changed, key=lambda state: state.id)
    ]
    if rows:
        await connection.execute(_UPDATE, *zip(*rows, strict=True))
