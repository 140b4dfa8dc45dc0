"""Which escalation policies there are."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlmodel import col, or_, select

from domain.access import Actor, Scope
from models import EscalationPolicy, Team
from resolvers.asked import one_of
from resolvers.developer.sight import team_in_sight
from resolvers.resources import Resources


def policy_in_sight(actor: Actor) -> ColumnElement[bool]:
    """The condition that a policy is of a team in the actor's sight, or of none, and so for everybody."""
    its_team = select(Team.id).where(col(Team.id) == col(EscalationPolicy.team_id), team_in_sight(actor))
    return or_(col(EscalationPolicy.team_id).is_(None), its_team.exists())


async def list_policies(res: Resources, actor: Actor) -> list[EscalationPolicy]:
    """All policies in the actor's sight, by name.

    Raises: PermissionDenied.
    """
    actor.require(Scope.READ)
    query = select(EscalationPolicy).where(policy_in_sight(actor)).order_by(EscalationPolicy.name)
    async with res.db.reading() as session:
        return list((await session.exec(query)).all())


async def policies_by_id(res: Resources, actor: Actor, ids: Sequence[UUID]) -> list[EscalationPolicy | None]:
    """The policy of each id, none where it is out of sight.

    Raises: PermissionDenied.
    """
    actor.require(Scope.READ)
    query = select(EscalationPolicy).where(one_of(EscalationPolicy.id, ids), policy_in_sight(actor))
    async with res.db.reading() as session:
        found = {policy.id: policy for policy in (await session.exec(query)).all()}
    return [found.get(key) for key in ids]
