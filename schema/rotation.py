"""How a rotation looks from outside, and what can be set of one."""

from datetime import datetime
from typing import Annotated, Self

import strawberry

import models
from domain.schedule.definition import RotationKind
from domain.schedule.settings import RotationSettings
from resolvers.schedule import rotation
from schema.argument import Input
from schema.changes import given, read_ids
from schema.context import Info
from schema.developer import Developer
from schema.failure import Conflict, InvalidInput, NotFound
from schema.node import ID, Node, read_id


@strawberry.type(description="People who take turns in being on call.")
class Rotation(Node):
    """People who take turns in being on call."""

    name: str = strawberry.field(description="The name for people.")
    kind: RotationKind = strawberry.field(description="In what `length` is counted.")
    length: int = strawberry.field(description="How many hours, days, weeks or months a turn lasts.")
    starts_at: datetime = strawberry.field(description="When the first turn begins.")
    active_days: list[int] = strawberry.field(
        description="The days on which it counts, 1 (Monday) to 7 (Sunday); none given: every day."
    )
    active_from: str | None = strawberry.field(
        description="From which time of such a day on it counts, on the schedule's clocks; null: all day."
    )
    active_until: str | None = strawberry.field(
        description="Before which time it counts: of the next day, where it is not after `activeFrom`."
    )

    @strawberry.field(description="Who takes turns, in their order, as far as you may see them.")
    async def participants(self, info: Info) -> list[Developer]:
        """Who takes turns."""
        rows = await info.context.loaders.participants_by_rotation_id.load(self.uuid)
        return [Developer.from_row(row) for row in rows]

    @classmethod
    def from_row(cls, row: models.Rotation) -> Self:
        """The rotation of a row."""
        return cls(
            uuid=row.id,
            name=row.name,
            kind=row.kind,
            length=row.length,
            starts_at=row.starts_at,
            active_days=row.active_days,
            active_from=row.active_from,
            active_until=row.active_until,
        )


@strawberry.input(description="A new rotation.")
class CreateRotationInput:
    """A new rotation."""

    schedule_id: ID = strawberry.field(description="In which schedule, which has at most 10.")
    name: str = strawberry.field(description="One line of at most 200 characters.")
    kind: RotationKind = strawberry.field(description="In what `length` is counted.")
    length: int = strawberry.field(default=1, description="How many of them a turn lasts, from 1 to 1000.")
    starts_at: datetime = strawberry.field(description="When the first turn begins: every hand-off follows from it.")
    participant_ids: list[ID] = strawberry.field(
        description="Who takes turns, in this order, at most 100; one who is in it twice has two turns."
    )
    active_days: list[int] = strawberry.field(
        default_factory=list, description="The days on which it counts, 1 (Monday) to 7 (Sunday); none: every day."
    )
    active_from: str | None = strawberry.field(default=None, description="From which time on it counts: 22:00.")
    active_until: str | None = strawberry.field(
        default=None,
        description="Before which time it counts: 06:00, of the next day where it is not after `activeFrom`.",
    )


@strawberry.input(description="What is to change of a rotation, from now on; what is left out stays.")
class UpdateRotationInput:
    """What is to change of a rotation."""

    rotation_id: ID = strawberry.field(description="Which.")
    name: str | None = strawberry.field(default=None, description="One line of at most 200 characters.")
    kind: RotationKind | None = strawberry.field(default=None, description="In what `length` is counted.")
    length: int | None = strawberry.field(default=None, description="From 1 to 1000.")
    starts_at: datetime | None = strawberry.field(default=None, description="When the first turn begins.")
    participant_ids: list[ID] | None = strawberry.field(
        default=None, description="All who are to take turns, in this order."
    )
    active_days: list[int] | None = strawberry.field(default=None, description="All days on which it is to count.")
    active_from: strawberry.Maybe[str | None] = strawberry.field(
        default=None, description="From which time on it counts; null, as `activeUntil`: all day."
    )
    active_until: strawberry.Maybe[str | None] = strawberry.field(
        default=None, description="Before which time it counts; null, as `activeFrom`: all day."
    )

    def settings(self) -> RotationSettings:
        """What was given."""
        some: RotationSettings = given(
            name=self.name,
            kind=self.kind,
            length=self.length,
            starts_at=self.starts_at,
            active_days=self.active_days,
            participant_ids=read_ids(self.participant_ids, "Developer", "participantIds"),
        )
        if self.active_from is not None:
            some["active_from"] = self.active_from.value
        if self.active_until is not None:
            some["active_until"] = self.active_until.value
        return some


@strawberry.input(description="A rotation that is to go.")
class DeleteRotationInput:
    """A rotation that is to go."""

    rotation_id: ID = strawberry.field(description="Which.")


RotationResult = Annotated[
    Rotation | NotFound | InvalidInput | Conflict,
    strawberry.union("RotationResult", description="The rotation as it is now, or was, or why not."),
]


@strawberry.type
class RotationMutation:
    """What can be set of rotations."""

    @strawberry.mutation(description="Make a rotation. Needs ADMIN, or to lead the schedule's team.")
    async def create_rotation(self, info: Info, input: Input[CreateRotationInput]) -> RotationResult | None:
        """Make a rotation."""
        row = await rotation.create_rotation(
            info.context.resources,
            info.context.actor,
            schedule_id=read_id(input.schedule_id, "Schedule", "scheduleId"),
            name=input.name,
            kind=input.kind,
            length=input.length,
            starts_at=input.starts_at,
            active_days=input.active_days,
            active_from=input.active_from,
            active_until=input.active_until,
            participant_ids=read_ids(input.participant_ids, "Developer", "participantIds"),
        )
        return Rotation.from_row(row)

    @strawberry.mutation(
        description="Change what is set of a rotation, from now on: who was on call stays recorded. Needs ADMIN, or to "
        "lead the schedule's team."
    )
    async def update_rotation(self, info: Info, input: Input[UpdateRotationInput]) -> RotationResult | None:
        """Change what is set of a rotation."""
        id = read_id(input.rotation_id, "Rotation", "rotationId")
        row = await rotation.update_rotation(
            info.context.resources, info.context.actor, rotation_id=id, **input.settings()
        )
        return Rotation.from_row(row)

    @strawberry.mutation(
        description="Delete a rotation; who was on call stays recorded. Needs ADMIN, or to lead the schedule's team."
    )
    async def delete_rotation(self, info: Info, input: Input[DeleteRotationInput]) -> RotationResult | None:
        """Delete a rotation."""
        id = read_id(input.rotation_id, "Rotation", "rotationId")
        row = await rotation.delete_rotation(info.context.resources, info.context.actor, rotation_id=id)
        return Rotation.from_row(row)
