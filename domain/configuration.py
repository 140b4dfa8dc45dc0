"""What a configuration file and what stands are compared as: things by the names that people have for them.

A thing is known by a slug, a mail address or a name, and refers to others by theirs, so that a file means the same in
every installation. What a file does not say stays as it is.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeAlias

from domain.errors import InvalidInput

Fields: TypeAlias = Mapping[str, Any]


class Kind(StrEnum):
    """What can be kept in a file, in the order in which it is made: each refers to those before it."""

    DEVELOPER = "developer"
    PROJECT = "project"
    TEAM = "team"
    SCHEDULE = "schedule"
    POLICY = "policy"
    ALERT_RULE = "alert rule"


@dataclass(frozen=True, slots=True)
class Thing:
    """One thing by its name, and what is said of it."""

    kind: Kind
    name: str
    fields: Fields


@dataclass(frozen=True, slots=True)
class Reference:
    """That a thing names another, and where it does."""

    kind: Kind
    name: str
    path: str


Standing: TypeAlias = Mapping[tuple[Kind, str], Fields]


@dataclass(frozen=True, slots=True)
class Change:
    """A thing that is to be made (`before` is none), or to be changed: only what differs, on both sides."""

    kind: Kind
    name: str
    before: Fields | None
    after: Fields


def find_changes(wanted: Iterable[Thing], standing: Standing) -> list[Change]:
    """What is to be done so that all that is wanted stands, in an order in which it can be done."""
    order = list(Kind)
    changes = [_change(thing, standing.get((thing.kind, thing.name))) for thing in wanted]
    return sorted((change for change in changes if change), key=lambda change: order.index(change.kind))


def check_references(references: Iterable[Reference], wanted: Iterable[Thing], standing: Standing) -> None:
    """Return where all that is named stands, or is wanted.

    Raises: InvalidInput that says where what is named that there is not.
    """
    known = {(thing.kind, thing.name) for thing in wanted} | set(standing)
    for reference in references:
        if (reference.kind, reference.name) not in known:
            raise InvalidInput(f"{reference.path} names the {reference.kind} {reference.name!r}, and there is none.")


def _change(thing: Thing, stands: Fields | None) -> Change | None:
    if stands is None:
        return Change(thing.kind, thing.name, None, thing.fields)
    differing = [field for field, value in thing.fields.items() if stands.get(field) != value]
    if not differing:
        return None
    before, after = ({field: side.get(field) for field in differing} for side in (stands, thing.fields))
    return Change(thing.kind, thing.name, before, after)
