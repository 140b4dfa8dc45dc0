"""Within which time issues are to be acknowledged and resolved, by severity; when each is due, and when to warn."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from domain.errors import InvalidInput
from domain.event import Severity
from domain.issue import APPEARING, OPENING, ActivityKind
from domain.wording import moment, span_in_words

USUAL_WARN_AT = 0.8
LEAST, MOST = timedelta(minutes=1), timedelta(days=366)
# What was missed longer ago than this, when a target is set or a worker comes back, is not warned of any more.
WARNED_FOR = timedelta(days=1)


class Aim(StrEnum):
    """What is to be done in time."""

    ACKNOWLEDGE = "ACKNOWLEDGE"
    RESOLVE = "RESOLVE"


# The steps from which on the time runs, and those that end it: a snooze does not end the time to resolve.
BEGINNINGS: Mapping[Aim, tuple[ActivityKind, ...]] = {Aim.ACKNOWLEDGE: OPENING, Aim.RESOLVE: APPEARING}
ENDS: Mapping[Aim, tuple[ActivityKind, ...]] = {
    Aim.ACKNOWLEDGE: (ActivityKind.ACKNOWLEDGED, ActivityKind.RESOLVED, ActivityKind.SNOOZED, ActivityKind.IGNORED),
    Aim.RESOLVE: (ActivityKind.RESOLVED, ActivityKind.IGNORED),
}


@dataclass(frozen=True, slots=True)
class Target:
    """Within which times issues of a severity are to be dealt with, and at which share of them somebody is warned."""

    severity: Severity
    acknowledge_within: timedelta | None = None
    resolve_within: timedelta | None = None
    warn_at: float = USUAL_WARN_AT

    def within(self, aim: Aim) -> timedelta | None:
        """The time for that; none where it may take any."""
        return self.acknowledge_within if aim is Aim.ACKNOWLEDGE else self.resolve_within


@dataclass(frozen=True, slots=True)
class Due:
    """When something is to be done at the latest, and whether it was not."""

    at: datetime
    is_breached: bool


def check_targets(targets: Sequence[Target]) -> list[Target]:
    """The targets as they are stored, the worst severity first.

    Raises: InvalidInput for a severity that comes twice, or a time or share out of bounds.
    """
    seen: set[Severity] = set()
    for index, target in enumerate(targets):
        path = ("targets", str(index))
        if target.severity in seen:
            raise InvalidInput(f"`targets` has {target.severity} twice.", (*path, "severity"))
        seen.add(target.severity)
        if target.acknowledge_within is None and target.resolve_within is None:
            raise InvalidInput("Give `acknowledgeWithin`, `resolveWithin`, or both.", path)
        for name, span in (("acknowledgeWithin", target.acknowledge_within), ("resolveWithin", target.resolve_within)):
            if span is not None and not LEAST <= span <= MOST:
                raise InvalidInput(f"`{name}` must be from PT1M to P366D.", (*path, name))
        if not 0 < target.warn_at <= 1:
            raise InvalidInput("`warnAt` must be above 0 and at most 1.", (*path, "warnAt"))
    return sorted(targets, key=lambda target: -target.severity.rank)


def due(within: timedelta, *, began_at: datetime, ended_at: datetime | None, now: datetime) -> Due:
    """When it is due that began then, and whether it was not done by then."""
    at = began_at + within
    return Due(at, (ended_at or now) > at)


def warning_of(aim: Aim, severity: Severity, within: timedelta, *, began_at: datetime, now: datetime) -> str:
    """What is told of a target that is about to be missed, or was: a sentence."""
    at = began_at + within
    left = at - now
    stands = f"{span_in_words(left)} are left" if left > timedelta() else "that time is over"
    return (
        f"{severity} issues are to be {aim.value.lower()}d within {span_in_words(within)}: by {moment(at)} this one,"
        f" and {stands}."
    )


def targets_as_json(targets: Sequence[Target]) -> list[dict[str, Any]]:
    """The targets for the audit."""
    return [
        {
            "severity": target.severity,
            "acknowledgeWithinS": target.acknowledge_within and target.acknowledge_within.total_seconds(),
            "resolveWithinS": target.resolve_within and target.resolve_within.total_seconds(),
            "warnAt": target.warn_at,
        }
        for target in targets
    ]
