"""What waits on purpose, and needs not be sent any more once somebody has its alert."""

from collections import defaultdict
from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import func, update
from sqlmodel import col

from core.db import Transaction
from domain.alert import AlertStatus
from domain.notification import NotificationStatus
from models import Alert, Notification

# When somebody took the alert, if anybody did.
TAKEN_AT = func.coalesce(Alert.resolved_at, Alert.acknowledged_at)


async def hold_back_outdated(tx: Transaction, outdated: Mapping[UUID, AlertStatus]) -> None:
    """Leave these notifications SUPPRESSED, since their alert stands so now."""
    by_status: defaultdict[AlertStatus, list[UUID]] = defaultdict(list)
    for id, status in outdated.items():
        by_status[status].append(id)
    for status, ids in by_status.items():
        ended = update(Notification).where(col(Notification.id).in_(ids))
        await tx.session.exec(
            ended.values(
                status=NotificationStatus.SUPPRESSED,
                reason=f"Held back: the alert was {status.lower()} before it was due.",
                next_attempt_at=None,
                throttled_until=None,
            )
        )
