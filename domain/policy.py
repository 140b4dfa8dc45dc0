"""Escalation policies: steps with a delay and targets, which an alert climbs until somebody acknowledges it.

A step comes `delay` after the step before it, the first after the alert began. When the steps are repeated, the first
comes after its own delay or that of the last, whichever is longer.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any, TypedDict
from uuid import UUID

from domain.bounds import SERVICE
from domain.errors import InvalidInput
from domain.event import Severity
from domain.notification import Channel
from domain.text import lines, one_line

MOST_STEPS = 20
MOST_TARGETS = 20
MOST_REPEATS = 9
MOST_SERVICES = 200
LONGEST_DELAY = timedelta(minutes=9_000)
EVERY_SERVICE = "*"
_MINUTE = timedelta(minutes=1)
_USUAL_REPEATS = 9


class TargetKind(StrEnum):
    """What a step may tell."""

    DEVELOPER = "DEVELOPER"
    SCHEDULE = "SCHEDULE"
    TEAM = "TEAM"


@dataclass(frozen=True, slots=True)
class Target:
    """One developer, who is on call in a schedule, or the members of a team."""

    kind: TargetKind
    id: UUID


@dataclass(frozen=True, slots=True)
class Step:
    """Who is told, how long after the step before, and by which channels only, if any are named.

    Without targets it is for the next in line: the manager, the lead of the team, the owner of the project.
    """

    delay: timedelta
    targets: tuple[Target, ...] = ()
    channels: tuple[Channel, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """What one alert climbs: the steps of a policy as they were when the alert began. Levels count from 1."""

    name: str | None
    steps: tuple[Step, ...]
    repeat: int = 0

    @property
    def levels(self) -> int:
        """How high an alert can climb."""
        return len(self.steps) * (self.repeat + 1)

    def step(self, level: int) -> Step:
        """The step that leads to that level."""
        return self.steps[(level - 1) % len(self.steps)]

    def wait(self, level: int) -> timedelta | None:
        """How long an alert rings below that level; none where it is past the end, and nothing more comes.

        One level past the last there is still a wait, for those told last to acknowledge.
        """
        if level > self.levels + 1:
            return None
        delay = self.step(level).delay
        if level > 1 and (level - 1) % len(self.steps) == 0:
            return max(delay, self.steps[-1].delay, _MINUTE)
        return delay


class PolicySettings(TypedDict, total=False):
    """What can be set of a policy; what is left out stays as it is. `services` and `steps` are all of them."""

    name: str
    team_id: UUID | None
    services: list[str]
    repeat: int
    steps: list[Step]


def check_settings(settings: PolicySettings) -> PolicySettings:
    """The settings as they are stored.

    Raises: InvalidInput.
    """
    checked = settings.copy()
    if "name" in settings:
        checked["name"] = one_line(settings["name"], "name")
    if "services" in settings:
        checked["services"] = lines(settings["services"], "services", most=MOST_SERVICES, longest=SERVICE.limit)
    if "repeat" in settings and not 0 <= settings["repeat"] <= MOST_REPEATS:
        raise InvalidInput(f"`repeat` must be from 0 to {MOST_REPEATS}.", ("repeat",))
    if "steps" in settings:
        _check_steps(settings["steps"])
    return checked


def usual_plan(severity: Severity, *, critical_after: timedelta, high_after: timedelta) -> Plan:
    """What an alert climbs for which no policy was made: again and again to the next in line."""
    delay = critical_after if severity is Severity.CRITICAL else high_after
    return Plan(None, (Step(delay),), _USUAL_REPEATS)


def write_steps(steps: Sequence[Step]) -> list[dict[str, Any]]:
    """The steps as JSON."""
    return [
        {
            "delayS": step.delay.total_seconds(),
            "targets": write_targets(step.targets),
            "channels": list(step.channels),
        }
        for step in steps
    ]


def read_steps(values: Sequence[dict[str, Any]]) -> tuple[Step, ...]:
    """The steps that `write_steps` wrote."""
    return tuple(
        Step(
            timedelta(seconds=value["delayS"]),
            read_targets(value["targets"]),
            tuple(map(Channel, value["channels"])),
        )
        for value in values
    )


def write_targets(targets: Sequence[Target]) -> list[dict[str, Any]]:
    """The targets as JSON."""
    return [{"kind": target.kind, "id": str(target.id)} for target in targets]


def read_targets(values: Sequence[dict[str, Any]]) -> tuple[Target, ...]:
    """The targets that `write_targets` wrote."""
    return tuple(Target(TargetKind(value["kind"]), UUID(value["id"])) for value in values)


def write_plan(plan: Plan) -> dict[str, Any]:
    """The plan as JSON."""
    return {"name": plan.name, "repeat": plan.repeat, "steps": write_steps(plan.steps)}


def read_plan(value: dict[str, Any]) -> Plan:
    """The plan that `write_plan` wrote."""
    return Plan(value["name"], read_steps(value["steps"]), value["repeat"])


def _check_steps(steps: Sequence[Step]) -> None:
    if not 1 <= len(steps) <= MOST_STEPS:
        raise InvalidInput(f"`steps` takes 1 to {MOST_STEPS} values.", ("steps",))
    for index, step in enumerate(steps):
        path = ("steps", str(index))
        least = _MINUTE if index else timedelta(0)
        if not least <= step.delay <= LONGEST_DELAY:
            raise InvalidInput(
                "`delay` must be from PT1M to PT150H; that of the first step may be PT0S.", (*path, "delay")
            )
        if not 1 <= len(set(step.targets)) <= MOST_TARGETS:
            raise InvalidInput(f"`targets` takes 1 to {MOST_TARGETS} values.", (*path, "targets"))
