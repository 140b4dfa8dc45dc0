"""What services had by the hour: one history for what is found, for what rules say, and for what they would have."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from typing import TypeAlias
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlmodel import col

from core.db import ReadSession
from domain.stats import HOUR, floor
from domain.surge import HISTORY, Baseline
from models import HourlyCount
from resolvers.asked import among

Service: TypeAlias = tuple[UUID, str]
_NAME = col(HourlyCount.service)


async def read_baselines(
    session: ReadSession, *conditions: ColumnElement[bool], since: datetime, of: Collection[Service] | None = None
) -> defaultdict[Service, Baseline]:
    """What is usual for each service, by project and name, in windows that begin then or later; of these, or of all.

    `conditions` are on the counts by the hour. A service that had nothing is usually quiet.
    """
    # By project and name apart, which are columns of the key: of pairs PostgreSQL makes an OR of as many conditions,
    # and reads every hour of everybody for it. A namesake in another of these projects is read too, and left out.
    these = (
        []
        if of is None
        else among((col(HourlyCount.project_id), {id for id, _ in of}), (_NAME, {name for _, name in of}))
    )
    query = (
        select(
            col(HourlyCount.project_id),
            _NAME,
            col(HourlyCount.hour),
            func.sum(HourlyCount.event_count),
        )
        .where(col(HourlyCount.hour) >= floor(since, HOUR) - HISTORY, *conditions, *these)
        .group_by(col(HourlyCount.project_id), _NAME, col(HourlyCount.hour))
    )
    counts: defaultdict[Service, dict[datetime, int]] = defaultdict(dict)
    for project_id, service, hour, count in await session.rows(query):
        if of is None or (project_id, service) in of:
            counts[project_id, service][hour] = int(count)
    return defaultdict(lambda: Baseline({}), {each: Baseline(hours) for each, hours in counts.items()})
