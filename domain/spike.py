"""How much is too much for a project, judged by its own past? What stops one loop gone wild from drowning the rest.

For each day the busiest hour counts, and of those days the median: one bad day, or a quiet weekend, changes little.
A project without a past has no cap, since nobody knows what is usual for it.
"""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, datetime
from statistics import median

HISTORY_DAYS = 7
FEWEST_DAYS = 3


def hourly_cap(counts: Mapping[datetime, int], *, floor: int, factor: int) -> int:
    """How many events an hour are let in, 0 for any number: `factor` times what its busy hours have, at least `floor`.

    `counts` are the events of whole hours of the last days; hours without any may be missing.
    """
    busiest: defaultdict[date, int] = defaultdict(int)
    for hour, count in counts.items():
        busiest[hour.date()] = max(busiest[hour.date()], count)
    if not floor or len(busiest) < FEWEST_DAYS:
        return 0
    return max(floor, round(factor * median(busiest.values())))
