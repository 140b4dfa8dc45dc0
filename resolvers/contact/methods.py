"""Contact methods: made, switched off and on, and deleted."""

from dataclasses import dataclass, field
from secrets import token_urlsafe
from typing import Any
from uuid import UUID

from sqlalchemy import func
from sqlmodel import col, select

from core.db import Transaction
from core.ids import uuid7
from domain.access import Actor, Scope
from domain.contact import MOST_METHODS, check_value, shown
from domain.errors import Conflict, InvalidInput, NotFound
from domain.notification import Channel
from domain.signature import SECRET_PREFIX
from models import ContactMethod
from resolvers.audit import record_audit, record_change
from resolvers.conflicts import flush_unique
from resolvers.contact.charge import is_in_charge, lock_developer
from resolvers.notification.ready import missing
from resolvers.resources import Resources

_RANDOM_BYTES = 32
_KIND = "ContactMethod"


@dataclass(frozen=True, slots=True)
class NewMethod:
    """A contact method, and the secret that signs what goes to it, where it is a webhook."""

    method: ContactMethod
    secret: str | None = field(default=None, repr=False)


async def create_contact_method(
    res: Resources, actor: Actor, *, channel: Channel, value: str, developer_id: UUID | None = None
) -> NewMethod:
    """Leave a new contact method of the actor's developer, or with ADMIN of another; not of use until it is verified.

    Raises: PermissionDenied, NotFound, InvalidInput (also where Apprise is not installed), Conflict (it is there
    already, too many).
    """
    actor.require(Scope.TRIAGE)
    value, at = check_value(channel, value), res.clock.now()
    if channel is Channel.APPRISE and (lacking := missing(res.settings)(channel, value)):
        raise InvalidInput(f"`channel`: {lacking}.", ("channel",))
    secret = SECRET_PREFIX + token_urlsafe(_RANDOM_BYTES) if channel is Channel.WEBHOOK else None
    async with res.db.transaction() as tx:
        developer = await lock_developer(tx, actor, developer_id)
        count = select(func.count()).where(col(ContactMethod.developer_id) == developer.id)
        if (await tx.session.exec(count)).one() >= MOST_METHODS:
            raise Conflict(f"A developer has at most {MOST_METHODS} contact methods.")
        method = ContactMethod(
            id=uuid7(at),
            developer_id=developer.id,
            channel=channel,
            value=value,
            signing_secret=secret,
            created_at=at,
        )
        tx.session.add(method)
        await flush_unique(tx, contact_method_value="They have this contact method already.")
        record_audit(
            res, tx, actor, "createContactMethod", target_kind=_KIND, target_id=method.id, after=_facts(method)
        )
    return NewMethod(method, secret)


async def update_contact_method(res: Resources, actor: Actor, *, method_id: UUID, is_enabled: bool) -> ContactMethod:
    """Leave the contact method in use, or not.

    Raises: PermissionDenied, NotFound.
    """
    actor.require(Scope.TRIAGE)
    async with res.db.transaction() as tx:
        method = await lock_method(tx, actor, method_id)
        before = _facts(method)
        method.is_enabled = is_enabled
        tx.session.add(method)
        record_change(
            res,
            tx,
            actor,
            "updateContactMethod",
            target_kind=_KIND,
            target_id=method_id,
            before=before,
            after=_facts(method),
        )
    return method


async def delete_contact_method(res: Resources, actor: Actor, *, method_id: UUID) -> ContactMethod:
    """Leave no such contact method; return it as it was.

    Raises: PermissionDenied, NotFound.
    """
    actor.require(Scope.TRIAGE)
    async with res.db.transaction() as tx:
        method = await lock_method(tx, actor, method_id)
        await tx.session.delete(method)
        record_audit(
            res, tx, actor, "deleteContactMethod", target_kind=_KIND, target_id=method_id, before=_facts(method)
        )
    return method


async def lock_method(tx: Transaction, actor: Actor, method_id: UUID) -> ContactMethod:
    """The contact method that the actor may set, locked.

    Raises: NotFound.
    """
    query = select(ContactMethod).where(
        ContactMethod.id == method_id, is_in_charge(actor, col(ContactMethod.developer_id))
    )
    method = (await tx.session.exec(query.with_for_update())).first()
    if method is None:
        raise NotFound("No such contact method.")
    return method


def _facts(method: ContactMethod) -> dict[str, Any]:
    return {
        "developerId": str(method.developer_id),
        "channel": method.channel,
        "value": shown(method.channel, method.value),
        "isEnabled": method.is_enabled,
    }
