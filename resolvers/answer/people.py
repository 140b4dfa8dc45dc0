"""Who writes from a phone, or clicks in Slack, and which alert they may mean."""

from dataclasses import dataclass
from uuid import UUID

from sqlmodel import col, select

from domain.alert import AlertStatus
from domain.answer import Reply
from domain.notification import Channel
from models import Alert, ContactMethod, Issue, Notification
from resolvers.answer.give import Given, give_answer
from resolvers.resources import Resources

_MOST = 20


@dataclass(frozen=True, slots=True)
class _Ringing:
    """An open alert that somebody was told of, and the short id of its issue."""

    alert_id: UUID
    short_id: str
    title: str


async def find_person(res: Resources, channel: Channel, value: str) -> UUID | None:
    """The developer who has shown that they are reached there, or none."""
    query = (
        select(ContactMethod.developer_id)
        .where(
            ContactMethod.channel == channel,
            ContactMethod.value == value,
            col(ContactMethod.is_enabled),
            col(ContactMethod.verified_at).is_not(None),
        )
        .order_by(col(ContactMethod.id))
    )
    async with res.db.reading() as session:
        return (await session.exec(query)).first()


async def answer_by_text(res: Resources, *, number: str, reply: Reply) -> str | None:
    """Do what was written from that number, and return what to write back; none where nobody of ours has it.

    Raises: PermissionDenied.
    """
    developer_id = await find_person(res, Channel.SMS, number)
    if developer_id is None:
        return None
    meant = [alert for alert in await _ringing_for(res, developer_id) if reply.is_about(alert.short_id)]
    if not meant:
        return "No alert of yours is open" + (f" for {reply.issue}." if reply.issue else ".")
    if len(meant) > 1:
        choices = ", ".join(alert.short_id for alert in meant)
        return f"Which one? {reply.kind[0]} and one of: {choices}"
    (alert,) = meant
    given = await give_answer(
        res, developer_id=developer_id, alert_id=alert.alert_id, kind=reply.kind, by="a text message"
    )
    return _in_words(given)


def _in_words(given: Given) -> str:
    return f"{given.short_id}: {given.message}"


async def _ringing_for(res: Resources, developer_id: UUID) -> list[_Ringing]:
    """The open alerts of which that developer was told by text message, the newest first."""
    told = select(Notification.alert_id).where(
        Notification.recipient_id == developer_id, Notification.channel == Channel.SMS
    )
    query = (
        select(Alert.id, Issue.short_id, Issue.title)
        .join(Issue, col(Issue.id) == col(Alert.issue_id))
        .where(Alert.status != AlertStatus.RESOLVED, col(Alert.id).in_(told))
        .order_by(col(Alert.id).desc())
        .limit(_MOST)
    )
    async with res.db.reading() as session:
        return [_Ringing(*row) for row in (await session.exec(query)).all()]
