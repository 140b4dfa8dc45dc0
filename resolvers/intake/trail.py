"""What a flush leaves for its readers: the timeline, the feed, and what the worker is to judge."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

import orjson

from core.ids import uuid7
from domain.access import ActorKind
from domain.event import Severity
from domain.feed import FeedKind
from domain.issue import ActivityKind
from resolvers.intake.connection import Connection
from resolvers.intake.counts import Added
from resolvers.intake.incoming import Incoming
from resolvers.intake.state import Change, IssueState

_ACTIVITY = """
INSERT INTO activity (id, project_id, issue_id, kind, actor_kind, at, details)
SELECT id, project_id, issue_id, kind, actor_kind, at, details::jsonb
  FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::timestamptz[], $7::text[])
       AS came (id, project_id, issue_id, kind, actor_kind, at, details)
"""
# What matters calls for somebody by itself; what does not, where an alert rule minds it.
_TRIAGE = """
INSERT INTO triage (id, project_id, issue_id, event_id, trigger, severity, created_at)
SELECT id, project_id, issue_id, event_id, trigger, severity, created_at
  FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::timestamptz[], $8::boolean[])
       AS came (id, project_id, issue_id, event_id, trigger, severity, created_at, matters)
 WHERE matters OR EXISTS (
       SELECT FROM alert_rule r
        WHERE r.is_enabled AND r.trigger = came.trigger AND r.trigger IN ('NEW_ISSUE', 'REGRESSION')
          AND (r.project_id IS NULL OR r.project_id = came.project_id))
RETURNING 1
"""
_NO_FACTS = "{}"
_ABOUT = ("service", "environment", "severity", "release", "errorType")


@dataclass(frozen=True, slots=True)
class Step:
    """One activity that the batch caused: on which issue, by which event."""

    id: UUID
    state: IssueState
    change: Change

    @property
    def event(self) -> Incoming:
        """The event that caused it."""
        return self.change.event


def steps_of(states: Iterable[IssueState]) -> dict[UUID, list[Step]]:
    """The activities of the batch, by the id of the event that caused them."""
    steps: dict[UUID, list[Step]] = {}
    for state in states:
        for change in state.steps:
            step = Step(uuid7(change.event.received_at), state, change)
            steps.setdefault(change.event.id, []).append(step)
    return steps


def feed_rows(added: Sequence[Added], steps: dict[UUID, list[Step]]) -> list[tuple[Any, ...]]:
    """What the feed is to tell, in the order of the events; what changed an issue before the event that did."""
    return [row for item in added for row in _feed_rows(item, steps.get(item.event.id, ()))]


async def leave_trail(connection: Connection, added: Sequence[Added], steps: dict[UUID, list[Step]]) -> bool:
    """Leave activities and triage rows; say whether there are any of these."""
    flat = [step for item in added for step in steps.get(item.event.id, ())]
    if not flat:
        return False
    rows = [_activity_row(step) for step in flat]
    await connection.execute(_ACTIVITY, *zip(*rows, strict=True))
    return await _leave_triage(connection, flat)


def _activity_row(step: Step) -> tuple[Any, ...]:
    event, details = step.event, step.change.details
    told = orjson.dumps(details).decode() if details else None
    return step.id, event.project_id, step.state.id, step.change.kind, ActorKind.SYSTEM, event.received_at, told


def _feed_rows(item: Added, steps: Sequence[Step]) -> list[tuple[Any, ...]]:
    event = item.event
    day = event.late_on or event.received_at.date()
    rows: list[tuple[Any, ...]] = [
        (day, event.project_id, FeedKind.ISSUE_CHANGED, item.issue_id, step.id, _NO_FACTS) for step in steps
    ]
    report, kinds = event.report, {step.change.kind for step in steps}
    about = (report.service, report.environment, report.severity, report.release, report.error_type)
    facts = _facts(about, is_new=ActivityKind.FIRST_SEEN in kinds, is_regression=ActivityKind.REGRESSED in kinds)
    rows.append((day, event.project_id, FeedKind.EVENT_LOGGED, item.issue_id, event.id, facts))
    return rows


@lru_cache(maxsize=4096)
def _facts(about: tuple[str | None, ...], *, is_new: bool, is_regression: bool) -> str:
    """What the filters of a stream ask for, so that they are decided without reading the event."""
    facts = dict(zip(_ABOUT, about, strict=True))
    return orjson.dumps(facts | {"isNew": is_new, "isRegression": is_regression}).decode()


async def _leave_triage(connection: Connection, steps: Sequence[Step]) -> bool:
    rows = [
        (
            uuid7(step.event.received_at),
            step.event.project_id,
            step.state.id,
            step.event.id,
            step.change.trigger,
            step.change.severity,
            step.event.received_at,
            step.change.severity.rank >= Severity.HIGH.rank,
        )
        for step in steps
        if step.change.trigger
    ]
    return bool(rows and await connection.fetch(_TRIAGE, *zip(*rows, strict=True)))
