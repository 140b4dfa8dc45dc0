from datetime import timedelta
from uuid import uuid4

from core.ids import uuid7
from domain.policy import Step, Target, TargetKind, write_steps
from models import Developer, EscalationPolicy, Schedule, Team
from resolvers.resources import Resources


def a_step(minutes: float, *targets: Developer | Schedule | Team, channels: tuple = ()) -> Step:
    """A step that comes after so many minutes."""
    kinds = {Developer: TargetKind.DEVELOPER, Schedule: TargetKind.SCHEDULE, Team: TargetKind.TEAM}
    named = tuple(Target(kinds[type(target)], target.id) for target in targets)
    return Step(timedelta(minutes=minutes), named, channels)


async def make_policy(res: Resources, *steps: Step, **overrides: object) -> EscalationPolicy:
    """A policy for every service."""
    at = res.clock.now()
    values = {
        "id": uuid7(at),
        "name": f"policy-{uuid4().hex[:8]}",
        "services": ["*"],
        "repeat": 0,
        "steps": write_steps(steps),
        "created_at": at,
    }
    async with res.db.transaction() as tx:
        policy = EscalationPolicy(**{**values, **overrides})
        tx.session.add(policy)
    return policy
