"""What rules of grouping would change, before they are set."""

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

import strawberry

from resolvers.project import dry_run
from schema.context import Info
from schema.issue import Issue
from schema.node import present
from schema.rules import GroupingRulesInput


@strawberry.type(description="Events of one issue that would be in another one.")
class GroupingMove:
    """Events of one issue that would be in another one."""

    from_id: strawberry.Private[UUID]
    to_id: strawberry.Private[UUID | None]

    new_issue: int | None = strawberry.field(
        description="The number of the new issue that they would be in, from 1; null where `to` says which it is."
    )
    events: int = strawberry.field(description="How many events.")

    @strawberry.field(name="from", description="The issue that they are in.")
    async def from_(self, info: Info) -> Issue:
        """The issue that they are in."""
        return Issue.from_row(present(await info.context.loaders.issue_by_id.load(self.from_id)))

    @strawberry.field(description="The issue that they would be in; null for a new one.")
    async def to(self, info: Info) -> Issue | None:
        """The issue that they would be in."""
        row = await info.context.loaders.issue_by_id.load(self.to_id) if self.to_id else None
        return Issue.from_row(row) if row else None


@strawberry.type(description="Which events rules would have led to another issue. Nothing is changed by asking.")
class GroupingRulesDryRun:
    """Which events rules would have led to another issue."""

    examined: int = strawberry.field(description="How many events were looked at: the newest, at most 1,000.")
    since: datetime = strawberry.field(description="All events that were received since then were looked at.")
    is_cut: bool = strawberry.field(description="Whether there may be older ones of the last week.")
    moving: int = strawberry.field(description="How many of them would be in another issue.")
    moves: list[GroupingMove] = strawberry.field(description="From which issue to which, most events first.")

    @classmethod
    def from_result(cls, found: dry_run.DryRun) -> Self:
        """The result as it was found."""
        return cls(
            examined=found.examined,
            since=found.since,
            is_cut=found.is_cut,
            moving=sum(move.events for move in found.moves),
            moves=[
                GroupingMove(from_id=move.from_id, to_id=move.to_id, new_issue=move.new_number, events=move.events)
                for move in found.moves
            ],
        )


@strawberry.type
class DryRunQuery:
    """Questions about what would be."""

    @strawberry.field(
        description="What these rules of grouping, instead of those that are set, would have changed for the events of"
        " the last week; null where you see no such project."
    )
    async def grouping_rules_dry_run(
        self,
        info: Info,
        project: Annotated[str, strawberry.argument(description="A project's `slug`.")],
        rules: Annotated[GroupingRulesInput, strawberry.argument(description="All rules that it would have.")],
    ) -> GroupingRulesDryRun | None:
        """What these rules would have changed."""
        found = await dry_run.try_grouping_rules(
            info.context.resources, info.context.actor, project=project, rules=rules.to_domain()
        )
        return GroupingRulesDryRun.from_result(found) if found else None
