"""When figures are told again to those who watch them, and which minute they are of."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from domain.errors import InvalidInput
from domain.event import Severity
from domain.stats import MINUTE, StatsFilter, floor

SHORTEST, LONGEST, USUAL = timedelta(seconds=1), timedelta(minutes=1), timedelta(seconds=5)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Counted:
    """How many events a minute had of one project, which has that slug, service, environment and severity."""

    project_id: UUID
    project: str
    service: str
    environment: str
    severity: Severity
    count: int


def count_by_severity(
    counted: Iterable[Counted], filter: StatsFilter, sees: Callable[[UUID], bool]
) -> dict[Severity, int]:
    """How many of these events pass the filter, but for its issue, in projects that are in sight; mildest first."""
    found = dict.fromkeys(Severity, 0)
    chosen = filter.project, filter.service, filter.environment, filter.severities
    for each in counted:
        facts = each.project, each.service, each.environment, each.severity
        passes = all(allowed is None or fact in allowed for fact, allowed in zip(facts, chosen, strict=True))
        if passes and sees(each.project_id):
            found[each.severity] += each.count
    return found


def check_every(every: timedelta) -> timedelta:
    """The span between two ticks, if it may be asked for.

    Raises: InvalidInput.
    """
    if not SHORTEST <= every <= LONGEST:
        raise InvalidInput("`every` must be from PT1S to PT1M.", ("every",))
    return every


def beat_of(at: datetime, every: timedelta) -> datetime:
    """When the beat that is at that instant began: beats are the same for all who ask for the same span."""
    return _EPOCH + (at - _EPOCH) // every * every


def last_minute(at: datetime) -> tuple[datetime, datetime]:
    """The last whole UTC minute that was over at that instant: from when until when, itself not included."""
    end = floor(at, MINUTE)
    return end - MINUTE, end
