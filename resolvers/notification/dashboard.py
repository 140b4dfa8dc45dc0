"""What is on somebody's dashboard: there once it is written, and unread until they say otherwise."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import update
from sqlmodel import col

from domain.access import Actor, Scope
from domain.errors import InvalidInput
from models import Notification
from resolvers.resources import Resources

MOST_IDS = 1000


async def mark_notifications_read(res: Resources, actor: Actor, *, ids: Sequence[UUID] | None) -> int:
    """Leave those notifications to the actor's developer read, without `ids` all of them; return how many were not.

    Raises: PermissionDenied, NotFound, InvalidInput.
    """
    actor.require(Scope.READ)
    if ids is not None and len(ids) > MOST_IDS:
        raise InvalidInput(f"`ids` takes at most {MOST_IDS}.", ("ids",))
    if actor.developer_id is None:
        return 0
    unread = update(Notification).where(
        col(Notification.recipient_id) == actor.developer_id, col(Notification.read_at).is_(None)
    )
    if ids is not None:
        unread = unread.where(col(Notification.id).in_(ids))
    async with res.db.transaction() as tx:
        marked = await tx.session.exec(unread.values(read_at=res.clock.now()))
    return marked.rowcount
