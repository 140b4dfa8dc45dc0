"""Making the link by which the reader of a mail wants no more of its kind."""

from typing import Any

from core.db import Transaction
from domain.unsubscribe import Unsubscription, write_unsubscription
from resolvers.resources import Resources
from resolvers.signing import UNSUBSCRIPTIONS, get_key


async def unsubscribe_facts(res: Resources, tx: Transaction, wish: Unsubscription) -> dict[str, Any]:
    """What a mail keeps of the link by which its reader wants no more of it."""
    text = write_unsubscription(wish, await get_key(tx, UNSUBSCRIPTIONS))
    return {"url": f"{res.settings.base_url}/unsubscribe/{text}", "is_essential": wish.is_essential}
