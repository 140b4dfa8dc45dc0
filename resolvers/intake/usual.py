"""How many events are usual for each project, and from how many on there is a spike."""

from collections import defaultdict
from datetime import datetime, timedelta
from uuid import UUID

from core.db import Database
from core.settings import Settings
from domain.spike import HISTORY_DAYS, hourly_cap

READ_EVERY_S = 600.0
_COUNTS = """
SELECT project_id, hour, sum(event_count)::bigint AS count
  FROM hourly_count
 WHERE hour >= $1 AND hour < $2
 GROUP BY project_id, hour
"""


class Usual:
    """The caps of all projects as they were last read; none where they were not yet."""

    def __init__(self, settings: Settings, db: Database) -> None:
        self._floor = settings.spike_floor_per_hour
        self._factor = settings.spike_factor
        self._db = db
        self._caps: dict[UUID, int] = {}

    def cap(self, project_id: UUID) -> int:
        """How many events an hour are let in; 0 for any number."""
        return self._caps.get(project_id, 0)

    async def read(self, at: datetime) -> None:
        """Look at the last seven days, without the hour that is not over.

        Raises: OSError, asyncpg.PostgresError while PostgreSQL is away.
        """
        if not self._floor:
            return
        hour = at.replace(minute=0, second=0, microsecond=0)
        rows = await self._db.raw.fetch(_COUNTS, hour - timedelta(days=HISTORY_DAYS), hour)
        counts: defaultdict[UUID, dict[datetime, int]] = defaultdict(dict)
        for row in rows:
            counts[row["project_id"]][row["hour"]] = row["count"]
        self._caps = {
            project_id: hourly_cap(hours, floor=self._floor, factor=self._factor)
            for project_id, hours in counts.items()
        }
