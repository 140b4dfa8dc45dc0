"""What each term means: a key and its value become a condition on an issue, or on an event."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TypeVar

from domain.search.expression import (
    All,
    Condition,
    Counts,
    Either,
    Expression,
    HappenedTo,
    Has,
    Instant,
    Is,
    IsAssigned,
    IsMine,
    IsNamed,
    IsOfTeam,
    IsSevere,
    IsTagged,
    Name,
    Not,
    Number,
    State,
    Thing,
    WasSeen,
)
from domain.search.failing import alike, fail, listed
from domain.search.grammar import Term, Written, parse
from domain.search.values import Value, read_bounds, read_severities, read_span
from domain.search.words import Words

_NOBODY = "none"
_ME = "me"
TAG = "tag."
_Choice = TypeVar("_Choice", State, Thing)
_Reader = Callable[[Value, datetime], Condition]


@dataclass(frozen=True, slots=True)
class Subject:
    """What is searched: the keys that say something of it, what it may have, and why other keys say nothing."""

    keys: Mapping[str, _Reader]
    things: tuple[Thing, ...]
    refused: Mapping[str, str] = field(default_factory=dict)


def read_search(text: str, now: datetime, subject: Subject | None = None) -> Expression:
    """What the search means; an empty one lets everything pass. Times that are relative count from `now`.

    It is of issues unless the subject is another.

    Raises: InvalidInput, which names the column (from 1) and what was expected there.
    """
    return _read(parse(text), now, subject or ISSUES)


def _read(written: Written, now: datetime, subject: Subject) -> Expression:
    match written:
        case All(parts):
            return All(tuple(_read(part, now, subject) for part in parts))
        case Either(parts):
            return Either(tuple(_read(part, now, subject) for part in parts))
        case Not(part):
            return Not(_read(part, now, subject))
        case Term():
            return _condition(written, now, subject)
        case Words():
            return written


def _condition(term: Term, now: datetime, subject: Subject) -> Condition:
    key, value = term.key, term.value
    is_tag = key.startswith(TAG)
    if reason := subject.refused.get(key):
        fail(term.column, f"`{key}:` says nothing of an event: {reason}")
    if not is_tag and key not in subject.keys:
        words = f"there is no key `{key}:`.{alike(key, subject.keys, colon=':')}"
        fail(term.column, f'{words} In quotes it is searched for as a text: `"{key}:{value.text}"`.')
    if not value.text:
        fail(value.column, f"a value of `{key}:` is expected here.")
    return IsTagged(key.removeprefix(TAG), _parts(value)) if is_tag else subject.keys[key](value, now)


def _choice(key: str, choices: Iterable[_Choice], value: Value) -> _Choice:
    found = {str(choice): choice for choice in choices}
    if value.text.lower() not in found:
        words = f"`{key}:` takes {listed(found, 'or')}, not `{value.text}`."
        fail(value.column, words + alike(value.text.lower(), found))
    return found[value.text.lower()]


def _parts(value: Value) -> tuple[str, ...]:
    """What stands between any characters; all of it where it is no pattern."""
    return (value.text,) if value.is_quoted else tuple(value.text.split("*"))


def _has(things: Iterable[Thing]) -> _Reader:
    """What it has: one of a closed set, or a tag, whose key has its case."""

    def read(value: Value, _now: datetime) -> Condition:
        if value.text.startswith(TAG) and len(value.text) > len(TAG):
            return IsTagged(value.text.removeprefix(TAG))
        return Has(_choice("has", things, value))

    return read


def _named(name: Name) -> _Reader:
    def read(value: Value, _now: datetime) -> IsNamed:
        return IsNamed(name, _parts(value))

    return read


def _seen(instant: Instant) -> _Reader:
    return lambda value, now: WasSeen(instant, read_span(value, now))


def _counted(number: Number) -> _Reader:
    return lambda value, _now: Counts(number, *read_bounds(value))


def _assignee(value: Value, _now: datetime) -> Condition:
    if value.is_quoted:
        return IsAssigned(value.text)
    return IsMine(value.column) if value.text.lower() == _ME else IsAssigned(_unless_none(value))


def _unless_none(value: Value) -> str | None:
    return None if value.text.lower() == _NOBODY and not value.is_quoted else value.text


KEYS: dict[str, _Reader] = {
    "is": lambda value, _now: Is(_choice("is", State, value)),
    "has": _has(Thing),
    "severity": lambda value, _now: IsSevere(read_severities(value)),
    **{str(name): _named(name) for name in Name},
    "assignee": _assignee,
    "team": lambda value, _now: IsOfTeam(_unless_none(value)),
    "user": lambda value, _now: HappenedTo(value.text),
    **{str(instant): _seen(instant) for instant in Instant},
    **{str(number): _counted(number) for number in Number},
}
ISSUES = Subject(KEYS, tuple(Thing))

# What an event has itself; of the rest its issue has it.
EVENT_THINGS = (Thing.ASSIGNEE, Thing.TEAM, Thing.RELEASE, Thing.CULPRIT, Thing.USER, Thing.ALERT)
_NOT_OF_AN_EVENT = {
    "first": "it happens once. `last:` is about when it was received.",
    "events": "an issue has that many. Search the issues for it.",
    "users": "an issue has that many. Search the issues for it.",
}
EVENTS = Subject(
    {
        **{key: read for key, read in KEYS.items() if key not in _NOT_OF_AN_EVENT},
        "has": _has(EVENT_THINGS),
    },
    EVENT_THINGS,
    _NOT_OF_AN_EVENT,
)


class SearchSubject(StrEnum):
    """What is searched, by its name."""

    ISSUES = "ISSUES"
    EVENTS = "EVENTS"


SUBJECTS = {SearchSubject.ISSUES: ISSUES, SearchSubject.EVENTS: EVENTS}
