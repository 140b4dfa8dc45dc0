"""What services had by the hour: one history for what is found, for what rules say, and for what they would have."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from typing import TypeAlias
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlmodel import col

from core.db import AnySelect, ReadSession
from domain.stats import DAY, HOUR, floor
from domain.surge import HISTORY, Baseline
from models import DayCount
from resolvers.asked import among
from resolvers.rollups import each_hour, sums_of_hours

Service: TypeAlias = tuple[UUID, str]
_NAME = col(DayCount.service)


async def read_baselines(
    session: ReadSession, *conditions: ColumnElement[bool], since: datetime, of: Collection[Service] | None = None
) -> defaultdict[Service, Baseline]:
    """What is usual for each service, by project and name, in windows that begin then or later; of these, or of all.

    `conditions` are on the counts by the UTC day. A service that had nothing is usually quiet.
    """
    # By project and name apart, which are columns of the key: of pairs PostgreSQL makes an OR of as many conditions,
    # and reads every day of everybody for it. A namesake in another of these projects is read too, and left out.
    these = (
        [] if of is None else among((col(DayCount.project_id), {id for id, _ in of}), (_NAME, {name for _, name in of}))
    )
    first = floor(since, HOUR) - HISTORY
    by = col(DayCount.project_id), _NAME, col(DayCount.day)
    query: AnySelect = select(*by, *sums_of_hours())
    query = query.where(col(DayCount.day) >= floor(first, DAY).date(), *conditions, *these).group_by(*by)
    counts: defaultdict[Service, dict[datetime, int]] = defaultdict(dict)
    for project_id, service, day, *of_hours in await session.rows(query):
        if of is None or (project_id, service) in of:
            counts[project_id, service].update(each_hour(day, of_hours))
    return defaultdict(lambda: Baseline({}), {each: Baseline(hours) for each, hours in counts.items()})
