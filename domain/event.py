"""What an event is: how bad, where it happened in the code, and which ones a caller asks for."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from domain.filters import check_filter
from domain.span import TimeRange


class Severity(StrEnum):
    """How bad it is, mildest first."""

    INFO = "INFO"
    LOW = "LOW"
    MEDIUM = "MEDIUM"
    HIGH = "HIGH"
    CRITICAL = "CRITICAL"

    @property
    def rank(self) -> int:
        """0 for the mildest, growing."""
        return _RANKS[self]

    @classmethod
    def at_least(cls, least: "Severity") -> frozenset["Severity"]:
        """All that are as bad as this one or worse."""
        return frozenset(severity for severity in cls if severity.rank >= least.rank)


_RANKS = {severity: rank for rank, severity in enumerate(Severity)}


def severities(among: tuple[Severity, ...] | None, least: Severity | None) -> frozenset[Severity] | None:
    """Those that are in the list and at least so bad; `None` where neither was given, and all pass."""
    if among is None and least is None:
        return None
    return frozenset(Severity if among is None else among) & Severity.at_least(least or Severity.INFO)


@dataclass(frozen=True, slots=True)
class EventFilter:
    """Which events are asked for: those that pass every part that was given. `project` holds slugs.

    Raises: InvalidInput for a list that is too long, or a text that could not be stored.
    """

    project: tuple[str, ...] | None = None
    service: tuple[str, ...] | None = None
    environment: tuple[str, ...] | None = None
    severity: tuple[Severity, ...] | None = None
    min_severity: Severity | None = None
    release: tuple[str, ...] | None = None
    error_type: tuple[str, ...] | None = None
    issue: tuple[UUID, ...] | None = None
    received: TimeRange | None = None

    def __post_init__(self) -> None:
        check_filter(self)

    @property
    def severities(self) -> frozenset[Severity] | None:
        """The severities that pass; `None` for all."""
        return severities(self.severity, self.min_severity)
