"""How an override of a schedule looks from outside, and what can be set of one."""

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

import strawberry

import models
from domain.schedule.settings import OverrideSettings
from resolvers.schedule import override
from schema.argument import Input
from schema.changes import given, given_id
from schema.context import Info
from schema.developer import Developer
from schema.failure import Conflict, InvalidInput, NotFound
from schema.node import ID, Node, read_id


@strawberry.type(description="A change of who is on call, from `start` on and before `end`.")
class Override(Node):
    """A change of who is on call."""

    add_id: strawberry.Private[UUID | None]
    remove_id: strawberry.Private[UUID | None]

    start: datetime = strawberry.field(description="From when on.")
    end: datetime = strawberry.field(description="Until just before when.")
    note: str | None = strawberry.field(description="Why.")

    @strawberry.field(
        description="Who is on call; with `remove`, wherever they would be. Null for nobody, or nobody you may see."
    )
    async def add(self, info: Info) -> Developer | None:
        """Who is on call besides."""
        row = await info.context.loaders.developer_by_id.load(self.add_id) if self.add_id else None
        return Developer.from_row(row) if row else None

    @strawberry.field(description="Who is not on call; null for nobody, or nobody you may see.")
    async def remove(self, info: Info) -> Developer | None:
        """Who is not on call."""
        row = await info.context.loaders.developer_by_id.load(self.remove_id) if self.remove_id else None
        return Developer.from_row(row) if row else None

    @classmethod
    def from_row(cls, row: models.ScheduleOverride) -> Self:
        """The override of a row."""
        return cls(
            uuid=row.id, add_id=row.add_id, remove_id=row.remove_id, start=row.starts_at, end=row.ends_at, note=row.note
        )


@strawberry.input(description="A new override.")
class CreateOverrideInput:
    """A new override."""

    schedule_id: ID = strawberry.field(description="In which schedule.")
    start: datetime = strawberry.field(description="From when on; it counts from now on at the earliest.")
    end: datetime = strawberry.field(description="Until just before when: in the future, at most 366 days later.")
    add_id: ID | None = strawberry.field(default=None, description="Who is to be on call.")
    remove_id: ID | None = strawberry.field(
        default=None, description="Who is not to be; with `addId`, that one is on call wherever this one would be."
    )
    note: str | None = strawberry.field(default=None, description="Why: one line of at most 200 characters.")


@strawberry.input(description="What is to change of an override, from now on; what is left out stays.")
class UpdateOverrideInput:
    """What is to change of an override."""

    override_id: ID = strawberry.field(description="Which.")
    start: datetime | None = strawberry.field(default=None, description="From when on.")
    end: datetime | None = strawberry.field(default=None, description="Until just before when: in the future.")
    add_id: strawberry.Maybe[ID | None] = strawberry.field(
        default=None, description="Who is to be on call; null for nobody."
    )
    remove_id: strawberry.Maybe[ID | None] = strawberry.field(
        default=None, description="Who is not to be; null for nobody."
    )
    note: strawberry.Maybe[str | None] = strawberry.field(default=None, description="Why; null for no word.")

    def settings(self) -> OverrideSettings:
        """What was given."""
        some: OverrideSettings = given(starts_at=self.start, ends_at=self.end)
        if self.note is not None:
            some["note"] = self.note.value
        people = {
            **given_id("add_id", self.add_id, "Developer", "addId"),
            **given_id("remove_id", self.remove_id, "Developer", "removeId"),
        }
        return {**some, **people}


@strawberry.input(description="An override that is to go.")
class DeleteOverrideInput:
    """An override that is to go."""

    override_id: ID = strawberry.field(description="Which.")


OverrideResult = Annotated[
    Override | NotFound | InvalidInput | Conflict,
    strawberry.union("OverrideResult", description="The override as it is now, or was, or why not."),
]


@strawberry.type
class OverrideMutation:
    """What can be set of overrides."""

    @strawberry.mutation(
        description="Make an override. People of the schedule's team add themselves, in another's place too, and take "
        "themselves out; its lead, and an ADMIN, do so with anybody."
    )
    async def create_override(self, info: Info, input: Input[CreateOverrideInput]) -> OverrideResult | None:
        """Make an override."""
        row = await override.create_override(
            info.context.resources,
            info.context.actor,
            schedule_id=read_id(input.schedule_id, "Schedule", "scheduleId"),
            starts_at=input.start,
            ends_at=input.end,
            add_id=read_id(input.add_id, "Developer", "addId") if input.add_id else None,
            remove_id=read_id(input.remove_id, "Developer", "removeId") if input.remove_id else None,
            note=input.note,
        )
        return Override.from_row(row)

    @strawberry.mutation(
        description="Change an override that you may make, into one that you may make; what has passed stays recorded."
    )
    async def update_override(self, info: Info, input: Input[UpdateOverrideInput]) -> OverrideResult | None:
        """Change an override."""
        id = read_id(input.override_id, "Override", "overrideId")
        row = await override.update_override(
            info.context.resources, info.context.actor, override_id=id, **input.settings()
        )
        return Override.from_row(row)

    @strawberry.mutation(description="Delete an override that you may make; what has passed stays recorded.")
    async def delete_override(self, info: Info, input: Input[DeleteOverrideInput]) -> OverrideResult | None:
        """Delete an override."""
        id = read_id(input.override_id, "Override", "overrideId")
        row = await override.delete_override(info.context.resources, info.context.actor, override_id=id)
        return Override.from_row(row)
