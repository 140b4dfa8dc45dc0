"""Messages that can be changed where they were sent say what has become of their alert."""

from collections.abc import Mapping
from datetime import timedelta

import structlog
from sqlmodel import col, or_, select

from domain.alert import AlertStatus
from domain.notification import Channel, NotificationStatus
from models import Alert, Notification
from resolvers.notification.door import Refresh
from resolvers.resources import Resources

_log = structlog.get_logger()
_BATCH = 10
_AGAIN = timedelta(seconds=30)
_AS_LONG_AS = timedelta(days=7)


async def refresh_messages(res: Resources, by_channel: Mapping[Channel, Refresh]) -> int:
    """Bring up to date some of the messages that do not say where their alert stands; return how many were tried.

    Each is claimed for half a minute, so that no two workers change it at once, and what fails is tried again then,
    for a week at most.
    """
    claimed = await _claim(res)
    for row, status in claimed:
        outcome = await by_channel[row.channel](row, status)
        _log.info("message refreshed", notification_id=str(row.id), status=status, detail=outcome.detail)
        if outcome.succeeded or outcome.is_final:
            await _settle(res, row, status)
    return len(claimed)


async def _claim(res: Resources) -> list[tuple[Notification, AlertStatus]]:
    at = res.clock.now()
    query = (
        select(Notification, Alert)
        .join(Alert, col(Alert.id) == col(Notification.alert_id))
        .where(
            col(Notification.receipt).is_not(None),
            Notification.status == NotificationStatus.SENT,
            col(Notification.shown_status) != col(Alert.status),
            col(Notification.sent_at) > at - _AS_LONG_AS,
            or_(col(Notification.refresh_at).is_(None), col(Notification.refresh_at) <= at),
        )
        .order_by(col(Notification.id))
        .limit(_BATCH)
        .with_for_update(skip_locked=True, of=Notification)
    )
    async with res.db.transaction() as tx:
        found = [(row, alert.status) for row, alert in (await tx.session.exec(query)).all()]
        for row, _ in found:
            row.refresh_at = at + _AGAIN
            tx.session.add(row)
    return found


async def _settle(res: Resources, row: Notification, status: AlertStatus) -> None:
    query = select(Notification).where(col(Notification.id) == row.id).with_for_update()
    async with res.db.transaction() as tx:
        held = (await tx.session.exec(query)).one()
        held.shown_status, held.refresh_at = status, None
        tx.session.add(held)
