"""How much does a plan allow?"""

from dataclasses import dataclass

from domain.project import Plan


@dataclass(frozen=True, slots=True)
class Purse:
    """What a caller may spend in a minute, what is left of it, and in how many seconds the next minute begins."""

    limit: int
    left: int
    reset_s: int


# How many times what a FREE caller may ask for a PRO caller may.
_PRO_TIMES = 10


def endpoint_limit(plan: Plan, of_free: int) -> int:
    """How many calls a minute a caller of the plan may make, of which a FREE one may make so many; 0 for any number."""
    if plan is Plan.ENTERPRISE:
        return 0
    return of_free * _PRO_TIMES if plan is Plan.PRO else of_free


def hourly_quota(plan: Plan, own: int | None, *, free: int, pro: int) -> int:
    """How many events an hour a project may log; 0 for any number.

    `own` is what is set of the project: all that bounds an ENTERPRISE, and what may make the others' quota smaller.
    """
    bounds = [own or 0, {Plan.FREE: free, Plan.PRO: pro, Plan.ENTERPRISE: 0}[plan]]
    return min((bound for bound in bounds if bound), default=0)
