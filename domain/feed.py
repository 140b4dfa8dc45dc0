"""The feed's vocabulary: what a row tells, and the cursor that says where a reader stands."""

import base64
import binascii
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from domain.errors import InvalidInput

_LONGEST = 200
_MOST_XID, _MOST_ID = 2**64, 2**63
_FIRST_YEAR = 2000


class FeedKind(StrEnum):
    """What a row of the feed tells."""

    EVENT_LOGGED = "EVENT_LOGGED"
    ISSUE_CHANGED = "ISSUE_CHANGED"
    NOTIFICATION_SENT = "NOTIFICATION_SENT"
    ALERT_CHANGED = "ALERT_CHANGED"


# In place of the project and the issue in a row that is about none. A caller who sees all projects sees it too.
NOWHERE = UUID(int=0)


class StreamResetReason(StrEnum):
    """Why a stream could not go on from where its reader stood."""

    EXPIRED = "EXPIRED"
    RESTORED = "RESTORED"
    TOO_FAR_BEHIND = "TOO_FAR_BEHIND"


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """A place in the one order of the feed: after this row of this transaction.

    Ids of rows begin at 1: `Position(xid, 0)` is before all rows of that transaction.
    """

    xid: int
    id: int


START = Position(0, 0)


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a reader stands: in which epoch, on which UTC day, after which row."""

    epoch: str
    day: date
    position: Position

    def encode(self) -> str:
        """The opaque text that clients keep."""
        plain = f"{self.epoch}.{self.day.isoformat()}.{self.position.xid}.{self.position.id}"
        return base64.urlsafe_b64encode(plain.encode()).decode().rstrip("=")


def read_cursor(text: str) -> Cursor:
    """The cursor that a client sent back.

    Raises: InvalidInput for everything but what `encode` wrote.
    """
    try:
        cursor = _decode(text)
    except (ValueError, binascii.Error) as error:
        raise _no_cursor() from error
    if cursor.encode() != text:
        raise _no_cursor()
    return cursor


def _decode(text: str) -> Cursor:
    if len(text) > _LONGEST:
        raise ValueError
    epoch, day, xid, row = base64.urlsafe_b64decode(text.encode() + b"==").decode().split(".")
    cursor = Cursor(epoch, date.fromisoformat(day), Position(int(xid), int(row)))
    if not (0 <= cursor.position.xid < _MOST_XID and 0 <= cursor.position.id < _MOST_ID):
        raise ValueError
    if cursor.day.year < _FIRST_YEAR:
        raise ValueError
    return cursor


def _no_cursor() -> InvalidInput:
    return InvalidInput("`after` is not a cursor of this stream.", ("after",))
