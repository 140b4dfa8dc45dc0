"""Whose is an error, by where it happened? A project's ordered rules: a path, a tag, a service, and who owns it.

A pattern is a glob for the whole of a text, as in `domain/rules.py`. Of several rules the first that fits decides.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from domain.bounds import TAG_KEY
from domain.errors import InvalidInput
from domain.policy import Target, TargetKind, read_targets, write_targets
from domain.rules import MOST_RULES, checked_pattern, glob
from domain.text import one_line

MOST_OWNERS = 20
_FIELD = "ownershipRules"


@dataclass(frozen=True, slots=True)
class OwnershipRule:
    """Issues that pass everything that is given belong to the owners: one team, or some developers.

    `path` is the file or the module of one of the application's own frames, `tag` a key and a pattern for its value.
    """

    owners: tuple[Target, ...]
    path: str | None = None
    tag: tuple[str, str] | None = None
    service: str | None = None


@dataclass(frozen=True, slots=True)
class Origin:
    """What rules look at: where an error happened, as far as its event is still known."""

    service: str
    paths: frozenset[str] = frozenset()
    tags: Mapping[str, str] | None = None

    @classmethod
    def of(cls, service: str, payload: Mapping[str, Any] | None) -> "Origin":
        """The origin of an event with that payload, as events store it; without one only its service is known."""
        payload = payload or {}
        frames = (frame for one in payload.get("exceptions") or () for frame in one.get("frames") or ())
        own = (frame for frame in frames if frame.get("in_app", True))
        places = (frame.get(name) for frame in own for name in ("filename", "absolute_path", "module"))
        paths = frozenset(place.replace("\\", "/") for place in places if place)
        return cls(service, paths, dict(payload.get("tags") or ()))


def owning_rule(rules: Iterable[OwnershipRule], origin: Origin) -> OwnershipRule | None:
    """The first rule that fits, if one does."""
    return next((rule for rule in rules if _fits(rule, origin)), None)


def words(rule: OwnershipRule) -> str:
    """What the rule looks at, in one line, for people: `path billing/*, tag tier gold`."""
    tag = None if rule.tag is None else " ".join(rule.tag)
    given = (("path", rule.path), ("tag", tag), ("service", rule.service))
    return ", ".join(f"{name} {pattern}" for name, pattern in given if pattern is not None)


def check_ownership(rules: Sequence[OwnershipRule]) -> tuple[OwnershipRule, ...]:
    """The rules as they are stored, in their order.

    Raises: InvalidInput that says which rule is wrong, and how.
    """
    if len(rules) > MOST_RULES:
        raise InvalidInput(f"`{_FIELD}` takes at most {MOST_RULES} rules, these are {len(rules)}.", (_FIELD,))
    return tuple(_checked(rule, (_FIELD, str(place))) for place, rule in enumerate(rules))


def ownership_as_json(rules: Iterable[OwnershipRule]) -> list[dict[str, Any]]:
    """What is stored of rules."""
    return [
        {
            "owners": write_targets(rule.owners),
            "path": rule.path,
            "tag": None if rule.tag is None else list(rule.tag),
            "service": rule.service,
        }
        for rule in rules
    ]


def ownership_from_json(stored: Iterable[Mapping[str, Any]]) -> tuple[OwnershipRule, ...]:
    """The rules that were stored."""
    return tuple(
        OwnershipRule(
            read_targets(rule["owners"]), rule["path"], None if rule["tag"] is None else tuple(rule["tag"]),
            rule["service"],
        )
        for rule in stored
    )  # fmt: skip


def _fits(rule: OwnershipRule, origin: Origin) -> bool:
    return (
        (rule.service is None or _passes(rule.service, [origin.service]))
        and (rule.tag is None or _passes(rule.tag[1], [(origin.tags or {}).get(rule.tag[0])]))
        and (rule.path is None or _passes(rule.path, origin.paths))
    )


def _passes(pattern: str, texts: Iterable[str | None]) -> bool:
    compiled: re.Pattern[str] = glob(pattern)
    return any(text is not None and compiled.fullmatch(text) for text in texts)


def _checked(rule: OwnershipRule, at: tuple[str, ...]) -> OwnershipRule:
    path = None if rule.path is None else checked_pattern(rule.path, *at, "path")
    service = None if rule.service is None else checked_pattern(rule.service, *at, "service")
    tag = None if rule.tag is None else _checked_tag(rule.tag, (*at, "tag"))
    if path is None and service is None and tag is None:
        raise InvalidInput("A rule needs one of `path`, `tag`, `service`.", at)
    return OwnershipRule(_checked_owners(rule.owners, at), path, tag, service)


def _checked_tag(tag: tuple[str, str], at: tuple[str, ...]) -> tuple[str, str]:
    key, value = tag
    return one_line(key, *at, "key", most=TAG_KEY.limit), checked_pattern(value, *at, "value")


def _checked_owners(owners: Sequence[Target], at: tuple[str, ...]) -> tuple[Target, ...]:
    owners = tuple(dict.fromkeys(owners))
    kinds = {owner.kind for owner in owners}
    some_people = kinds == {TargetKind.DEVELOPER} and len(owners) <= MOST_OWNERS
    if not some_people and not (kinds == {TargetKind.TEAM} and len(owners) == 1):
        raise InvalidInput(f"A rule needs one team, or 1 to {MOST_OWNERS} developers.", at)
    return owners
