"""What a notification says: all of it, as it was when it was written, so that sending needs nothing else."""

from collections.abc import Collection
from dataclasses import asdict
from typing import Any
from uuid import UUID

from sqlalchemy import tuple_
from sqlmodel import col, select

from core.db import Transaction
from domain.excerpt import calls, text_lines
from domain.notification import NotificationKind
from models import Event, Issue, IssueCounter, Project
from models.kept import KEPT_EVENT
from resolvers.event.kept import find_kept
from resolvers.resources import Resources

_LONGEST_MESSAGE = 1500
_COUNTER, _EVENT = "counter", "event"


async def snapshot(
    res: Resources, tx: Transaction, *, kind: NotificationKind, issue: Issue, reason: str, event_id: UUID | None
) -> dict[str, Any]:
    """What is known now of the issue, its counts and one of its events (the latest, unless one is named), as JSON."""
    project = await tx.once(("project", issue.project_id), lambda: tx.session.get(Project, issue.project_id))
    counter: IssueCounter | None = tx.memory.get((_COUNTER, issue.id))
    counter = counter or await tx.session.get(IssueCounter, issue.id, populate_existing=True)
    about = event_id or (counter.last_event_id if counter else None)
    event = tx.memory.get((_EVENT, about)) or await _event(tx, issue.project_id, about)
    return {
        "kind": kind,
        "reason": reason,
        "project": project.name if project else None,
        "issue": _issue(issue, f"{res.settings.base_url}/issues/{issue.short_id}"),
        "counts": _counts(issue, counter),
        "event": _event_facts(event) if event else None,
    }


async def warm_content(tx: Transaction, subjects: Collection[tuple[UUID, UUID, UUID | None]]) -> None:
    """Leave known to the transaction what messages about these say: projects, issues and events, by their ids.

    Without an event it is the latest of the issue.
    """
    latest: dict[UUID, UUID] = {}
    query = select(IssueCounter).where(col(IssueCounter.issue_id).in_([issue_id for _, issue_id, _ in subjects]))
    for counter in (await tx.session.exec(query.execution_options(populate_existing=True))).all():
        tx.memory[_COUNTER, counter.issue_id] = counter
        latest[counter.issue_id] = counter.last_event_id
    event = tuple_(col(Event.project_id), col(Event.id))
    pairs = [(project_id, event_id or latest.get(issue_id)) for project_id, issue_id, event_id in subjects]
    for found in (await tx.session.exec(select(Event).where(event.in_(pairs)))).all():
        tx.memory[_EVENT, found.id] = found


async def _event(tx: Transaction, project_id: UUID, id: UUID | None) -> Event | None:
    query = select(Event).where(col(Event.project_id) == project_id, col(Event.id) == id)
    found = (await tx.session.exec(query)).first()
    if found is None:
        its = KEPT_EVENT.c
        kept = await find_kept(tx.session, its.project_id == project_id, its.id == id, with_payload=True)
        found = kept[0] if kept else None
    return found


def _issue(issue: Issue, url: str) -> dict[str, Any]:
    return {
        "id": str(issue.id),
        "short_id": issue.short_id,
        "url": url,
        "title": issue.title,
        "error_type": issue.error_type,
        "message": issue.message[:_LONGEST_MESSAGE],
        "culprit": issue.culprit,
        "service": issue.service,
        "severity": issue.severity,
    }


def _counts(issue: Issue, counter: IssueCounter | None) -> dict[str, Any]:
    return {
        "events": counter.event_count if counter else 0,
        "users": counter.user_count if counter else 0,
        "first_seen_at": issue.first_seen_at,
        "last_seen_at": counter.last_seen_at if counter else issue.first_seen_at,
    }


def _event_facts(event: Event) -> dict[str, Any]:
    found = calls(event.payload.get("exceptions", ()))
    return {
        "message": event.message[:_LONGEST_MESSAGE],
        "environment": event.environment,
        "release": event.release,
        "endpoint": event.payload.get("endpoint"),
        "server": event.payload.get("server_name"),
        "culprit": event.culprit,
        "calls": [asdict(call) for call in found],
        "lines": [] if found else text_lines(event.payload.get("raw_stack_trace")),
    }
