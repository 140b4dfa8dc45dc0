from datetime import date
from typing import Any
from uuid import UUID, uuid4

from sqlmodel import select

from core.ids import uuid7
from domain.feed import FeedKind
from domain.messages import FEED_NEWS
from models import Event, FeedRow, GroupingKey, Issue, Project
from resolvers.resources import Resources
from tests.support.factories.issue import make_event_row

_INSERT = "INSERT INTO feed (day, project_id, kind, issue_id, subject_id, facts) VALUES ($1, $2, $3, $4, $5, $6)"
FACTS = {
    "service": "checkout",
    "environment": "production",
    "severity": "HIGH",
    "release": None,
    "errorType": "ValueError",
    "isNew": False,
    "isRegression": False,
}


async def make_feed_row(
    connection: Any,
    res: Resources,
    project: Project | None = None,
    *,
    kind: FeedKind = FeedKind.EVENT_LOGGED,
    issue_id: UUID | None = None,
    subject_id: UUID | None = None,
    day: date | None = None,
    **facts: object,
) -> UUID:
    """One row of the feed, in the transaction of that connection; returns its subject's id."""
    at = res.clock.now()
    subject_id = subject_id or uuid7(at)
    project_id = project.id if project else uuid4()
    issue_id = issue_id or uuid4()
    await connection.execute(_INSERT, day or at.date(), project_id, kind, issue_id, subject_id, {**FACTS, **facts})
    return subject_id


async def log_event(res: Resources, issue: Issue, *, is_new: bool = False, **overrides: object) -> Event:
    """An event and its feed row, written past the writer, in one transaction that tells the news."""
    at = res.clock.now()
    async with res.db.transaction() as tx:
        key = (await tx.session.exec(select(GroupingKey).where(GroupingKey.issue_id == issue.id))).one()
        event = make_event_row(issue, key, at, **overrides)
        facts = {
            "service": event.service,
            "environment": event.environment,
            "severity": event.severity,
            "release": event.release,
            "errorType": event.error_type,
            "isNew": is_new,
            "isRegression": False,
        }
        row = FeedRow(
            day=at.date(),
            project_id=issue.project_id,
            kind=FeedKind.EVENT_LOGGED,
            issue_id=issue.id,
            subject_id=event.id,
            facts=facts,
        )
        tx.session.add_all([event, row])
        tx.send(FEED_NEWS)
    return event
