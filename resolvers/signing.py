"""The keys of the installation by which links are signed: each drawn when it is first needed, and kept."""

import secrets

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import select
from sqlmodel.sql.expression import SelectOfScalar

from core.db import Transaction
from models import SigningKey

ANSWERS, UNSUBSCRIPTIONS = "answer links", "unsubscribe links"
_KEY_BYTES = 32


def stored_key(name: str) -> SelectOfScalar[bytes]:
    """The query for the key of that name, if it was drawn."""
    return select(SigningKey.key).where(SigningKey.name == name)


async def get_key(tx: Transaction, name: str) -> bytes:
    """The key of that name, drawn now if this is the first time."""
    return await tx.once(("key", name), lambda: _drawn(tx, name))


async def _drawn(tx: Transaction, name: str) -> bytes:
    if key := (await tx.session.exec(stored_key(name))).first():
        return key
    drawn = insert(SigningKey).values(name=name, key=secrets.token_bytes(_KEY_BYTES))
    await tx.session.exec(drawn.on_conflict_do_nothing())
    return (await tx.session.exec(stored_key(name))).one()
