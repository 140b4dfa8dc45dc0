"""What was turned away, by project, hour and reason: added up in the process until it is written down."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from core.clock import Clock
from core.metrics import DROPPED
from domain.admission import DropReason

# Of different projects, hours and reasons; past it, while PostgreSQL is away, no new ones are kept.
_MOST = 100_000
_AT_ONCE = 5000

Row = tuple[UUID, datetime, DropReason]


class Drops:
    """What this process has turned away and not yet written down."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._counts: Counter[Row] = Counter()

    def add(self, project_id: UUID, reason: DropReason, count: int = 1) -> None:
        """Count so many more."""
        DROPPED.labels(reason).inc(count)
        row = project_id, hour_of(self._clock.now()), reason
        if row in self._counts or len(self._counts) < _MOST:
            self._counts[row] += count

    def take(self) -> list[tuple[Row, int]]:
        """Hand over what was counted, in the order in which all write it down, and count from nothing."""
        taken = sorted(self._counts.items())[:_AT_ONCE]
        for row, _ in taken:
            del self._counts[row]
        return taken

    def put_back(self, taken: Sequence[tuple[Row, int]]) -> None:
        """Count what could not be written down."""
        self._counts.update(dict(taken))


def hour_of(at: datetime) -> datetime:
    """The hour that the instant is in, by its beginning."""
    return at.replace(minute=0, second=0, microsecond=0)
