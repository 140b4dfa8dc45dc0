"""Contact methods and notification rules, for the edges of the graph."""

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from sqlmodel import col, select

from domain.access import Actor, Scope
from models import ContactMethod, NotificationRule
from resolvers.contact.charge import is_in_charge
from resolvers.resources import Resources


async def contact_methods_by_id(res: Resources, actor: Actor, ids: Sequence[UUID]) -> list[ContactMethod | None]:
    """The contact method of each id, none where it is not the actor's to see."""
    actor.require(Scope.READ)
    query = select(ContactMethod).where(
        col(ContactMethod.id).in_(set(ids)), is_in_charge(actor, col(ContactMethod.developer_id))
    )
    async with res.db.reading() as session:
        found = {row.id: row for row in (await session.exec(query)).all()}
    return [found.get(key) for key in ids]


async def contact_methods_by_developer_id(
    res: Resources, actor: Actor, ids: Sequence[UUID]
) -> list[list[ContactMethod]]:
    """The contact methods of each developer, the oldest first, as far as they are the actor's to see."""
    actor.require(Scope.READ)
    query = select(ContactMethod).where(
        col(ContactMethod.developer_id).in_(set(ids)), is_in_charge(actor, col(ContactMethod.developer_id))
    )
    found: defaultdict[UUID, list[ContactMethod]] = defaultdict(list)
    async with res.db.reading() as session:
        for row in (await session.exec(query.order_by(col(ContactMethod.id)))).all():
            found[row.developer_id].append(row)
    return [found[key] for key in ids]


async def notification_rules_by_id(res: Resources, actor: Actor, ids: Sequence[UUID]) -> list[NotificationRule | None]:
    """The rule of each id, none where it is not the actor's to see."""
    actor.require(Scope.READ)
    query = select(NotificationRule).where(
        col(NotificationRule.id).in_(set(ids)), is_in_charge(actor, col(NotificationRule.developer_id))
    )
    async with res.db.reading() as session:
        found = {row.id: row for row in (await session.exec(query)).all()}
    return [found.get(key) for key in ids]


async def notification_rules_by_developer_id(
    res: Resources, actor: Actor, ids: Sequence[UUID]
) -> list[list[NotificationRule]]:
    """The rules of each developer, the oldest first, as far as they are the actor's to see."""
    actor.require(Scope.READ)
    query = select(NotificationRule).where(
        col(NotificationRule.developer_id).in_(set(ids)), is_in_charge(actor, col(NotificationRule.developer_id))
    )
    found: defaultdict[UUID, list[NotificationRule]] = defaultdict(list)
    async with res.db.reading() as session:
        for row in (await session.exec(query.order_by(col(NotificationRule.id)))).all():
            found[row.developer_id].append(row)
    return [found[key] for key in ids]
