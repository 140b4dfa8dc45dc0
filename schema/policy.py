"""How an escalation policy looks from outside, and what can be set of one."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated, Self, TypeAlias
from uuid import UUID

import strawberry

import models
from domain.errors import NotFound as NotFoundError
from domain.notification import Channel
from domain.policy import PolicySettings, Step, Target, TargetKind, read_steps
from resolvers.policy import listing, settings
from schema.argument import Input
from schema.changes import given, given_id
from schema.context import Info
from schema.developer import Developer
from schema.failure import Conflict, InvalidInput, NotFound
from schema.node import ID, Node, read_id, split_id
from schema.schedule import Schedule
from schema.team import Team

EscalationTarget: TypeAlias = Annotated[
    Developer | Schedule | Team,
    strawberry.union(
        "EscalationTarget",
        description="Whom a step tells: one developer, whoever is on call in a schedule, or the members of a team.",
    ),
]
_KINDS = {"Developer": TargetKind.DEVELOPER, "Schedule": TargetKind.SCHEDULE, "Team": TargetKind.TEAM}


@strawberry.type(description="One step of a policy.")
class EscalationStep:
    """One step of a policy."""

    target_list: strawberry.Private[tuple[Target, ...]]

    level: int = strawberry.field(description="How high an alert is that has taken it: 1 for the first.")
    delay: timedelta = strawberry.field(
        description="How long after the step before it; of the first, after the alert began."
    )
    channels: list[Channel] = strawberry.field(
        description="By which channels only; empty for those that each person has chosen."
    )

    @strawberry.field(description="Whom it tells, as far as you may see them.")
    async def targets(self, info: Info) -> list[EscalationTarget]:
        """Whom it tells."""
        return await targets_of(info, self.target_list)


async def targets_of(info: Info, targets: Sequence[Target]) -> list[EscalationTarget]:
    """The targets, as far as the caller may see them."""
    found = [await _target(info, target) for target in targets]
    return [target for target in found if target]


async def _target(info: Info, target: Target) -> Developer | Schedule | Team | None:
    loaders = info.context.loaders
    if target.kind is TargetKind.DEVELOPER:
        developer = await loaders.developer_by_id.load(target.id)
        return Developer.from_row(developer) if developer else None
    if target.kind is TargetKind.SCHEDULE:
        schedule = await loaders.schedule_by_id.load(target.id)
        return Schedule.from_row(schedule) if schedule else None
    team = await loaders.team_by_id.load(target.id)
    return Team.from_row(team) if team else None


@strawberry.type(description="The steps that the alerts of some services climb until somebody acknowledges them.")
class EscalationPolicy(Node):
    """The steps that the alerts of some services climb."""

    team_id: strawberry.Private[UUID | None]

    name: str = strawberry.field(description="The name for people; unique.")
    services: list[str] = strawberry.field(description="For which services; `*` for all that no other policy names.")
    repeat: int = strawberry.field(description="How many times the steps begin anew after the last.")
    steps: list[EscalationStep] = strawberry.field(description="Its steps, first to last.")

    @strawberry.field(description="Whose it is: for alerts of that team's projects only; null for all projects.")
    async def team(self, info: Info) -> Team | None:
        """Whose it is."""
        row = await info.context.loaders.team_by_id.load(self.team_id) if self.team_id else None
        return Team.from_row(row) if row else None

    @classmethod
    def from_row(cls, row: models.EscalationPolicy) -> Self:
        """The policy of a row."""
        steps = [
            EscalationStep(level=level, delay=step.delay, channels=list(step.channels), target_list=step.targets)
            for level, step in enumerate(read_steps(row.steps), start=1)
        ]
        return cls(
            uuid=row.id, team_id=row.team_id, name=row.name, services=row.services, repeat=row.repeat, steps=steps
        )


@strawberry.type
class PolicyQuery:
    """Questions about escalation policies."""

    @strawberry.field(description="Every escalation policy that you may see, by name.")
    async def escalation_policies(self, info: Info) -> list[EscalationPolicy] | None:
        """Every policy in sight."""
        rows = await listing.list_policies(info.context.resources, info.context.actor)
        return [EscalationPolicy.from_row(row) for row in rows]


@strawberry.input(description="One step of a policy.")
class EscalationStepInput:
    """One step of a policy."""

    delay: timedelta = strawberry.field(
        description="How long after the step before it, PT1M to PT150H; of the first, after the alert began, also PT0S."
    )
    targets: list[ID] = strawberry.field(description="Whom it tells: 1 to 20 developers, schedules and teams.")
    channels: list[Channel] = strawberry.field(
        default_factory=list, description="By which channels only; left out, those that each person has chosen."
    )


@strawberry.input(description="A new escalation policy.")
class CreateEscalationPolicyInput:
    """A new escalation policy."""

    name: str = strawberry.field(description="One line of at most 200 characters; no other policy has it.")
    steps: list[EscalationStepInput] = strawberry.field(description="1 to 20 steps, first to last.")
    team_id: ID | None = strawberry.field(
        default=None, description="Whose it is: for alerts of that team's projects only; left out, for all projects."
    )
    services: list[str] = strawberry.field(
        default_factory=list,
        description="For which services, at most 200; `*` for all that no other policy names.",
    )
    repeat: int = strawberry.field(default=0, description="How many times the steps begin anew; from 0 to 9.")


@strawberry.input(description="What is to change of an escalation policy; what is left out stays.")
class UpdateEscalationPolicyInput:
    """What is to change of a policy."""

    policy_id: ID = strawberry.field(description="Which.")
    name: str | None = strawberry.field(default=None, description="One line of at most 200 characters.")
    steps: list[EscalationStepInput] | None = strawberry.field(default=None, description="All steps, first to last.")
    team_id: strawberry.Maybe[ID | None] = strawberry.field(
        default=None, description="Whose it is; null for all projects."
    )
    services: list[str] | None = strawberry.field(default=None, description="All services that it is for.")
    repeat: int | None = strawberry.field(default=None, description="From 0 to 9.")

    def settings(self) -> PolicySettings:
        """What was given."""
        some: PolicySettings = given(
            name=self.name,
            services=self.services,
            repeat=self.repeat,
            steps=None if self.steps is None else _read_steps(self.steps),
        )
        return {**some, **given_id("team_id", self.team_id, "Team", "teamId")}


@strawberry.input(description="Which escalation policy is to go.")
class DeleteEscalationPolicyInput:
    """Which policy is to go."""

    policy_id: ID = strawberry.field(description="Which.")


def _read_steps(inputs: list[EscalationStepInput]) -> list[Step]:
    return [
        Step(
            step.delay,
            tuple(read_targets(step.targets, "steps", str(index), "targets")),
            tuple(dict.fromkeys(step.channels)),
        )
        for index, step in enumerate(inputs)
    ]


def read_targets(ids: Sequence[ID], *path: str) -> list[Target]:
    """The targets of these ids.

    Raises: InvalidInput, NotFound.
    """
    return [_read_target(*split_id(id, *path)) for id in ids]


def _read_target(kind: str, uuid: UUID) -> Target:
    if kind not in _KINDS:
        raise NotFoundError("No such Developer, Schedule or Team.")
    return Target(_KINDS[kind], uuid)


EscalationPolicyResult = Annotated[
    EscalationPolicy | NotFound | InvalidInput | Conflict,
    strawberry.union("EscalationPolicyResult", description="The policy as it is now, or was, or why not."),
]


@strawberry.type
class PolicyMutation:
    """What can be set of escalation policies."""

    @strawberry.mutation(description="Make an escalation policy: alerts that begin from now on climb it. Needs ADMIN.")
    async def create_escalation_policy(
        self, info: Info, input: Input[CreateEscalationPolicyInput]
    ) -> EscalationPolicyResult | None:
        """Make a policy."""
        row = await settings.create_policy(
            info.context.resources,
            info.context.actor,
            name=input.name,
            steps=_read_steps(input.steps),
            team_id=read_id(input.team_id, "Team", "teamId") if input.team_id else None,
            services=input.services,
            repeat=input.repeat,
        )
        return EscalationPolicy.from_row(row)

    @strawberry.mutation(
        description="Change an escalation policy. Alerts that ring already climb it as it was. Needs ADMIN."
    )
    async def update_escalation_policy(
        self, info: Info, input: Input[UpdateEscalationPolicyInput]
    ) -> EscalationPolicyResult | None:
        """Change a policy."""
        id, context = read_id(input.policy_id, "EscalationPolicy", "policyId"), info.context
        row = await settings.update_policy(context.resources, context.actor, policy_id=id, **input.settings())
        return EscalationPolicy.from_row(row)

    @strawberry.mutation(
        description="Take an escalation policy away. Alerts that ring already go on to climb it. Needs ADMIN."
    )
    async def delete_escalation_policy(
        self, info: Info, input: Input[DeleteEscalationPolicyInput]
    ) -> EscalationPolicyResult | None:
        """Take a policy away."""
        id, context = read_id(input.policy_id, "EscalationPolicy", "policyId"), info.context
        row = await settings.delete_policy(context.resources, context.actor, policy_id=id)
        return EscalationPolicy.from_row(row)
