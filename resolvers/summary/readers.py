"""Who is to get a summary now: in whose zone the morning has come, and who was not told of that day yet."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import col, select

from domain.summary import Morning, due_morning
from models import Developer
from resolvers.resources import Resources

_DUE = """
SELECT developer.id, developer.timezone
  FROM developer
  JOIN unnest($1::text[], $2::date[], $3::timestamptz[]) AS morning (timezone, day, due_at) USING (timezone)
 WHERE developer.created_at <= morning.due_at
   AND NOT EXISTS (SELECT FROM daily_summary AS told WHERE told.developer_id = developer.id AND told.day = morning.day)
 ORDER BY morning.due_at, developer.id
"""


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody whose summary is due, where they live, and which morning it is there."""

    developer_id: UUID
    zone: ZoneInfo
    morning: Morning


async def due_readers(res: Resources) -> list[Reader]:
    """Whose summary is due and not written, those who wait longest first."""
    mornings = await _mornings(res)
    days = [morning.day for morning in mornings.values()]
    times = [morning.due_at for morning in mornings.values()]
    rows = await res.db.raw.fetch(_DUE, list(mornings), days, times)
    return [Reader(row["id"], ZoneInfo(row["timezone"]), mornings[row["timezone"]]) for row in rows]


async def _mornings(res: Resources) -> Mapping[str, Morning]:
    """The morning that has come in each zone where somebody lives."""
    clock, now = time.fromisoformat(res.settings.summary_at), res.clock.now()
    async with res.db.reading() as session:
        names = (await session.exec(select(col(Developer.timezone)).distinct())).all()
    found = {name: due_morning(ZoneInfo(name), clock, now) for name in names}
    return {name: morning for name, morning in found.items() if morning is not None}
