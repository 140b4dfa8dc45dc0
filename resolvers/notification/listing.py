"""Which notifications there are, and what was tried to deliver them."""

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from sqlmodel import col, func, select
from sqlmodel.sql.expression import SelectOfScalar

from core.keyset import Order, unique
from domain.access import Actor, Scope
from domain.notification import NotificationFilter
from domain.page import PageRequest
from models import DeliveryAttempt, Notification
from resolvers.asked import among, one_of
from resolvers.notification.sight import notification_in_sight
from resolvers.paging import Page, count_rows, read_page
from resolvers.resources import Resources

# Ids sort by the time they were made.
_NEWEST_FIRST = Order("notification", (unique(col(Notification.id)),))


async def list_notifications(
    res: Resources, actor: Actor, *, filter: NotificationFilter, page: PageRequest
) -> Page[Notification]:
    """A page of the notifications in sight that pass the filter, newest first.

    Raises: PermissionDenied, InvalidInput (a cursor that is none).
    """
    actor.require(Scope.READ)
    async with res.db.reading() as session:
        return await read_page(session, _matching(actor, filter), _NEWEST_FIRST, page)


async def count_notifications(res: Resources, actor: Actor, *, filter: NotificationFilter) -> int:
    """How many notifications are in sight and pass the filter, counting no further than 10,000.

    Raises: PermissionDenied.
    """
    actor.require(Scope.READ)
    async with res.db.reading() as session:
        return await count_rows(session, _matching(actor, filter))


async def notifications_by_id(res: Resources, actor: Actor, ids: Sequence[UUID]) -> list[Notification | None]:
    """The notification of each id, none where it is out of sight.

    Raises: PermissionDenied.
    """
    actor.require(Scope.READ)
    query = select(Notification).where(one_of(Notification.id, ids), notification_in_sight(actor))
    async with res.db.reading() as session:
        found = {row.id: row for row in (await session.exec(query)).all()}
    return [found.get(key) for key in ids]


async def attempts_by_notification_id(res: Resources, actor: Actor, ids: Sequence[UUID]) -> list[list[DeliveryAttempt]]:
    """The tries to deliver each notification in sight, or the one that carried it, first to last.

    Raises: PermissionDenied.
    """
    actor.require(Scope.READ)
    sent_with = func.coalesce(Notification.carrier_id, Notification.id)
    query = (
        select(Notification.id, DeliveryAttempt)
        .join(DeliveryAttempt, col(DeliveryAttempt.notification_id) == sent_with)
        .where(one_of(Notification.id, ids), notification_in_sight(actor))
        .order_by(col(DeliveryAttempt.id))
    )
    found: defaultdict[UUID, list[DeliveryAttempt]] = defaultdict(list)
    async with res.db.reading() as session:
        for id, row in (await session.exec(query)).all():
            found[id].append(row)
    return [found[key] for key in ids]


def _matching(actor: Actor, filter: NotificationFilter) -> SelectOfScalar[Notification]:
    query = select(Notification).where(
        notification_in_sight(actor),
        *among((col(Notification.status), filter.status), (col(Notification.channel), filter.channel)),
    )
    if filter.recipient_id is not None:
        query = query.where(Notification.recipient_id == filter.recipient_id)
    return query
