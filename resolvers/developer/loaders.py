"""Developers and what belongs to them, for the edges of the graph."""

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func
from sqlalchemy import select as columns
from sqlmodel import col, select

from domain.access import Actor, Scope
from domain.issue import IssueStatus
from models import Developer, DeveloperService, Issue, TeamMember
from resolvers.developer.on_duty import OnDuty, ends_of_duty
from resolvers.developer.sight import developer_in_sight
from resolvers.resources import Resources


async def developers_by_id(res: Resources, actor: Actor, ids: Sequence[UUID]) -> list[Developer | None]:
    """The developer of each id, none where out of sight."""
    actor.require(Scope.READ)
    query = select(Developer).where(col(Developer.id).in_(set(ids)), developer_in_sight(actor))
    async with res.db.reading() as session:
        found = {developer.id: developer for developer in (await session.exec(query)).all()}
    return [found.get(key) for key in ids]


async def developers_by_team_id(res: Resources, actor: Actor, team_ids: Sequence[UUID]) -> list[list[Developer]]:
    """The members of each team that are in sight, by name."""
    actor.require(Scope.READ)
    query = (
        select(TeamMember.team_id, Developer)
        .join(Developer, col(Developer.id) == col(TeamMember.developer_id))
        .where(col(TeamMember.team_id).in_(set(team_ids)), developer_in_sight(actor))
        .order_by(col(Developer.name), col(Developer.id))
    )
    found: defaultdict[UUID, list[Developer]] = defaultdict(list)
    async with res.db.reading() as session:
        for team_id, developer in (await session.exec(query)).all():
            found[team_id].append(developer)
    return [found[key] for key in team_ids]


async def services_by_developer_id(res: Resources, actor: Actor, ids: Sequence[UUID]) -> list[list[str]]:
    """The services that each developer in sight knows, sorted."""
    actor.require(Scope.READ)
    query = (
        select(DeveloperService)
        .join(Developer, col(Developer.id) == col(DeveloperService.developer_id))
        .where(col(Developer.id).in_(set(ids)), developer_in_sight(actor))
        .order_by(col(DeveloperService.service))
    )
    found: defaultdict[UUID, list[str]] = defaultdict(list)
    async with res.db.reading() as session:
        for row in (await session.exec(query)).all():
            found[row.developer_id].append(row.service)
    return [found[key] for key in ids]


async def duties_by_developer_id(res: Resources, actor: Actor, ids: Sequence[UUID]) -> list[OnDuty | None]:
    """Until when each developer in sight is on call, by hand or by a schedule; none where they are not."""
    actor.require(Scope.READ)
    query = select(Developer.id).where(col(Developer.id).in_(set(ids)), developer_in_sight(actor))
    async with res.db.reading() as session:
        in_sight = (await session.exec(query)).all()
        found = await ends_of_duty(session, res.clock.now(), developer_ids=in_sight)
    return [OnDuty(found[key]) if key in found else None for key in ids]


async def loads_by_developer_id(res: Resources, actor: Actor, ids: Sequence[UUID]) -> list[int]:
    """How many unresolved issues each developer in sight has, in all projects: how much a person carries."""
    actor.require(Scope.READ)
    query = (
        columns(col(Issue.assignee_id), func.count())
        .join(Developer, col(Developer.id) == col(Issue.assignee_id))
        .where(
            col(Issue.assignee_id).in_(set(ids)),
            col(Issue.status) == IssueStatus.UNRESOLVED,
            col(Issue.merged_into_id).is_(None),
            developer_in_sight(actor),
        )
        .group_by(col(Issue.assignee_id))
    )
    async with res.db.reading() as session:
        found: dict[UUID, int] = {row[0]: row[1] for row in await session.rows(query)}
    return [found.get(key, 0) for key in ids]
