"""Whom a step of a policy tells at this moment."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import col, select

from core.db import Transaction
from domain.policy import Step, Target, TargetKind
from models import Developer, Schedule, Team, TeamMember
from resolvers.candidates import may_triage
from resolvers.escalation.line import next_in_line, told_of
from resolvers.issue.hold import Hold
from resolvers.schedule.present import on_call_now


@dataclass(frozen=True, slots=True)
class Told:
    """Somebody whom a step tells, and why it is them."""

    developer: Developer
    why: str


async def people_of(held: Hold, step: Step, *, by: str = "the policy") -> list[Told]:
    """Whom the step tells now, each once, in the order of its targets, as far as they may triage the issue.

    `by` says what names those who are named themselves.
    """
    if not step.targets:
        above = await next_in_line(held, await told_of(held))
        return [Told(above, "you are the next in line")] if above else []
    reasons = await _reasons(held, step.targets, by)
    key = ("fit", held.issue.project_id, frozenset(reasons))
    fit = {one.id: one for one in await held.tx.once(key, lambda: _fit(held, reasons))}
    return [Told(fit[id], why) for id, why in reasons.items() if id in fit]


async def _fit(held: Hold, ids: Collection[UUID]) -> Sequence[Developer]:
    """Those of them who may triage the issue."""
    query = select(Developer).where(col(Developer.id).in_(ids), may_triage(held.issue.project_id))
    return (await held.tx.session.exec(query)).all()


async def _reasons(held: Hold, targets: Collection[Target], by: str) -> Mapping[UUID, str]:
    """Who is meant by the targets, and why."""
    ids = {kind: [target.id for target in targets if target.kind is kind] for kind in TargetKind}
    reasons = dict.fromkeys(ids[TargetKind.DEVELOPER], f"{by} names you")
    schedules, teams = ids[TargetKind.SCHEDULE], ids[TargetKind.TEAM]
    on_call = ("on call in", held.at, *schedules)
    for developer_id, schedule in await held.tx.once(on_call, lambda: _on_call(held, schedules)):
        reasons.setdefault(developer_id, f"you are on call in {schedule}")
    for developer_id, team in await held.tx.once(("members", *teams), lambda: _members(held.tx, teams)):
        reasons.setdefault(developer_id, f"you are in {team}")
    return reasons


async def _on_call(held: Hold, schedule_ids: Collection[UUID]) -> list[tuple[UUID, str]]:
    """Who is on call in these schedules now, and the name of each one's schedule."""
    if not schedule_ids:
        return []
    session = held.tx.session
    found = await on_call_now(session, held.at, schedule_ids=schedule_ids)
    query = select(Schedule.id, Schedule.name).where(col(Schedule.id).in_(schedule_ids))
    names = dict((await session.exec(query)).all())
    return [(one.developer_id, names[one.schedule_id]) for one in found]


async def _members(tx: Transaction, team_ids: Collection[UUID]) -> list[tuple[UUID, str]]:
    """Who is in these teams, and the name of each one's team."""
    if not team_ids:
        return []
    query = (
        select(TeamMember.developer_id, Team.name)
        .join(Team, col(Team.id) == col(TeamMember.team_id))
        .where(col(TeamMember.team_id).in_(team_ids))
        .order_by(col(Team.name), col(TeamMember.developer_id))
    )
    return list((await tx.session.exec(query)).all())
