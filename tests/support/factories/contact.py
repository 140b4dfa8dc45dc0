from datetime import timedelta
from uuid import uuid4

from core.ids import uuid7
from domain.contact import Importance
from domain.event import Severity
from domain.notification import Channel
from models import ContactMethod, Developer, NotificationRule
from resolvers.resources import Resources


async def make_contact(
    res: Resources, developer: Developer, channel: Channel = Channel.SLACK, **overrides: object
) -> ContactMethod:
    """A verified one, unless told otherwise."""
    at = res.clock.now()
    values = {
        "id": uuid7(at), "developer_id": developer.id, "channel": channel, "value": f"U{uuid4().hex[:10].upper()}",
        "verified_at": at, "created_at": at,
    }  # fmt: skip
    async with res.db.transaction() as tx:
        method = ContactMethod(**{**values, **overrides})
        tx.session.add(method)
    return method


async def make_rule(
    res: Resources, developer: Developer, channel: Channel, *, delay: timedelta = timedelta(), **overrides: object
) -> NotificationRule:
    at = res.clock.now()
    values = {
        "id": uuid7(at), "developer_id": developer.id, "importance": Importance.NORMAL, "channel": channel,
        "min_severity": Severity.INFO, "delay_s": delay.seconds, "created_at": at,
    }  # fmt: skip
    async with res.db.transaction() as tx:
        rule = NotificationRule(**{**values, **overrides})
        tx.session.add(rule)
    return rule
