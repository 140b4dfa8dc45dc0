"""How much alike are two issues? What might be one is offered to those who could merge it.

Two issues of the same calls are alike whatever they are called; without calls in common, the same kind of error with
nearly the same words is.
"""

from collections.abc import Collection
from dataclasses import dataclass, field

from domain.grouping import calls_of
from domain.message import parameterise
from domain.report import Report

ENOUGH = 0.4
_CALLS, _WORDS, _TYPE, _PLACE = 0.5, 0.25, 0.15, 0.1


@dataclass(frozen=True, slots=True)
class Likeness:
    """What is compared of an issue: kind, place, the words of its message's template, the calls of its stack."""

    error_type: str
    culprit: str | None
    words: frozenset[str]
    calls: frozenset[tuple[str, str]] = field(default=frozenset())


def likeness(error_type: str, culprit: str | None, message: str, report: Report | None = None) -> Likeness:
    """What is compared of an issue, and of one of its events if there is one."""
    words = frozenset(parameterise(message).lower().split())
    return Likeness(error_type, culprit, words, calls_of(report) if report else frozenset())


def alike(one: Likeness, other: Likeness) -> float:
    """From 0 to 1. Calls are weighed only where both have some; then the rest counts for half."""
    rest = (
        _WORDS * _shared(one.words, other.words)
        + _TYPE * (one.error_type == other.error_type)
        + _PLACE * (one.culprit is not None and one.culprit == other.culprit)
    )
    if one.calls and other.calls:
        return _CALLS * _shared(one.calls, other.calls) + rest
    return rest / (_WORDS + _TYPE + _PLACE)


def _shared(one: Collection[object], other: Collection[object]) -> float:
    """The part of what either has that both have (Jaccard)."""
    either = len({*one, *other})
    return len({*one} & {*other}) / either if either else 0.0
