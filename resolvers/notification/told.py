"""That a notification was sent, told to those who watch."""

from core.db import Transaction
from domain.feed import NOWHERE, FeedKind
from domain.messages import FEED_NEWS
from models import FeedRow, Notification
from resolvers.resources import Resources


def record_sent(res: Resources, tx: Transaction, row: Notification) -> None:
    """Leave it in the feed that this notification is SENT: once for each, since that is its last state."""
    at = res.clock.now()
    tx.write_last(
        FeedRow,
        day=at.date(),
        project_id=row.project_id or NOWHERE,
        kind=FeedKind.NOTIFICATION_SENT,
        issue_id=row.issue_id or NOWHERE,
        subject_id=row.id,
        facts={"recipientId": row.recipient_id and str(row.recipient_id), "at": at.isoformat()},
    )
    tx.send(FEED_NEWS)
