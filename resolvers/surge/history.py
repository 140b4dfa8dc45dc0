"""What services had by the hour: one history for what is found, for what rules say, and for what they would have."""

from collections import defaultdict
from datetime import datetime
from typing import TypeAlias
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlmodel import col

from core.db import ReadSession
from domain.stats import HOUR, floor
from domain.surge import HISTORY, Baseline
from models import HourlyCount

Service: TypeAlias = tuple[UUID, str]


async def read_baselines(
    session: ReadSession, *conditions: ColumnElement[bool], since: datetime
) -> defaultdict[Service, Baseline]:
    """What is usual for each service, by project and name, in windows that begin then or later.

    `conditions` are on the counts by the hour. A service that had nothing is usually quiet.
    """
    query = (
        select(
            col(HourlyCount.project_id),
            col(HourlyCount.service),
            col(HourlyCount.hour),
            func.sum(HourlyCount.event_count),
        )
        .where(col(HourlyCount.hour) >= floor(since, HOUR) - HISTORY, *conditions)
        .group_by(col(HourlyCount.project_id), col(HourlyCount.service), col(HourlyCount.hour))
    )
    counts: defaultdict[Service, dict[datetime, int]] = defaultdict(dict)
    for project_id, service, hour, count in await session.rows(query):
        counts[project_id, service][hour] = int(count)
    return defaultdict(lambda: Baseline({}), {each: Baseline(hours) for each, hours in counts.items()})
