"""Taking a person out of what was stored: which events are theirs, and what is left of a text that names them."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from domain.errors import InvalidInput

MARK = "[ERASED]"
# docs: what is shorter stands in too many texts that do not mean the person, and is taken from `user` alone.
SHORTEST_IN_TEXT = 6
LONGEST = 256
_NAMES = {"id": "id", "email": "email", "username": "username", "ip_address": "ipAddress"}


@dataclass(frozen=True)
class Person:
    """Somebody to whom errors happened, by what reporters call them: names and values as in a report's `user`."""

    known_as: tuple[tuple[str, str], ...]

    def is_user(self, user: object) -> bool:
        """Whether a report's `user` is this person: one thing in common is enough."""
        return isinstance(user, Mapping) and any(_same(user.get(name), value) for name, value in self.known_as)

    def with_all_of(self, user: Mapping[str, Any]) -> "Person":
        """The person, known by all that this `user` says as well."""
        more = {(name, user[name]) for name in _NAMES if isinstance(user.get(name), str) and user[name]}
        return Person(tuple(sorted({*self.known_as, *more})))

    @cached_property
    def in_texts(self) -> "re.Pattern[str] | None":
        """What to look for in texts; none where all is too short."""
        values = {value for _, value in self.known_as if len(value) >= SHORTEST_IN_TEXT}
        longest_first = sorted(values, key=lambda value: (-len(value), value))
        return re.compile("|".join(map(re.escape, longest_first)), re.IGNORECASE) if values else None

    def erase(self, value: Any) -> Any:
        """Any JSON value, its texts and keys without the person."""
        if isinstance(value, str):
            return self.in_texts.sub(MARK, value) if self.in_texts else value
        if isinstance(value, Mapping):
            return {self.erase(key): self.erase(inner) for key, inner in value.items()}
        if isinstance(value, list | tuple):
            return [self.erase(inner) for inner in value]
        return value


def person(known_as: Mapping[str, str | None]) -> Person:
    """The person of whom so much is known; names as in a report's `user`.

    Raises: InvalidInput where nothing is known, or something is too long to be meant.
    """
    given = [(name, value.strip()) for name, value in known_as.items() if value and value.strip()]
    if not given:
        raise InvalidInput("Say who: one of `id`, `email`, `username`, `ipAddress`.", ())
    for name, value in given:
        if len(value) > LONGEST:
            raise InvalidInput(f"`{_NAMES[name]}` must have at most {LONGEST} characters.", (_NAMES[name],))
    return Person(tuple(sorted(given)))


def erase_event(
    payload: Mapping[str, Any], texts: Iterable[str | None], who: Person
) -> tuple[dict[str, Any], list[Any]]:
    """The payload and the other texts of an event without the person; the same, where it has nothing of them."""
    user = payload.get("user")
    left = dict(payload)
    if who.is_user(user):
        who = who.with_all_of(left.pop("user"))
    return who.erase(left), [who.erase(text) for text in texts]


def _same(found: object, value: str) -> bool:
    return isinstance(found, str) and found.casefold() == value.casefold()
