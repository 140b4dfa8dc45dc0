"""Developers and what belongs to them, for the edges of the graph."""

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func
from sqlalchemy import select as columns
from sqlmodel import col, select

from domain.access import Actor, Scope
from domain.issue import IssueStatus
from models import Developer, DeveloperService, Duty, Issue, TeamMember
from resolvers.asked import one_of
from resolvers.developer.duty import holds_at
from resolvers.developer.on_duty import OnDuty, latest
from resolvers.developer.sight import developer_in_sight
from resolvers.resources import Resources
from resolvers.schedule.present import on_call_now


async def developers_by_id(res: Resources, actor: Actor, ids: Sequence[UUID]) -> list[Developer | None]:
    """The developer of each id, none where out of sight."""
    actor.require(Scope.READ)
    query = select(Developer).where(one_of(Developer.id, ids), developer_in_sight(actor))
    async with res.db.reading() as session:
        found = {developer.id: developer for developer in (await session.exec(query)).all()}
    return [found.get(key) for key in ids]


async def developers_by_team_id(res: Resources, actor: Actor, team_ids: Sequence[UUID]) -> list[list[Developer]]:
    """The members of each team that are in sight, by name."""
    actor.require(Scope.READ)
    query = (
        select(TeamMember.team_id, Developer)
        .join(Developer, col(Developer.id) == col(TeamMember.developer_id))
        .where(one_of(TeamMember.team_id, team_ids), developer_in_sight(actor))
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
        .where(one_of(Developer.id, ids), developer_in_sight(actor))
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
    at = res.clock.now()
    query = (
        columns(col(Developer.id), col(Duty.id), col(Duty.ends_at))
        .outerjoin(Duty, (col(Duty.developer_id) == Developer.id) & holds_at(at))
        .where(one_of(Developer.id, ids), developer_in_sight(actor))
    )
    async with res.db.reading() as session:
        rows = await session.rows(query)
        by_schedule = await on_call_now(session, at, developer_ids={row[0] for row in rows})
    by_hand = [(developer_id, ends_at) for developer_id, duty_id, ends_at in rows if duty_id is not None]
    found = latest([*by_hand, *((one.developer_id, one.until) for one in by_schedule)])
    return [OnDuty(found[key]) if key in found else None for key in ids]


async def loads_by_developer_id(res: Resources, actor: Actor, ids: Sequence[UUID]) -> list[int]:
    """How many unresolved issues each developer in sight has, in all projects: how much a person carries."""
    actor.require(Scope.READ)
    query = (
        columns(col(Issue.assignee_id), func.count())
        .join(Developer, col(Developer.id) == col(Issue.assignee_id))
        .where(
            one_of(Issue.assignee_id, ids),
            col(Issue.status) == IssueStatus.UNRESOLVED,
            col(Issue.merged_into_id).is_(None),
            developer_in_sight(actor),
        )
        .group_by(col(Issue.assignee_id))
    )
    async with res.db.reading() as session:
        found: dict[UUID, int] = {row[0]: row[1] for row in await session.rows(query)}
    return [found.get(key, 0) for key in ids]
