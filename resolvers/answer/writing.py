"""Making the links by which who is told answers: good for a week, signed with a key of the installation."""

import secrets
from datetime import timedelta
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import select
from sqlmodel.sql.expression import SelectOfScalar

from core.db import Transaction
from domain.answer import Answer, AnswerKind, write_answer
from models import SigningKey
from resolvers.resources import Resources

_NAME = "answer links"
_KEY_BYTES = 32
_GOOD_FOR = timedelta(days=7)


def links_key() -> SelectOfScalar[bytes]:
    """The query for the key that signs links, if it was drawn."""
    return select(SigningKey.key).where(SigningKey.name == _NAME)


async def get_links_key(tx: Transaction) -> bytes:
    """The key that signs links, drawn now if this is the first time."""
    if key := (await tx.session.exec(links_key())).first():
        return key
    drawn = insert(SigningKey).values(name=_NAME, key=secrets.token_bytes(_KEY_BYTES))
    await tx.session.exec(drawn.on_conflict_do_nothing())
    return (await tx.session.exec(links_key())).one()


def answer_links(res: Resources, key: bytes, notification_id: UUID) -> dict[str, str]:
    """The addresses that answer this notification, by the answer in small letters."""
    until = res.clock.now() + _GOOD_FOR
    return {
        kind.lower(): f"{res.settings.base_url}/answer/{write_answer(Answer(kind, notification_id, until), key)}"
        for kind in AnswerKind
    }
