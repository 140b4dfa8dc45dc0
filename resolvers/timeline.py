"""What happened to an issue, written for its readers and told to those who watch, in one place."""

from typing import Any

from core.db import Transaction
from core.ids import uuid7
from domain.access import Actor
from domain.feed import FeedKind
from domain.issue import ActivityKind
from domain.messages import FEED_NEWS
from models import Activity, FeedRow, Issue
from resolvers.resources import Resources


def record_activity(
    res: Resources,
    tx: Transaction,
    actor: Actor,
    issue: Issue,
    kind: ActivityKind,
    *,
    note: str | None = None,
    details: dict[str, Any] | None = None,
) -> Activity:
    """Leave one step on the issue's timeline and in the feed, and the issue's version one higher.

    The caller holds the issue's row lock, taken before anything was written, so that the feed has the
    rows of one issue in the order in which they happened.
    """
    at = res.clock.now()
    issue.version += 1
    activity = Activity(
        id=uuid7(at),
        project_id=issue.project_id,
        issue_id=issue.id,
        kind=kind,
        actor_kind=actor.kind,
        actor_id=actor.id,
        at=at,
        note=note,
        details=details,
    )
    tx.session.add_all([issue, activity])
    tx.write_last(
        FeedRow,
        day=at.date(),
        project_id=issue.project_id,
        kind=FeedKind.ISSUE_CHANGED,
        issue_id=activity.issue_id,
        subject_id=activity.id,
        facts={},
    )
    tx.send(FEED_NEWS)
    return activity
