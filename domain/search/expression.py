"""What a search means: conditions with their values read, joined by and, or, not. It knows no text and no SQL."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Generic, TypeAlias, TypeVar

from domain.event import Severity
from domain.search.words import Words
from domain.span import Span

Part = TypeVar("Part")


class State(StrEnum):
    """What `is:` asks for."""

    UNRESOLVED = "unresolved"
    RESOLVED = "resolved"
    SNOOZED = "snoozed"
    IGNORED = "ignored"
    REGRESSION = "regression"
    ASSIGNED = "assigned"
    UNASSIGNED = "unassigned"
    ACKNOWLEDGED = "acknowledged"
    ALERTING = "alerting"


class Name(StrEnum):
    """What is asked for by its name, with `*` for any characters."""

    SERVICE = "service"
    TYPE = "type"
    ENVIRONMENT = "environment"
    RELEASE = "release"
    CULPRIT = "culprit"


class Instant(StrEnum):
    """When it was seen."""

    FIRST = "first"
    LAST = "last"


class Number(StrEnum):
    """What is counted of it."""

    EVENTS = "events"
    USERS = "users"


class Thing(StrEnum):
    """What `has:` asks for."""

    ASSIGNEE = "assignee"
    TEAM = "team"
    RELEASE = "release"
    ENVIRONMENT = "environment"
    CULPRIT = "culprit"
    USER = "user"
    ALERT = "alert"


@dataclass(frozen=True, slots=True)
class Is:
    """It is in that state."""

    state: State


@dataclass(frozen=True, slots=True)
class IsSevere:
    """It is as severe as one of these."""

    severities: frozenset[Severity]


@dataclass(frozen=True, slots=True)
class IsNamed:
    """Its name, or one of its names, is that; of a pattern the parts are what stands between any characters."""

    name: Name
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class IsTagged:
    """A tag of that key has that value; of a pattern the parts are as those of a name; without parts, any value."""

    tag: str
    parts: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class IsAssigned:
    """The developer of that name or mail has it, whatever the case; none: nobody has."""

    to: str | None


@dataclass(frozen=True, slots=True)
class IsMine:
    """Who asks has it; the column is where that is said."""

    column: int = field(default=1, compare=False)


@dataclass(frozen=True, slots=True)
class IsOfTeam:
    """The team of that slug has it; none: no team has."""

    slug: str | None


@dataclass(frozen=True, slots=True)
class HappenedTo:
    """It happened to the user of that id, mail, name or address."""

    user: str


@dataclass(frozen=True, slots=True)
class WasSeen:
    """It was first, or last, seen in that span."""

    instant: Instant
    span: Span


@dataclass(frozen=True, slots=True)
class Counts:
    """It has at least and at most so many events, or users; none leaves that side open."""

    number: Number
    least: int | None = None
    most: int | None = None


@dataclass(frozen=True, slots=True)
class Has:
    """It has one."""

    thing: Thing


Condition: TypeAlias = (
    Words | Is | IsSevere | IsNamed | IsTagged | IsAssigned | IsMine | IsOfTeam | HappenedTo | WasSeen | Counts | Has
)


@dataclass(frozen=True, slots=True)
class All(Generic[Part]):
    """All of them hold; of none, always."""

    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Either(Generic[Part]):
    """One of them holds at least."""

    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Not(Generic[Part]):
    """It does not hold."""

    part: Part


Expression: TypeAlias = All["Expression"] | Either["Expression"] | Not["Expression"] | Condition


def needed(expression: Expression) -> Iterator[Expression]:
    """The parts that must all hold."""
    if isinstance(expression, All):
        for part in expression.parts:
            yield from needed(part)
    else:
        yield expression
