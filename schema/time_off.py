"""How a time off looks from outside, and what can be set of one."""

from datetime import datetime
from typing import Annotated, Self

import strawberry

import models
from domain.time_off import TimeOffSettings
from resolvers.developer import time_off
from schema.argument import Input
from schema.changes import given
from schema.context import Info
from schema.failure import Conflict, InvalidInput, NotFound
from schema.node import ID, Node, read_id


@strawberry.type(
    description="A span in which somebody is off, from `start` on and before `end`: routing gives them nothing."
)
class TimeOff(Node):
    """A span in which somebody is off."""

    start: datetime = strawberry.field(description="From when on.")
    end: datetime = strawberry.field(description="Until just before when.")

    @classmethod
    def from_row(cls, row: models.TimeOff) -> Self:
        """The time off of a row."""
        return cls(uuid=row.id, start=row.starts_at, end=row.ends_at)


@strawberry.input(description="A new time off.")
class CreateTimeOffInput:
    """A new time off."""

    start: datetime = strawberry.field(description="From when on.")
    end: datetime = strawberry.field(description="Until just before when: in the future, at most 366 days later.")
    developer_id: ID | None = strawberry.field(default=None, description="Whose; left out, yours. Needs ADMIN.")


@strawberry.input(description="What is to change of a time off; what is left out stays.")
class UpdateTimeOffInput:
    """What is to change of a time off."""

    time_off_id: ID = strawberry.field(description="Which.")
    start: datetime | None = strawberry.field(default=None, description="From when on.")
    end: datetime | None = strawberry.field(default=None, description="Until just before when.")

    def settings(self) -> TimeOffSettings:
        """What was given."""
        settings: TimeOffSettings = given(starts_at=self.start, ends_at=self.end)
        return settings


@strawberry.input(description="A time off that is to go.")
class DeleteTimeOffInput:
    """A time off that is to go."""

    time_off_id: ID = strawberry.field(description="Which.")


CreateTimeOffResult = Annotated[
    TimeOff | NotFound | InvalidInput | Conflict,
    strawberry.union("CreateTimeOffResult", description="The time off, or why not."),
]
TimeOffResult = Annotated[
    TimeOff | NotFound | InvalidInput,
    strawberry.union("TimeOffResult", description="The time off as it is now, or was, or why not."),
]


@strawberry.type
class TimeOffMutation:
    """What can be set of times off."""

    @strawberry.mutation(description="Say when you are off, or as ADMIN when somebody is.")
    async def create_time_off(self, info: Info, input: Input[CreateTimeOffInput]) -> CreateTimeOffResult | None:
        """Say when somebody is off."""
        row = await time_off.create_time_off(
            info.context.resources,
            info.context.actor,
            starts_at=input.start,
            ends_at=input.end,
            developer_id=read_id(input.developer_id, "Developer", "developerId") if input.developer_id else None,
        )
        return TimeOff.from_row(row)

    @strawberry.mutation(description="Change a time off of yours, or as ADMIN of anybody.")
    async def update_time_off(self, info: Info, input: Input[UpdateTimeOffInput]) -> TimeOffResult | None:
        """Change a time off."""
        id = read_id(input.time_off_id, "TimeOff", "timeOffId")
        row = await time_off.update_time_off(
            info.context.resources, info.context.actor, time_off_id=id, **input.settings()
        )
        return TimeOff.from_row(row)

    @strawberry.mutation(description="Delete a time off of yours, or as ADMIN of anybody.")
    async def delete_time_off(self, info: Info, input: Input[DeleteTimeOffInput]) -> TimeOffResult | None:
        """Delete a time off."""
        id = read_id(input.time_off_id, "TimeOff", "timeOffId")
        row = await time_off.delete_time_off(info.context.resources, info.context.actor, time_off_id=id)
        return TimeOff.from_row(row)
