"""What a configuration file and what stands are compared as: things by the names that people have for them.

A thing is known by a slug, a mail address, a name, or by the place that it has and no other can have; it refers to
others by theirs, so that a file means the same in every installation. What a file does not say stays as it is.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
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
    OVERRIDE = "override"
    POLICY = "policy"
    ALERT_RULE = "alert rule"
    TEMPLATE = "template"
    TARGETS = "response targets"


@dataclass(frozen=True, slots=True)
class Thing:
    """One thing by its name, and what is said of it.

    `place` is what its name is made of, where it has none of its own.
    """

    kind: Kind
    name: str
    fields: Fields
    place: Fields = field(default_factory=dict)


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
    place: Fields = field(default_factory=dict)


def name_override(schedule: str, starts_at: datetime, ends_at: datetime, add: str | None, remove: str | None) -> str:
    """By what an override is known: the schedule, the span, and whom it adds and removes; no two have the same."""
    who = f"{add} in place of {remove}" if add and remove else f"{add} besides" if add else f"without {remove}"
    return f"{schedule} from {_shown(starts_at)} to {_shown(ends_at)} UTC: {who}"


def name_template(channel: str, kind: str | None, project: str | None) -> str:
    """By what a template of messages is known: the channel, the kind and the project; no two have the same."""
    return f"{channel}{f' of {kind}' if kind else ''}{f' in {project}' if project else ''}"


def name_targets(project: str | None) -> str:
    """By what response targets are known: the project, or that they are for all."""
    return f"of {project}" if project else "of all projects"


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
        return Change(thing.kind, thing.name, None, thing.fields, thing.place)
    differing = [field for field, value in thing.fields.items() if stands.get(field) != value]
    if not differing:
        return None
    before, after = ({field: side.get(field) for field in differing} for side in (stands, thing.fields))
    return Change(thing.kind, thing.name, before, after, thing.place)


def _shown(at: datetime) -> str:
    """The instant to the minute, and beyond only where there is more, so that no two look the same."""
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(" ").removesuffix(":00")
