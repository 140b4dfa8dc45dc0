"""What waits on purpose, and needs not be sent any more once somebody has its alert, or its issue is resolved."""

from collections import defaultdict
from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import and_, case, func, update
from sqlmodel import col

from core.db import Transaction
from domain.alert import AlertStatus
from domain.issue import IssueStatus
from domain.notification import NotificationStatus
from models import Alert, Issue, Notification

ITS_ALERT = col(Alert.id) == col(Notification.alert_id)
ITS_ISSUE = col(Issue.id) == col(Notification.issue_id)
_HAS_ALERT = col(Notification.alert_id).is_not(None)
# How its alert stands; of what has none it is whether its issue is resolved. The joins above are needed for both.
STATUS = case(
    (and_(~_HAS_ALERT, col(Issue.status) == IssueStatus.RESOLVED), AlertStatus.RESOLVED.value),
    (_HAS_ALERT, col(Alert.status)),
)
# Since when, if anybody took it.
TAKEN_AT = case((_HAS_ALERT, func.coalesce(Alert.resolved_at, Alert.acknowledged_at)), else_=col(Issue.resolved_at))


async def hold_back_outdated(tx: Transaction, outdated: Mapping[UUID, AlertStatus]) -> None:
    """Leave these notifications SUPPRESSED, since their alert, or their issue, stands so now."""
    by_status: defaultdict[AlertStatus, list[UUID]] = defaultdict(list)
    for id, status in outdated.items():
        by_status[status].append(id)
    for status, ids in by_status.items():
        ended = update(Notification).where(col(Notification.id).in_(ids))
        what = case((_HAS_ALERT, "alert"), else_="issue")
        await tx.session.exec(
            ended.values(
                status=NotificationStatus.SUPPRESSED,
                reason=func.format("Held back: the %s was %s before it was due.", what, status.lower()),
                next_attempt_at=None,
                throttled_until=None,
            )
        )
