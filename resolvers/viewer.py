"""What belongs to the caller alone."""

from sqlmodel import col, or_, select

from domain.access import Actor, Scope
from domain.notification import Channel
from models import Notification
from resolvers.paging import count_rows
from resolvers.resources import Resources
from resolvers.sight import in_sight


async def count_unread_notifications(res: Resources, actor: Actor) -> int:
    """How many notifications on the developer's dashboard nobody has marked as read, counting no further than 10,000.

    Raises: PermissionDenied.
    """
    actor.require(Scope.READ)
    if actor.developer_id is None:
        return 0
    unread = select(Notification).where(
        col(Notification.recipient_id) == actor.developer_id,
        col(Notification.channel) == Channel.DASHBOARD,
        col(Notification.read_at).is_(None),
        or_(col(Notification.project_id).is_(None), in_sight(actor, col(Notification.project_id))),
    )
    async with res.db.reading() as session:
        return await count_rows(session, unread)
