"""Which rows of the feed a stream lets through, decided from what the row tells."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from domain.event import EventFilter
from domain.span import Span


@dataclass(frozen=True, slots=True)
class EventMatch:
    """A filter made ready to be asked for each row. `None` lets everything pass."""

    projects: frozenset[UUID] | None
    issues: frozenset[UUID] | None
    facts: tuple[tuple[str, frozenset[Any]], ...]
    received: Span

    def lets_through(
        self, facts: Mapping[str, Any], *, project_id: UUID, issue_id: UUID, received_at: datetime
    ) -> bool:
        """Whether the event of these facts passes every part that was given."""
        if self.projects is not None and project_id not in self.projects:
            return False
        if self.issues is not None and issue_id not in self.issues:
            return False
        if any(facts.get(name) not in allowed for name, allowed in self.facts):
            return False
        since, until = self.received.since, self.received.until
        return (since is None or received_at >= since) and (until is None or received_at < until)


def event_match(
    filter: EventFilter, *, projects: Collection[UUID] | None, only_new_issues: bool, now: datetime
) -> EventMatch:
    """The filter, ready to be asked; `projects` are those that its slugs mean, and a span counts from `now`.

    Raises: InvalidInput for a range that contradicts itself.
    """
    parts: dict[str, Collection[Any] | None] = {
        "service": filter.service,
        "environment": filter.environment,
        "severity": filter.severities,
        "release": filter.release,
        "errorType": filter.error_type,
        "isNew": (True,) if only_new_issues else None,
    }
    return EventMatch(
        projects=None if projects is None else frozenset(projects),
        issues=None if filter.issue is None else frozenset(filter.issue),
        facts=tuple((name, frozenset(allowed)) for name, allowed in parts.items() if allowed is not None),
        received=Span() if filter.received is None else filter.received.resolve(now, "filter", "received"),
    )
