"""What an alert climbs: a copy of the policy for its service, made when it begins."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import col, or_, select

from core.db import Transaction
from core.settings import Settings
from domain.policy import EVERY_SERVICE, Plan, read_plan, read_steps, usual_plan, write_plan
from models import Alert, EscalationPolicy, Issue, TeamProject
from resolvers.resources import Resources


@dataclass(frozen=True, slots=True)
class Climb:
    """A plan, and the policy that it was copied from, if it was."""

    plan: Plan
    policy_id: UUID | None = None

    def columns(self, at: datetime) -> dict[str, Any]:
        """What an alert that begins at that time stores of it."""
        wait = self.plan.wait(1)
        return {
            "policy_id": self.policy_id,
            "plan": write_plan(self.plan),
            "next_escalation_at": None if wait is None else at + wait,
        }


async def climb_by(res: Resources, tx: Transaction, issue: Issue, policy_ids: Sequence[UUID]) -> Climb:
    """What an alert of the issue is to climb that alert rules call for: the first of these policies that there is.

    Without any it is that of the issue.
    """
    for policy_id in policy_ids:
        policy = await tx.session.get(EscalationPolicy, policy_id)
        if policy is not None:
            return _climb(policy)
    return await climb_of(res, tx, issue)


async def climb_of(res: Resources, tx: Transaction, issue: Issue) -> Climb:
    """What an alert of the issue is to climb.

    The policy of a team that has the project goes before one of nobody's, one that names the service before one for
    every service, the older before the newer; without any it is the usual plan.
    """
    policies = await tx.once(("policies", issue.project_id), lambda: _policies(tx, issue.project_id))
    fit = [one for one in policies if issue.service in one.services or EVERY_SERVICE in one.services]
    found = min(fit, key=lambda one: (one.team_id is None, issue.service not in one.services), default=None)
    if found is None:
        return Climb(usual(res.settings, issue))
    return _climb(found)


def _climb(policy: EscalationPolicy) -> Climb:
    return Climb(Plan(policy.name, read_steps(policy.steps), policy.repeat), policy.id)


async def _policies(tx: Transaction, project_id: UUID) -> Sequence[EscalationPolicy]:
    """Those of the project's teams and of nobody's, the older first."""
    its_teams = select(TeamProject.team_id).where(col(TeamProject.project_id) == project_id)
    team_id = col(EscalationPolicy.team_id)
    query = select(EscalationPolicy).where(or_(team_id.is_(None), team_id.in_(its_teams)))
    return (await tx.session.exec(query.order_by(col(EscalationPolicy.id)))).all()


def usual(settings: Settings, issue: Issue) -> Plan:
    """What its alert climbs without a policy."""
    return usual_plan(
        issue.severity,
        critical_after=timedelta(seconds=settings.escalate_critical_s),
        high_after=timedelta(seconds=settings.escalate_high_s),
    )


def plan_of(settings: Settings, alert: Alert, issue: Issue) -> Plan:
    """What the alert climbs; one that began before there were plans climbs as usual."""
    return read_plan(alert.plan) if alert.plan else usual(settings, issue)
