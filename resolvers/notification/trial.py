"""A test: a message by one channel, to see that it arrives."""

from sqlmodel import col, select

from core.db import Transaction
from core.ids import uuid7
from domain.access import Actor, Scope
from domain.channels import Way
from domain.errors import Conflict, InvalidInput, NotFound
from domain.messages import Job, wake
from domain.notification import Channel, NotificationKind, NotificationStatus
from models import Developer, Notification
from resolvers.contact.person import read_person
from resolvers.notification.ready import missing
from resolvers.resources import Resources

_WHY = "You asked for a test."


async def send_test_notification(
    res: Resources, actor: Actor, *, channel: Channel, destination: str | None = None
) -> Notification:
    """Leave a test in the outbox, to the first verified place that the actor has by that channel, or to the one named.

    Raises: PermissionDenied, NotFound (the actor acts for nobody), InvalidInput (no such place), Conflict (the channel
    is not set up here).
    """
    actor.require(Scope.TRIAGE)
    async with res.db.transaction() as tx:
        query = select(Developer).where(col(Developer.id) == actor.developer_id)
        developer = (await tx.session.exec(query)).first()
        if developer is None:
            raise NotFound("You act for nobody who could be told.")
        way = await _way(tx, developer, channel, destination)
        if why := missing(res.settings)(channel, way.value):
            raise Conflict(f"{why[0].upper()}{why[1:]}.")
        row = _row(res, developer, way)
        tx.session.add(row)
        tx.send(wake(Job.SEND_NOTIFICATIONS))
    return row


async def _way(tx: Transaction, developer: Developer, channel: Channel, destination: str | None) -> Way:
    ways = [way for way in (await read_person(tx, developer)).ways if way.channel is channel]
    found = next((way for way in ways if destination in (None, way.value)), None)
    if found is None:
        raise InvalidInput(
            "You have no such verified contact method.", ("channel" if destination is None else "destination",)
        )
    return found


def _row(res: Resources, developer: Developer, way: Way) -> Notification:
    id, at = uuid7(res.clock.now()), res.clock.now()
    text = "This is a test: you can be reached here."
    return Notification(
        id=id,
        kind=NotificationKind.TEST,
        channel=way.channel,
        recipient_id=developer.id,
        destination=way.value,
        subject="A test from Tocsin",
        content={"text": text, "reason": _WHY, "recipient": developer.name, "url": res.settings.base_url},
        status=NotificationStatus.PENDING,
        reason=_WHY,
        contact_method_id=way.method_id,
        idempotency_key=f"test:{id}",
        next_attempt_at=at,
        created_at=at,
    )
