"""Where else the messages of an issue's template occur: in which services of which projects in sight."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from core.db import AnySelect
from domain.access import Actor, Scope
from models import Issue, IssueCounter, Pattern, PatternIssue
from resolvers.asked import one_of
from resolvers.resources import Resources
from resolvers.sight import in_sight

MOST_PLACES = 50


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """One service of one project that has other issues of the same template, and what they have had."""

    project_id: UUID
    service: str
    issue_count: int
    event_count: int
    last_seen_at: datetime


async def elsewhere_by_issue_id(res: Resources, actor: Actor, ids: Sequence[UUID]) -> list[list[Elsewhere]]:
    """Where else each issue's template occurs, most events first, at most 50 services; its own service if it has more.

    Patterns are of one project each. Those of several that the actor sees are the same here while their type of error
    and their template are.

    Raises: PermissionDenied.
    """
    actor.require(Scope.READ)
    found: defaultdict[UUID, list[Elsewhere]] = defaultdict(list)
    async with res.db.reading() as session:
        for id, *facts in await session.rows(_others(actor, ids)):
            found[id].append(Elsewhere(*facts))
    return [found[id][:MOST_PLACES] for id in ids]


def _others(actor: Actor, ids: Sequence[UUID]) -> AnySelect:
    link, its, same, other = aliased(PatternIssue), aliased(Pattern), aliased(Pattern), aliased(PatternIssue)
    events = func.sum(col(IssueCounter.event_count))
    query: AnySelect = (
        select(
            col(link.issue_id), col(Issue.project_id), col(Issue.service), func.count(), events,
            func.max(col(IssueCounter.last_seen_at)),
        )
        .select_from(link)
        .join(its, col(its.id) == link.pattern_id)
        .join(same, (col(same.digest) == its.digest) & col(same.merged_into_id).is_(None))
        .join(other, (col(other.pattern_id) == same.id) & (col(other.issue_id) != link.issue_id))
        .join(Issue, (col(Issue.id) == other.issue_id) & col(Issue.merged_into_id).is_(None))
        .join(IssueCounter, col(IssueCounter.issue_id) == Issue.id)
        .where(
            one_of(link.issue_id, ids),
            in_sight(actor, col(its.project_id)),
            in_sight(actor, col(same.project_id)),
        )
        .group_by(col(link.issue_id), col(Issue.project_id), col(Issue.service))
        .order_by(events.desc(), col(Issue.project_id), col(Issue.service))
    )  # fmt: skip
    return query
