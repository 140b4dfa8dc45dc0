"""Answers to a message: who was told says from where they are that they have it, or that it is done.

A link in a mail holds what it stands for and is signed with a key of the installation, so that it needs no login and
can be made by nobody else. A text message is answered in words.
"""

import base64
import binascii
import hmac
import re
import struct
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from uuid import UUID

from domain.errors import NotFound

_FORM = struct.Struct(">B16sI")
_SIGNATURE_BYTES = 16
_LONGEST = 100
_WORDS = re.compile(r"([a-z0-9]+)(?:[\s:#-]+([a-z0-9][a-z0-9-]*))?[\s.!]*", re.IGNORECASE)


class AnswerKind(StrEnum):
    """What somebody answers to a message."""

    ACKNOWLEDGE = "ACKNOWLEDGE"
    RESOLVE = "RESOLVE"


_KINDS = tuple(AnswerKind)
_BY_WORD = {
    **dict.fromkeys(("a", "ack", "acknowledge", "acknowledged", "yes", "1"), AnswerKind.ACKNOWLEDGE),
    **dict.fromkeys(("r", "resolve", "resolved", "close", "done", "2"), AnswerKind.RESOLVE),
}


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer that a link stands for: to which notification, and until when it may be given."""

    kind: AnswerKind
    notification_id: UUID
    expires_at: datetime


def write_answer(answer: Answer, key: bytes) -> str:
    """The text that stands for the answer in a link."""
    plain = _FORM.pack(_KINDS.index(answer.kind), answer.notification_id.bytes, int(answer.expires_at.timestamp()))
    return base64.urlsafe_b64encode(plain + _sign(plain, key)).decode().rstrip("=")


def read_answer(text: str, key: bytes, *, at: datetime) -> Answer:
    """The answer that a text stands for.

    Raises: NotFound for all that was not written with this key, or is too old.
    """
    try:
        whole = base64.b64decode(text.encode("ascii") + b"==", b"-_", validate=True) if len(text) <= _LONGEST else b""
        plain, signature = whole[: _FORM.size], whole[_FORM.size :]
        index, id, expires_s = _FORM.unpack(plain)
    except (ValueError, binascii.Error, struct.error) as error:
        raise _unknown() from error
    if not hmac.compare_digest(signature, _sign(plain, key)):
        raise _unknown()
    expires_at = datetime.fromtimestamp(expires_s, at.tzinfo)
    if at >= expires_at:
        raise NotFound("This link is too old.")
    return Answer(_KINDS[index], UUID(bytes=id), expires_at)


@dataclass(frozen=True, slots=True)
class Reply:
    """What somebody wrote back: an answer, and to which issue, if they named one by its short id or the end of it."""

    kind: AnswerKind
    issue: str | None = None

    def is_about(self, short_id: str) -> bool:
        """Whether the reply may be meant for that issue."""
        if self.issue is None:
            return True
        named = self.issue.upper()
        return named in (short_id.upper(), short_id.upper().rpartition("-")[2])


def read_reply(text: str) -> Reply | None:
    """The reply in a text message: a word and perhaps an issue, as in `ack`, `A 1F`, `resolve CHECKOUT-1F`.

    None where it is none of ours.
    """
    match = _WORDS.fullmatch(text.strip()[:_LONGEST])
    kind = _BY_WORD.get(match[1].lower()) if match else None
    return Reply(kind, match[2]) if match and kind else None


def _sign(plain: bytes, key: bytes) -> bytes:
    return hmac.digest(key, plain, sha256)[:_SIGNATURE_BYTES]


def _unknown() -> NotFound:
    return NotFound("This link is none of ours.")
