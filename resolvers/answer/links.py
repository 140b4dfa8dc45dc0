"""Links by which who was told answers from a mail: made when it is written, good once, for a week."""

import secrets
from datetime import timedelta
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select

from core.db import Transaction
from domain.answer import Answer, AnswerKind, read_answer, write_answer
from domain.errors import NotFound
from models import GivenAnswer, Issue, Notification, SigningKey
from resolvers.answer.give import Given, give_answer
from resolvers.resources import Resources

_NAME = "answer links"
_KEY_BYTES = 32
_GOOD_FOR = timedelta(days=7)
_USED = "This link was used already."


async def answer_links(res: Resources, tx: Transaction, notification_id: UUID) -> dict[str, str]:
    """The addresses that answer this notification, by the answer."""
    key, until = await _key(tx), res.clock.now() + _GOOD_FOR
    return {
        kind.lower(): f"{res.settings.base_url}/answer/{write_answer(Answer(kind, notification_id, until), key)}"
        for kind in AnswerKind
    }


async def find_asked(res: Resources, text: str) -> tuple[Answer, Issue]:
    """What a link stands for, and about which issue; nothing is done.

    Raises: NotFound.
    """
    async with res.db.reading() as session:
        key = (await session.exec(select(SigningKey.key).where(SigningKey.name == _NAME))).first()
        answer = read_answer(text, key or b"", at=res.clock.now())
        query = (
            select(Issue)
            .join(Notification, col(Notification.issue_id) == col(Issue.id))
            .where(Notification.id == answer.notification_id)
        )
        issue = (await session.exec(query)).first()
    if issue is None or key is None:
        raise NotFound("This link is none of ours.")
    return answer, issue


async def follow_link(res: Resources, text: str) -> Given:
    """Do what the link stands for, as the one to whom the notification went, once.

    Raises: NotFound, PermissionDenied (they may not any more).
    """
    answer, issue = await find_asked(res, text)
    async with res.db.reading() as session:
        notification = await session.get_one(Notification, answer.notification_id)
        used = await session.get(GivenAnswer, (answer.notification_id, answer.kind))
    if notification.recipient_id is None or notification.alert_id is None:
        raise NotFound("This link is none of ours.")
    if used is not None:
        return Given(issue.short_id, issue.title, is_done=False, message=_USED)
    given = await give_answer(
        res,
        developer_id=notification.recipient_id,
        alert_id=notification.alert_id,
        kind=answer.kind,
        by=f"a link in {notification.channel.lower()}",
    )
    # Afterwards: a link that was cut off on the way is to be good again, and doing it twice does nothing.
    await _note_use(res, answer)
    return given


async def _note_use(res: Resources, answer: Answer) -> None:
    use = insert(GivenAnswer).values(notification_id=answer.notification_id, kind=answer.kind, at=res.clock.now())
    async with res.db.transaction() as tx:
        await tx.session.exec(use.on_conflict_do_nothing())


async def _key(tx: Transaction) -> bytes:
    """The key of the installation, drawn now if this is the first time."""
    query = select(SigningKey.key).where(SigningKey.name == _NAME)
    if key := (await tx.session.exec(query)).first():
        return key
    drawn = insert(SigningKey).values(name=_NAME, key=secrets.token_bytes(_KEY_BYTES))
    await tx.session.exec(drawn.on_conflict_do_nothing())
    return (await tx.session.exec(query)).one()
