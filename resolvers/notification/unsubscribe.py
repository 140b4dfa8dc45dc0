"""Wanting no more mail of one kind: by the link in a mail, or by oneself; and wanting it again."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, delete, select

from core.db import Transaction
from domain.access import Actor, Scope
from domain.errors import NotFound
from domain.notification import NotificationKind
from domain.unsubscribe import Unsubscription, read_unsubscription
from models import Developer, MailOptOut
from resolvers.answer.give import actor_of
from resolvers.audit import record_audit
from resolvers.resources import Resources
from resolvers.signing import UNSUBSCRIPTIONS, stored_key


async def find_unsubscription(res: Resources, text: str) -> Unsubscription:
    """What a link stands for; nothing is done.

    Raises: NotFound.
    """
    async with res.db.reading() as session:
        key = (await session.exec(stored_key(UNSUBSCRIPTIONS))).first()
        wish = read_unsubscription(text, key or b"")
        if key is None or await session.get(Developer, wish.developer_id) is None:
            raise NotFound("This link is none of ours.")
    return wish


async def follow_unsubscription(res: Resources, text: str, *, is_subscribed: bool) -> Unsubscription:
    """Do what the link stands for, or undo it; nothing, where it is essential. Doing it again changes nothing.

    Raises: NotFound.
    """
    wish = await find_unsubscription(res, text)
    if not wish.is_essential:
        actor = await actor_of(res, wish.developer_id)
        async with res.db.transaction() as tx:
            await _set(res, tx, actor, wish.developer_id, wish.kind, is_subscribed=is_subscribed)
    return wish


async def set_mail_subscription(res: Resources, actor: Actor, *, kind: NotificationKind, is_subscribed: bool) -> None:
    """Leave the actor's developer with mail of that kind, or without, but for what is essential.

    Raises: PermissionDenied, NotFound (the actor acts for nobody).
    """
    actor.require(Scope.TRIAGE)
    if actor.developer_id is None:
        raise NotFound("You act for nobody who could be told.")
    async with res.db.transaction() as tx:
        await _set(res, tx, actor, actor.developer_id, kind, is_subscribed=is_subscribed)


async def list_unsubscribed(res: Resources, actor: Actor) -> Sequence[NotificationKind]:
    """Of which kinds the actor's developer wants no mail.

    Raises: PermissionDenied.
    """
    actor.require(Scope.READ)
    query = select(MailOptOut.kind).where(col(MailOptOut.developer_id) == actor.developer_id)
    async with res.db.reading() as session:
        return [NotificationKind(kind) for kind in sorted((await session.exec(query)).all())]


async def _set(
    res: Resources, tx: Transaction, actor: Actor, developer_id: UUID, kind: NotificationKind, *, is_subscribed: bool
) -> None:
    its = (col(MailOptOut.developer_id) == developer_id, col(MailOptOut.kind) == kind)
    known = (await tx.session.exec(select(MailOptOut).where(*its))).first()
    if is_subscribed is (known is None):
        return
    if is_subscribed:
        await tx.session.exec(delete(MailOptOut).where(*its))
    else:
        added = insert(MailOptOut).values(developer_id=developer_id, kind=kind, at=res.clock.now())
        await tx.session.exec(added.on_conflict_do_nothing())
    facts = {"kind": kind, "isSubscribed": is_subscribed}
    record_audit(res, tx, actor, "setMailSubscription", target_kind="Developer", target_id=developer_id, after=facts)
