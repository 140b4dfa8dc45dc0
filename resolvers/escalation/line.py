"""Who stands above whom, where no policy says it: the manager, the lead of the team, who answers for the project."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from uuid import UUID

from sqlmodel import col, select

from core.db import Transaction
from domain.escalation import next_up
from models import Developer, Escalation, Team
from resolvers.candidates import may_triage
from resolvers.issue.hold import Hold
from resolvers.routing import fallback_owner

_TOLD = "told"


async def told_of(held: Hold) -> list[UUID]:
    """Who has been told of the alert, in order: whose the issue is, then all to whom the alert has climbed."""
    told = [held.issue.assignee_id] if held.issue.assignee_id else []
    if held.alert is not None:
        if (_TOLD, held.alert.id) not in held.tx.memory:
            await warm_told(held.tx, [held.alert.id])
        told.extend(held.tx.memory[_TOLD, held.alert.id])
    return told


async def warm_told(tx: Transaction, alert_ids: Collection[UUID]) -> None:
    """Leave known to the transaction to whom each of these alerts has climbed, in order."""
    told: defaultdict[UUID, list[UUID]] = defaultdict(list)
    query = select(Escalation.alert_id, Escalation.to_ids).where(col(Escalation.alert_id).in_(alert_ids))
    for alert_id, ids in (await tx.session.exec(query.order_by(col(Escalation.id)))).all():
        told[alert_id].extend(ids)
    for alert_id in alert_ids:
        tx.memory[_TOLD, alert_id] = told[alert_id]


def note_told(tx: Transaction, alert_id: UUID, ids: Sequence[UUID]) -> None:
    """Leave known to the transaction, if it knows of the alert, that these were told now."""
    if (_TOLD, alert_id) in tx.memory:
        tx.memory[_TOLD, alert_id] = [*tx.memory[_TOLD, alert_id], *ids]


async def next_in_line(held: Hold, told: Sequence[UUID]) -> Developer | None:
    """Who is above the one who was told last, and was not told yet; when all were, the last; none in an empty line."""
    line = await _line(held, told[-1] if told else None)
    passed = [*told, held.actor.developer_id] if held.actor.developer_id else told
    chosen = next_up(list(line), passed)
    return line[chosen] if chosen else None


async def _line(held: Hold, below: UUID | None) -> dict[UUID, Developer]:
    """Who stands above that person, nearest first, as far as they may triage the issue."""
    session, project_id = held.tx.session, held.issue.project_id
    manager = (await session.exec(select(Developer.manager_id).where(Developer.id == below))).first()
    lead = (await session.exec(select(Team.lead_id).where(Team.id == held.issue.team_id))).first()
    owner = await fallback_owner(held.tx, project_id=project_id)
    above = [key for key in (manager, lead, owner.id if owner else None) if key is not None]
    query = select(Developer).where(col(Developer.id).in_(above), may_triage(project_id))
    fit = {developer.id: developer for developer in (await session.exec(query)).all()}
    return {key: fit[key] for key in above if key in fit}
