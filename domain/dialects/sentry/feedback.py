"""What do people say through Sentry's SDKs? Items of the types `feedback` and `user_report`, brought to our names."""

from collections.abc import Mapping
from typing import Any

from domain.bounds import FEEDBACK_FIELD, FEEDBACK_MESSAGE, URL
from domain.dialects.mending import Mending
from domain.dialects.sentry.shapes import object_in, uuid_in
from domain.dialects.texts import first_text, without_blank_start
from domain.errors import InvalidInput
from domain.feedback import Feedback


def read_feedback(
    item: Mapping[str, Any], *, redact_keys: frozenset[str] = frozenset(), envelope_id: Any = None
) -> Feedback:
    """Hand back what an item of type `feedback` says, bounded and scrubbed: an event whose context holds the words.

    Raises: InvalidInput where it says nothing.
    """
    said = object_in(object_in(item.get("contexts")).get("feedback"))
    user = object_in(item.get("user"))
    return _feedback(
        Mending(redact_keys, cuts_names=True),
        message=first_text([said.get("message"), item.get("message")]),
        name=first_text([said.get("name"), user.get("name"), user.get("username")]),
        email=first_text([said.get("contact_email"), user.get("email")]),
        url=said.get("url"),
        event_id=uuid_in(said.get("associated_event_id")),
        feedback_id=uuid_in(item.get("event_id")) or uuid_in(envelope_id),
    )


def read_user_report(item: Mapping[str, Any], *, redact_keys: frozenset[str] = frozenset()) -> Feedback:
    """Hand back what an item of type `user_report` says, which older SDKs send and which has no id of its own.

    Raises: InvalidInput where it says nothing.
    """
    return _feedback(
        Mending(redact_keys, cuts_names=True),
        message=item.get("comments"),
        name=item.get("name"),
        email=item.get("email"),
        event_id=uuid_in(item.get("event_id")),
    )


def _feedback(
    mending: Mending,
    *,
    message: Any,
    name: Any,
    email: Any,
    event_id: str | None,
    url: Any = None,
    feedback_id: str | None = None,
) -> Feedback:
    text = (mending.text(without_blank_start(message, FEEDBACK_MESSAGE.limit), FEEDBACK_MESSAGE) or "").strip()
    if not text:
        raise InvalidInput("The feedback has no message.", ("feedback", "message"))
    return Feedback(
        message=text,
        name=_line(mending, name),
        email=_line(mending, email),
        url=mending.url(url, URL) or None,
        event_id=event_id,
        feedback_id=feedback_id,
    )


def _line(mending: Mending, value: Any) -> str | None:
    return " ".join((mending.text(value, FEEDBACK_FIELD) or "").split()) or None
