"""How much people have to do: what a night is, and who bears which share."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from domain.zone import instant_of, local_of

WEEK = timedelta(days=7)
NIGHT_FROM, NIGHT_UNTIL = time(22), time(7)
_DAY = timedelta(days=1)


def nights(zone: ZoneInfo, since: datetime, until: datetime) -> list[tuple[datetime, datetime]]:
    """The spans from 22:00 to 07:00 by clocks in the zone that touch the range, oldest first."""
    first = local_of(since, zone).date() - _DAY
    days = [first + n * _DAY for n in range((until - since).days + 4)]
    spans = [
        (
            instant_of(datetime.combine(day, NIGHT_FROM), zone),
            instant_of(datetime.combine(day + _DAY, NIGHT_UNTIL), zone),
        )
        for day in days
    ]
    return [(start, end) for start, end in spans if end > since and start < until]


def utilisation(open_issues: int, max_load: int) -> float:
    """What somebody has as a share of what they may have; who may have none is counted as if it were one."""
    return open_issues / max(max_load, 1)


def shares(counts: Sequence[int]) -> list[float | None]:
    """The share of each in the whole; none where there is nothing to share."""
    total = sum(counts)
    return [count / total if total else None for count in counts]
