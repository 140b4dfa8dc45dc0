"""Making the links by which who is told answers: good for a week, signed with a key of the installation."""

from datetime import timedelta
from uuid import UUID

from domain.answer import Answer, AnswerKind, write_answer
from resolvers.resources import Resources

_GOOD_FOR = timedelta(days=7)


def answer_links(res: Resources, key: bytes, notification_id: UUID) -> dict[str, str]:
    """The addresses that answer this notification, by the answer in small letters."""
    until = res.clock.now() + _GOOD_FOR
    return {
        kind.lower(): f"{res.settings.base_url}/answer/{write_answer(Answer(kind, notification_id, until), key)}"
        for kind in AnswerKind
    }
