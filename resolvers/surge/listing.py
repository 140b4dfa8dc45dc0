"""Which surges there were in a range."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlmodel import col, or_, select

from core.db import ReadSession
from domain.access import Actor
from domain.stats import Coverage, StatsFilter
from models import Issue, Surge
from resolvers.asked import among, asked_projects


async def list_surges(
    session: ReadSession, actor: Actor, filter: StatsFilter, covered: Coverage, *, first: int
) -> Sequence[Surge]:
    """The surges that were under way in the range, newest first; of an issue, with those of issues merged into it.

    Environment and severity are not asked for: a surge is of all of them together.
    """
    query = (
        select(Surge)
        .where(
            col(Surge.project_id).in_(asked_projects(actor, filter.project)),
            col(Surge.began_at) < covered.until,
            or_(col(Surge.ended_at).is_(None), col(Surge.ended_at) >= covered.since),
            *among((col(Surge.service), filter.service)),
            *([_of_issue(filter.issue)] if filter.issue is not None else []),
        )
        .order_by(col(Surge.began_at).desc(), col(Surge.id).desc())
        .limit(first)
    )
    rows: Sequence[Surge] = (await session.exec(query)).all()
    return rows


def _of_issue(issue_id: UUID) -> ColumnElement[bool]:
    return or_(
        col(Surge.issue_id) == issue_id,
        col(Surge.issue_id).in_(select(col(Issue.id)).where(col(Issue.merged_into_id) == issue_id)),
    )
