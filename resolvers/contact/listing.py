"""Contact methods and notification rules, for the edges of the graph."""

from collections import defaultdict
from collections.abc import Sequence
from typing import TypeVar
from uuid import UUID

from sqlmodel import col, select

from domain.access import Actor, Scope
from models import ContactMethod, NotificationRule
from resolvers.asked import one_of
from resolvers.contact.charge import is_in_charge
from resolvers.resources import Resources

Row = TypeVar("Row", ContactMethod, NotificationRule)


async def contact_methods_by_id(res: Resources, actor: Actor, ids: Sequence[UUID]) -> list[ContactMethod | None]:
    """The contact method of each id, none where it is not the actor's to see."""
    return await _by_id(res, actor, ContactMethod, ids)


async def contact_methods_by_developer_id(
    res: Resources, actor: Actor, ids: Sequence[UUID]
) -> list[list[ContactMethod]]:
    """The contact methods of each developer, the oldest first, as far as they are the actor's to see."""
    return await _by_developer_id(res, actor, ContactMethod, ids)


async def notification_rules_by_id(res: Resources, actor: Actor, ids: Sequence[UUID]) -> list[NotificationRule | None]:
    """The rule of each id, none where it is not the actor's to see."""
    return await _by_id(res, actor, NotificationRule, ids)


async def notification_rules_by_developer_id(
    res: Resources, actor: Actor, ids: Sequence[UUID]
) -> list[list[NotificationRule]]:
    """The rules of each developer, the oldest first, as far as they are the actor's to see."""
    return await _by_developer_id(res, actor, NotificationRule, ids)


async def _by_id(res: Resources, actor: Actor, table: type[Row], ids: Sequence[UUID]) -> list[Row | None]:
    actor.require(Scope.READ)
    query = select(table).where(one_of(table.id, ids), is_in_charge(actor, col(table.developer_id)))
    async with res.db.reading() as session:
        found = {row.id: row for row in (await session.exec(query)).all()}
    return [found.get(key) for key in ids]


async def _by_developer_id(res: Resources, actor: Actor, table: type[Row], ids: Sequence[UUID]) -> list[list[Row]]:
    actor.require(Scope.READ)
    query = select(table).where(one_of(table.developer_id, ids), is_in_charge(actor, col(table.developer_id)))
    found: defaultdict[UUID, list[Row]] = defaultdict(list)
    async with res.db.reading() as session:
        for row in (await session.exec(query.order_by(col(table.id)))).all():
            found[row.developer_id].append(row)
    return [found[key] for key in ids]
