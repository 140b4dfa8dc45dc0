"""The link by which the reader of a mail wants no more of its kind: made, and put into its headers."""

from collections.abc import Mapping
from typing import Any

from core.db import Transaction
from domain.unsubscribe import Unsubscription, unsubscribe_headers, write_unsubscription
from resolvers.resources import Resources
from resolvers.signing import UNSUBSCRIPTIONS, get_key


async def unsubscribe_facts(res: Resources, tx: Transaction, wish: Unsubscription) -> dict[str, Any]:
    """What a mail keeps of the link by which its reader wants no more of it."""
    text = write_unsubscription(wish, await get_key(tx, UNSUBSCRIPTIONS))
    return {"url": f"{res.settings.base_url}/unsubscribe/{text}", "is_essential": wish.is_essential}


def unsubscribing(content: Mapping[str, Any]) -> dict[str, str]:
    """The headers by which the reader of a mail gets no more of its kind; none where they have asked for it."""
    link = content.get("unsubscribe")
    return unsubscribe_headers(link["url"], is_essential=link["is_essential"]) if link else {}
