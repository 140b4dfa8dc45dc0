"""Who may see a schedule, who may change it, and who may make an override in it."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, true
from sqlalchemy.orm import aliased
from sqlmodel import col, or_, select

from core.db import Transaction
from domain.access import Actor, Role, Scope
from domain.errors import InvalidInput, NotFound, PermissionDenied
from models import Developer, Schedule, Team, TeamMember, TeamProject
from resolvers.developer.sight import developer_in_sight, team_in_sight
from resolvers.resources import Resources
from resolvers.schedule.recording import record_until


def schedule_in_sight(actor: Actor) -> ColumnElement[bool]:
    """The condition that a schedule is of a team in sight, or of none."""
    if actor.project_ids is None:
        return true()
    its_team = select(Team.id).where(col(Team.id) == col(Schedule.team_id), team_in_sight(actor))
    return or_(col(Schedule.team_id).is_(None), its_team.correlate(Schedule).exists())


def may_take_part() -> ColumnElement[bool]:
    """The condition that a developer is one whom the schedule's team sees; in one without a team, anybody.

    Both tables are those of the query around it.
    """
    ours, theirs = aliased(TeamProject), aliased(TeamProject)
    is_member = select(TeamMember.team_id).where(
        col(TeamMember.team_id) == col(Schedule.team_id), col(TeamMember.developer_id) == col(Developer.id)
    )
    shares_project = (
        select(TeamMember.team_id)
        .join(theirs, col(theirs.team_id) == col(TeamMember.team_id))
        .join(ours, col(ours.project_id) == col(theirs.project_id))
        .where(col(TeamMember.developer_id) == col(Developer.id), col(ours.team_id) == col(Schedule.team_id))
    )
    return or_(
        col(Schedule.team_id).is_(None),
        col(Developer.role).in_((Role.OWNER, Role.ADMIN)),
        is_member.correlate(Schedule, Developer).exists(),
        shares_project.correlate(Schedule, Developer).exists(),
    )


async def hold_schedule(res: Resources, tx: Transaction, actor: Actor, schedule_id: UUID) -> Schedule:
    """The schedule, locked, with who was on call until now recorded: what is changed now is of the future alone.

    Raises: NotFound.
    """
    query = select(Schedule).where(Schedule.id == schedule_id, schedule_in_sight(actor))
    schedule = (await tx.session.exec(query.with_for_update(key_share=True))).first()
    if schedule is None:
        raise NotFound("No such schedule.")
    await record_until(tx.session, [schedule], res.clock.now())
    schedule.next_change_at = None  # it may be another after what is changed now
    return schedule


async def require_lead(tx: Transaction, actor: Actor, team_id: UUID | None) -> None:
    """Return if the actor may change what is the team's: as an ADMIN of all projects, or as its lead.

    Raises: PermissionDenied.
    """
    if not _is_admin(actor) and not await _leads(tx, actor, team_id):
        raise PermissionDenied("This needs the scope ADMIN in all projects, or to lead the schedule's team.")


async def require_place(tx: Transaction, actor: Actor, team_id: UUID | None, who: Sequence[UUID | None]) -> None:
    """Return if the actor may make an override with these two, whom it adds and whom it removes.

    People of the team add themselves, in another's place too, and take themselves out; they put in nobody else.

    Raises: PermissionDenied.
    """
    add_id, remove_id = who
    concerns_them = actor.developer_id is not None and actor.developer_id == (add_id or remove_id)
    if concerns_them and await _is_in(tx, actor, team_id):
        return
    await require_lead(tx, actor, team_id)


async def require_people(tx: Transaction, actor: Actor, ids: Collection[UUID | None], path: str) -> None:
    """Return if these are developers in sight.

    Raises: InvalidInput at `path`.
    """
    wanted = {id for id in ids if id is not None}
    query = select(Developer.id).where(col(Developer.id).in_(wanted), developer_in_sight(actor))
    if wanted - set((await tx.session.exec(query)).all()):
        raise InvalidInput("There is no such developer.", (path,))


async def require_team(tx: Transaction, actor: Actor, team_id: UUID | None) -> None:
    """Return if there is that team, or none is meant.

    Raises: InvalidInput.
    """
    query = select(Team.id).where(col(Team.id) == team_id, team_in_sight(actor))
    if team_id is not None and (await tx.session.exec(query)).first() is None:
        raise InvalidInput("There is no such team.", ("teamId",))


def _is_admin(actor: Actor) -> bool:
    return Scope.ADMIN in actor.scopes and actor.project_ids is None


async def _leads(tx: Transaction, actor: Actor, team_id: UUID | None) -> bool:
    if team_id is None or actor.developer_id is None:
        return False
    query = select(Team.id).where(
        col(Team.id) == team_id, col(Team.lead_id) == actor.developer_id, team_in_sight(actor)
    )
    return (await tx.session.exec(query)).first() is not None


async def _is_in(tx: Transaction, actor: Actor, team_id: UUID | None) -> bool:
    query = select(TeamMember.team_id).where(
        col(TeamMember.team_id) == team_id, col(TeamMember.developer_id) == actor.developer_id
    )
    return (await tx.session.exec(query)).first() is not None
