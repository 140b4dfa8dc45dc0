"""What of some events is of a person: what is to be written in their place, and what else is to be forgotten."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from domain.erasure import Person, erase_event
from resolvers.intake.incoming import user_digest

_FORGET_USERS = """
WITH seen AS (DELETE FROM seen_user WHERE project_id = $1 AND user_hash = ANY($2::bytea[]))
DELETE FROM key_user WHERE project_id = $1 AND user_hash = ANY($2::bytea[])
"""
# What somebody said is theirs, whole: by the event that happened to them.
_FORGET_WORDS_ABOUT = "DELETE FROM feedback WHERE project_id = $1 AND row_id = ANY($2::uuid[])"


@dataclass(frozen=True, slots=True)
class EventText:
    """All of an event that may name somebody."""

    id: UUID
    message: str
    culprit: str | None
    payload: Mapping[str, Any]


@dataclass(slots=True)
class Theirs:
    """What was found of a person: the events that change, as they are to be, and those that happened to them."""

    changed: list[EventText] = field(default_factory=list)
    user_digests: set[bytes] = field(default_factory=set)
    happened: list[UUID] = field(default_factory=list)

    def look_at(self, events: Iterable[EventText], who: Person) -> None:
        """Add what is found in some events."""
        for event in events:
            left, (message, culprit) = erase_event(event.payload, [event.message, event.culprit], who)
            erased = EventText(event.id, message, culprit, left)
            if erased != event:
                self.changed.append(erased)
            if "user" in event.payload and "user" not in left:
                self.happened.append(event.id)
                if digest := user_digest(event.payload["user"]):
                    self.user_digests.add(digest)

    async def forget_besides(self, connection: Any, project_id: UUID) -> None:
        """Leave neither the digests by which they were counted nor what was said of their events."""
        if self.happened:
            await forget_users(connection, project_id, self.user_digests)
            await connection.execute(_FORGET_WORDS_ABOUT, project_id, self.happened)


async def forget_users(connection: Any, project_id: UUID, digests: Collection[bytes]) -> None:
    """Leave no digest by which somebody was counted. Sketches have none, and stay."""
    await connection.execute(_FORGET_USERS, project_id, sorted(digests))
