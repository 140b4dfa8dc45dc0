"""Which events outlive their time, and where the line is between those that stay and those that go."""

from datetime import date, timedelta
from enum import StrEnum

from domain.errors import InvalidInput

# docs: so many releases of an issue's key keep their first event; older releases lose theirs.
MOST_RELEASES = 20
FEWEST_EVENTS, MOST_EVENTS = 1_000, 10_000_000


class Telling(StrEnum):
    """What an event tells that no other one of its grouping key does."""

    FIRST = "FIRST"
    RELEASE = "RELEASE"
    LAST = "LAST"


def oldest_day(today: date, retention_days: int) -> date:
    """The first day whose events are kept."""
    return today - timedelta(days=retention_days)


def check_max_events(count: int | None) -> int | None:
    """The bound on how many events a project keeps; none for as many as its time allows.

    Raises: InvalidInput.
    """
    if count is not None and not FEWEST_EVENTS <= count <= MOST_EVENTS:
        raise InvalidInput(f"`maxEvents` must be from {FEWEST_EVENTS:,} to {MOST_EVENTS:,}.", ("maxEvents",))
    return count
