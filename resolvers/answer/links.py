"""Links by which who was told answers from a mail: each is good once."""

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select

from domain.answer import Answer, read_answer
from domain.errors import NotFound
from models import GivenAnswer, Issue, Notification
from resolvers.answer.give import Given, give_answer
from resolvers.resources import Resources
from resolvers.signing import ANSWERS, stored_key

_USED = "This link was used already."


async def find_asked(res: Resources, text: str) -> tuple[Answer, Issue]:
    """What a link stands for, and about which issue; nothing is done.

    Raises: NotFound.
    """
    async with res.db.reading() as session:
        key = (await session.exec(stored_key(ANSWERS))).first()
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
