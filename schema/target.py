"""How response targets look from outside, and how they are set."""

from datetime import timedelta
from typing import Annotated, Self

import strawberry

from domain import target
from domain.event import Severity
from resolvers.target import holding, settings
from schema.argument import Input
from schema.context import Info
from schema.failure import InvalidInput, NotFound
from schema.node import ID, read_id


@strawberry.type(description="Within which time issues of a severity are to be dealt with.")
class ResponseTarget:
    """Within which time issues of a severity are to be dealt with."""

    severity: Severity = strawberry.field(description="For which issues.")
    acknowledge_within: timedelta | None = strawberry.field(description="In which time somebody is to acknowledge it.")
    resolve_within: timedelta | None = strawberry.field(description="In which time it is to be resolved.")
    warn_at: float = strawberry.field(description="At which share of the time somebody is warned.")

    @classmethod
    def from_target(cls, found: target.Target) -> Self:
        """The target of the domain."""
        return cls(
            severity=found.severity,
            acknowledge_within=found.acknowledge_within,
            resolve_within=found.resolve_within,
            warn_at=found.warn_at,
        )


@strawberry.type(description="Response targets, the worst severity first.")
class ResponseTargets:
    """Response targets."""

    targets: list[ResponseTarget] = strawberry.field(description="One for each severity that has one.")

    @classmethod
    def of(cls, found: list[target.Target]) -> Self:
        """The targets of the domain."""
        return cls(targets=[ResponseTarget.from_target(each) for each in found])


@strawberry.type
class TargetQuery:
    """Questions about response targets."""

    @strawberry.field(description="The targets that hold in a project, or for all that have none of their own.")
    async def response_targets(
        self, info: Info, project: Annotated[str | None, strawberry.argument(description="A slug.")] = None
    ) -> ResponseTargets | None:
        """The targets that hold."""
        found = await holding.list_targets(info.context.resources, info.context.actor, project=project)
        return ResponseTargets.of(found)


@strawberry.input(description="Within which time issues of a severity are to be dealt with: one time, or both.")
class ResponseTargetInput:
    """Within which time issues of a severity are to be dealt with."""

    severity: Severity = strawberry.field(description="For which issues; each once.")
    acknowledge_within: timedelta | None = strawberry.field(
        default=None, description="In which time somebody is to acknowledge it, PT1M to P366D; left out, in any."
    )
    resolve_within: timedelta | None = strawberry.field(
        default=None, description="In which time it is to be resolved, PT1M to P366D; left out, in any."
    )
    warn_at: float = strawberry.field(
        default=target.USUAL_WARN_AT,
        description="At which share of the time somebody is warned, above 0 and at most 1.",
    )


@strawberry.input(description="All response targets of a project, or of the installation.")
class SetResponseTargetsInput:
    """All response targets of a project, or of the installation."""

    targets: list[ResponseTargetInput] = strawberry.field(description="All of them; none to take them away.")
    project_id: ID | None = strawberry.field(
        default=None, description="Whose; left out, of all projects that have none of their own for that severity."
    )


ResponseTargetsResult = Annotated[
    ResponseTargets | NotFound | InvalidInput,
    strawberry.union("ResponseTargetsResult", description="The targets as they are set now, or why not."),
]


@strawberry.type
class TargetMutation:
    """What can be set of response targets."""

    @strawberry.mutation(
        description="Set within which time issues are to be acknowledged and resolved, by severity, of a project or of"
        " all. Whose an issue is, or who is on call, is warned before its time is over. Needs ADMIN."
    )
    async def set_response_targets(
        self, info: Info, input: Input[SetResponseTargetsInput]
    ) -> ResponseTargetsResult | None:
        """Set response targets."""
        found = await settings.set_response_targets(
            info.context.resources,
            info.context.actor,
            project_id=read_id(input.project_id, "Project", "projectId") if input.project_id else None,
            targets=[
                target.Target(each.severity, each.acknowledge_within, each.resolve_within, each.warn_at)
                for each in input.targets
            ],
        )
        return ResponseTargets.of(found)
