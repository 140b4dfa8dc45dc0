"""Which people a caller may see: themselves, those who share a project, and those who answer for everything."""

from sqlalchemy import ColumnElement, true
from sqlmodel import and_, col, or_, select

from domain.access import Actor, Role
from models import Developer, Team, TeamMember, TeamProject
from resolvers.sight import in_sight

_ANSWER_FOR_ALL = (Role.OWNER, Role.ADMIN)


def team_in_sight(actor: Actor) -> ColumnElement[bool]:
    """The condition that a team has a project in the actor's sight, or is the actor's own and has none yet."""
    if actor.project_ids is None:
        return true()
    # Only the team is that of the query around it, also where that one reads members too.
    has_project = select(TeamProject.team_id).where(col(TeamProject.team_id) == col(Team.id)).correlate(Team)
    is_member = (
        select(TeamMember.team_id)
        .where(col(TeamMember.team_id) == col(Team.id), col(TeamMember.developer_id) == actor.developer_id)
        .correlate(Team)
    )
    return or_(
        has_project.where(in_sight(actor, col(TeamProject.project_id))).exists(),
        and_(is_member.exists(), ~has_project.exists()),
    )


def developer_in_sight(actor: Actor) -> ColumnElement[bool]:
    """The condition that a developer is the actor's own, in a team in sight, or one who answers for everything."""
    if actor.project_ids is None:
        return true()
    shares_team = (
        select(TeamMember.developer_id)
        .join(Team, col(Team.id) == col(TeamMember.team_id))
        .where(col(TeamMember.developer_id) == col(Developer.id), team_in_sight(actor))
        .exists()
    )
    return or_(
        col(Developer.id) == actor.developer_id,
        col(Developer.role).in_(_ANSWER_FOR_ALL),
        shares_team,
    )
