"""How a schedule looks from outside, and what can be set of one."""

from datetime import datetime, timedelta
from typing import Annotated, Self, TypeAlias
from uuid import UUID

import strawberry

import models
from domain.schedule.settings import ScheduleSettings
from domain.schedule.shifts import gaps
from resolvers.schedule import listing, settings
from resolvers.schedule.shifts import ask_span, list_on_call
from schema.argument import Input
from schema.changes import given, given_id
from schema.context import Info
from schema.developer import Developer
from schema.failure import Conflict, InvalidInput, NotFound
from schema.imported import ImportedCalendar
from schema.node import ID, Node, read_id
from schema.override import Override
from schema.rotation import Rotation
from schema.shift import Shift
from schema.team import Team

From: TypeAlias = Annotated[datetime, strawberry.argument(name="from", description="From when on.")]
To: TypeAlias = Annotated[
    datetime, strawberry.argument(description="Until just before when, at most 366 days after `from`.")
]
At: TypeAlias = Annotated[datetime | None, strawberry.argument(description="At which instant; left out: now.")]


@strawberry.type(description="Who is on call when.")
class Schedule(Node):
    """Who is on call when."""

    team_id: strawberry.Private[UUID | None]

    name: str = strawberry.field(description="The name for people; unique.")
    timezone: str = strawberry.field(description="Whose clocks its hand-offs and active hours follow: Europe/Berlin.")
    services: list[str] = strawberry.field(
        description="The services that it is for, none: all. Who is on call for one that it names counts as knowing it."
    )

    notify_handoff: bool = strawberry.field(description="Whether people are told when they come on call, and go.")
    notify_ahead: timedelta | None = strawberry.field(
        description="How long before they come on call they are told besides; null: only when they do."
    )
    has_calendar_url: bool = strawberry.field(description="Whether calendar programs can read it at a secret address.")

    @strawberry.field(description="Whose it is; null where it is everybody's, or nobody's you may see.")
    async def team(self, info: Info) -> Team | None:
        """Whose it is."""
        row = await info.context.loaders.team_by_id.load(self.team_id) if self.team_id else None
        return Team.from_row(row) if row else None

    @strawberry.field(
        description="Its rotations, oldest first: whoever has their turn in one that is active is on call."
    )
    async def rotations(self, info: Info) -> list[Rotation]:
        """Its rotations."""
        rows = await info.context.loaders.rotations_by_schedule_id.load(self.uuid)
        return [Rotation.from_row(row) for row in rows]

    @strawberry.field(
        description="The calendars from which it takes shifts, the first first: as from one more rotation."
    )
    async def imported_calendars(self, info: Info) -> list[ImportedCalendar]:
        """The calendars from which it takes shifts."""
        rows = await info.context.loaders.imported_calendars_by_schedule_id.load(self.uuid)
        return [ImportedCalendar.from_row(row) for row in rows]

    @strawberry.field(description="Its overrides that touch the span, by their start.")
    async def overrides(self, info: Info, since: From, to: To) -> list[Override]:
        """Its overrides that touch the span."""
        rows = await info.context.loaders.overrides_by_asked.load(ask_span(self.uuid, since, to))
        return [Override.from_row(row) for row in rows]

    @strawberry.field(description="Who is on call by it, as far as you may see them.")
    async def on_call(self, info: Info, at: At = None) -> list[Developer]:
        """Who is on call by it."""
        held = await info.context.loaders.holding_by_moment.load((self.uuid, at))
        rows = await info.context.loaders.developer_by_id.load_many([one.developer_id for one in held])
        return [Developer.from_row(row) for row in rows if row]

    @strawberry.field(
        description="Who is on call in a span, cut at its ends, by start: what has passed as recorded, the rest as it "
        "is planned."
    )
    async def shifts(self, info: Info, since: From, to: To) -> list[Shift]:
        """Who is on call in a span."""
        rows = await info.context.loaders.shifts_by_asked.load(ask_span(self.uuid, since, to))
        return [Shift.from_row(row) for row in rows]

    @strawberry.field(description="When nobody is on call in a span, cut at its ends.")
    async def gaps(self, info: Info, since: From, to: To) -> list[Shift]:
        """When nobody is on call in a span."""
        asked = ask_span(self.uuid, since, to)
        rows = await info.context.loaders.shifts_by_asked.load(asked)
        return [Shift.from_gap(gap) for gap in gaps(rows, asked.since, asked.until)]

    @strawberry.field(
        description="The parts of its shifts in a span in which whoever has them is off: they want an override."
    )
    async def shifts_in_time_off(self, info: Info, since: From, to: To) -> list[Shift]:
        """The shifts in which whoever has them is off."""
        rows = await info.context.loaders.shifts_in_time_off_by_asked.load(ask_span(self.uuid, since, to))
        return [Shift.from_row(row) for row in rows]

    @classmethod
    def from_row(cls, row: models.Schedule) -> Self:
        """The schedule of a row."""
        return cls(
            uuid=row.id,
            team_id=row.team_id,
            name=row.name,
            timezone=row.timezone,
            services=row.services,
            notify_handoff=row.notify_handoff,
            notify_ahead=None if row.handoff_ahead_s is None else timedelta(seconds=row.handoff_ahead_s),
            has_calendar_url=row.calendar_digest is not None,
        )


@strawberry.type
class ScheduleQuery:
    """Questions about schedules."""

    @strawberry.field(
        description="Every schedule that you may see, by name: those of your teams, and those of no team."
    )
    async def schedules(self, info: Info) -> list[Schedule] | None:
        """Every schedule in sight."""
        rows = await listing.list_schedules(info.context.resources, info.context.actor)
        return [Schedule.from_row(row) for row in rows]

    @strawberry.field(description="The schedule of that id; null where you see none.")
    async def schedule(
        self, info: Info, id: Annotated[ID, strawberry.argument(description="A schedule's `id`.")]
    ) -> Schedule | None:
        """The schedule of that id."""
        row = await listing.find_schedule(
            info.context.resources, info.context.actor, schedule_id=read_id(id, "Schedule")
        )
        return Schedule.from_row(row) if row else None

    @strawberry.field(
        description="Who is on call, by the schedules that you may see and by hand, each shift whole, by start."
    )
    async def on_call(
        self,
        info: Info,
        service: Annotated[
            str | None,
            strawberry.argument(description="Only by schedules that are for this service, and by hand who knows it."),
        ] = None,
        at: At = None,
    ) -> list[Shift] | None:
        """Who is on call."""
        rows = await list_on_call(info.context.resources, info.context.actor, service=service, at=at)
        return [Shift.from_row(row) for row in rows]


@strawberry.input(description="A new schedule.")
class CreateScheduleInput:
    """A new schedule."""

    name: str = strawberry.field(description="One line of at most 200 characters; no other schedule has it.")
    timezone: str = strawberry.field(default="UTC", description="A name of the IANA database, such as Europe/Berlin.")
    services: list[str] = strawberry.field(
        default_factory=list, description="The services that it is for, at most 200; none: all."
    )
    team_id: ID | None = strawberry.field(default=None, description="Whose it is; left out, everybody sees it.")
    notify_handoff: bool = strawberry.field(
        default=True, description="Whether people are told when they come on call, and go."
    )
    notify_ahead: timedelta | None = strawberry.field(
        default=None, description="How long before they come on call they are told besides: a minute to seven days."
    )


@strawberry.input(description="What is to change of a schedule, from now on; what is left out stays.")
class UpdateScheduleInput:
    """What is to change of a schedule."""

    schedule_id: ID = strawberry.field(description="Which.")
    name: str | None = strawberry.field(default=None, description="One line of at most 200 characters.")
    timezone: str | None = strawberry.field(default=None, description="A name of the IANA database.")
    services: list[str] | None = strawberry.field(default=None, description="All services that it is for; none: all.")
    team_id: strawberry.Maybe[ID | None] = strawberry.field(
        default=None, description="Whose it is; null for nobody's: everybody sees it."
    )
    notify_handoff: bool | None = strawberry.field(
        default=None, description="Whether people are told when they come on call, and go."
    )
    notify_ahead: strawberry.Maybe[timedelta | None] = strawberry.field(
        default=None, description="How long before they come on call they are told besides; null: only when they do."
    )

    def settings(self) -> ScheduleSettings:
        """What was given."""
        some: ScheduleSettings = given(
            name=self.name, timezone=self.timezone, services=self.services, notify_handoff=self.notify_handoff
        )
        if self.notify_ahead is not None:
            some["notify_ahead"] = self.notify_ahead.value
        return {**some, **given_id("team_id", self.team_id, "Team", "teamId")}


@strawberry.input(description="A schedule that is to go.")
class DeleteScheduleInput:
    """A schedule that is to go."""

    schedule_id: ID = strawberry.field(description="Which.")


ScheduleResult = Annotated[
    Schedule | NotFound | InvalidInput | Conflict,
    strawberry.union("ScheduleResult", description="The schedule as it is now, or was, or why not."),
]


@strawberry.type
class ScheduleMutation:
    """What can be set of schedules."""

    @strawberry.mutation(description="Make a schedule. Needs ADMIN, or to lead its team.")
    async def create_schedule(self, info: Info, input: Input[CreateScheduleInput]) -> ScheduleResult | None:
        """Make a schedule."""
        row = await settings.create_schedule(
            info.context.resources,
            info.context.actor,
            name=input.name,
            timezone=input.timezone,
            services=input.services,
            team_id=read_id(input.team_id, "Team", "teamId") if input.team_id else None,
            notify_handoff=input.notify_handoff,
            notify_ahead=input.notify_ahead,
        )
        return Schedule.from_row(row)

    @strawberry.mutation(
        description="Change what is set of a schedule, from now on: who was on call stays recorded. Needs ADMIN, or to "
        "lead its team."
    )
    async def update_schedule(self, info: Info, input: Input[UpdateScheduleInput]) -> ScheduleResult | None:
        """Change what is set of a schedule."""
        id = read_id(input.schedule_id, "Schedule", "scheduleId")
        row = await settings.update_schedule(
            info.context.resources, info.context.actor, schedule_id=id, **input.settings()
        )
        return Schedule.from_row(row)

    @strawberry.mutation(
        description="Delete a schedule, with its rotations, its overrides and the record of who was on call by it. "
        "Needs ADMIN, or to lead its team."
    )
    async def delete_schedule(self, info: Info, input: Input[DeleteScheduleInput]) -> ScheduleResult | None:
        """Delete a schedule."""
        id = read_id(input.schedule_id, "Schedule", "scheduleId")
        row = await settings.delete_schedule(info.context.resources, info.context.actor, schedule_id=id)
        return Schedule.from_row(row)
