"""Issues, their counters and their environments, for the edges of the graph."""

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from sqlmodel import col, select

from domain.access import Actor, Scope
from models import GroupingKey, Issue, IssueCounter, KeyFacet
from resolvers.asked import one_of
from resolvers.resources import Resources
from resolvers.sight import in_sight

ENVIRONMENT = "environment"


async def issues_by_id(res: Resources, actor: Actor, ids: Sequence[UUID]) -> list[Issue | None]:
    """The issue of each id, none where it is out of sight.

    Raises: PermissionDenied.
    """
    actor.require(Scope.READ)
    async with res.db.reading() as session:
        query = select(Issue).where(one_of(Issue.id, ids), in_sight(actor, col(Issue.project_id)))
        found = {issue.id: issue for issue in (await session.exec(query)).all()}
    return [found.get(id) for id in ids]


async def issues_by_key_id(res: Resources, actor: Actor, key_ids: Sequence[UUID]) -> list[Issue | None]:
    """The issue that each grouping key leads to now, none where it is out of sight.

    Raises: PermissionDenied.
    """
    actor.require(Scope.READ)
    async with res.db.reading() as session:
        query = (
            select(GroupingKey.id, Issue)
            .join(Issue, col(Issue.id) == GroupingKey.issue_id)
            .where(one_of(GroupingKey.id, key_ids), in_sight(actor, col(Issue.project_id)))
        )
        found = dict((await session.exec(query)).all())
    return [found.get(key_id) for key_id in key_ids]


async def counters_by_issue_id(res: Resources, actor: Actor, ids: Sequence[UUID]) -> list[IssueCounter | None]:
    """The counter of each issue, none where it is out of sight.

    Raises: PermissionDenied.
    """
    actor.require(Scope.READ)
    async with res.db.reading() as session:
        query = select(IssueCounter).where(
            one_of(IssueCounter.issue_id, ids), in_sight(actor, col(IssueCounter.project_id))
        )
        found = {counter.issue_id: counter for counter in (await session.exec(query)).all()}
    return [found.get(id) for id in ids]


async def keys_by_issue_id(res: Resources, actor: Actor, ids: Sequence[UUID]) -> list[list[GroupingKey]]:
    """The grouping keys of each issue, oldest first.

    Raises: PermissionDenied.
    """
    actor.require(Scope.READ)
    found: defaultdict[UUID, list[GroupingKey]] = defaultdict(list)
    async with res.db.reading() as session:
        query = (
            select(GroupingKey)
            .where(one_of(GroupingKey.issue_id, ids), in_sight(actor, col(GroupingKey.project_id)))
            .order_by(col(GroupingKey.id))
        )
        for key in (await session.exec(query)).all():
            found[key.issue_id].append(key)
    return [found[id] for id in ids]


async def environments_by_issue_id(res: Resources, actor: Actor, ids: Sequence[UUID]) -> list[list[str]]:
    """The names of the environments that each issue was seen in, sorted.

    Raises: PermissionDenied.
    """
    actor.require(Scope.READ)
    found: defaultdict[UUID, list[str]] = defaultdict(list)
    async with res.db.reading() as session:
        query = (
            select(GroupingKey.issue_id, KeyFacet.value)
            .join(KeyFacet, (col(KeyFacet.project_id) == GroupingKey.project_id) & (KeyFacet.key_id == GroupingKey.id))
            .where(one_of(GroupingKey.issue_id, ids), in_sight(actor, col(GroupingKey.project_id)))
            .where(KeyFacet.kind == ENVIRONMENT)
            .distinct()
        )
        for issue_id, name in (await session.exec(query)).all():
            found[issue_id].append(name)
    return [sorted(found[id]) for id in ids]


async def merged_by_issue_id(res: Resources, actor: Actor, ids: Sequence[UUID]) -> list[list[Issue]]:
    """The issues that were merged into each issue, the latest first.

    Raises: PermissionDenied.
    """
    actor.require(Scope.READ)
    found: defaultdict[UUID | None, list[Issue]] = defaultdict(list)
    async with res.db.reading() as session:
        query = (
            select(Issue)
            .where(one_of(Issue.merged_into_id, ids), in_sight(actor, col(Issue.project_id)))
            .order_by(col(Issue.merged_at).desc(), col(Issue.id))
        )
        for issue in (await session.exec(query)).all():
            found[issue.merged_into_id].append(issue)
    return [found[id] for id in ids]
