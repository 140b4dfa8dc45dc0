"""Which notifications a caller may see: those of projects in sight, and what is about none and to themselves."""

from sqlalchemy import ColumnElement
from sqlmodel import and_, col, or_

from domain.access import Actor
from models import Notification
from resolvers.sight import in_sight


def notification_in_sight(actor: Actor) -> ColumnElement[bool]:
    """The condition that a notification is one that the actor may see."""
    to_them = and_(col(Notification.project_id).is_(None), col(Notification.recipient_id) == actor.developer_id)
    return or_(in_sight(actor, col(Notification.project_id)), to_them)
