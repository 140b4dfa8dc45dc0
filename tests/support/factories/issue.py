from collections.abc import Mapping
from uuid import uuid4

from core.ids import uuid7
from domain.event import Severity
from domain.grouping import GroupingKind
from domain.issue import IssueStatus
from domain.report import IngestSource
from models import Event, GroupingKey, Issue, IssueCounter, Project
from resolvers.resources import Resources


async def make_issue(
    res: Resources, project: Project, *, events: int = 1, counter: Mapping[str, object] | None = None, **overrides
) -> Issue:
    """An issue with one grouping key, its counter, and so many events, written past the writer."""
    at = res.clock.now()
    issue = Issue(
        **{
            "id": uuid7(at),
            "project_id": project.id,
            "short_id": f"CHECKOUT-{uuid4().hex[:10].upper()}",
            "title": "ValueError: bad total",
            "error_type": "ValueError",
            "message": "bad total",
            "culprit": "checkout.total",
            "service": "checkout",
            "severity": Severity.HIGH,
            "status": IssueStatus.UNRESOLVED,
            "first_seen_at": at,
            **overrides,
        }
    )
    key = GroupingKey(
        id=uuid7(at),
        project_id=project.id,
        hash=uuid4().bytes,
        version=1,
        kind=GroupingKind.IN_APP,
        issue_id=issue.id,
        created_at=at,
    )
    rows = [make_event_row(issue, key, at) for _ in range(events)]
    counted = {
        "event_count": events,
        "user_count": 0,
        "last_seen_at": at,
        "last_event_id": rows[-1].id if rows else uuid7(at),
        **(counter or {}),
    }
    async with res.db.transaction() as tx:
        tx.session.add_all([issue, key, *rows])
        tx.session.add(IssueCounter(project_id=project.id, issue_id=issue.id, **counted))
    return issue


def make_event_row(issue: Issue, key: GroupingKey, at, **overrides) -> Event:
    id = uuid7(at)
    return Event(
        **{
            "project_id": issue.project_id,
            "id": id,
            "event_id": id.hex,
            "grouping_key_id": key.id,
            "service": issue.service,
            "environment": "production",
            "severity": issue.severity,
            "error_type": issue.error_type,
            "message": issue.message,
            "source": IngestSource.GRAPHQL,
            "occurred_at": at,
            "received_at": at,
            "payload": {},
            "ingest_notes": [],
            **overrides,
        }
    )
