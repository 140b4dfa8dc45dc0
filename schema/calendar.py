"""How calendar programs are let in."""

from typing import Annotated, Self

import strawberry

from resolvers.schedule import calendar_url
from schema.argument import Input
from schema.context import Info
from schema.failure import InvalidInput, NotFound
from schema.node import ID, read_id
from schema.schedule import Schedule


@strawberry.type(description="The secret address of a calendar, for programs that subscribe to it.")
class CalendarUrl:
    """The secret address of a calendar."""

    url: str | None = strawberry.field(
        description="The address: whoever has it can read the calendar. Shown this once, and kept nowhere; null where "
        "it has none any more."
    )
    schedule: Schedule | None = strawberry.field(description="What it shows; null for your own shifts.")

    @classmethod
    def from_row(cls, row: calendar_url.CalendarUrl) -> Self:
        """The address as it was made."""
        return cls(url=row.url, schedule=Schedule.from_row(row.schedule) if row.schedule else None)


@strawberry.input(description="Which calendar is to have a new address.")
class CreateCalendarUrlInput:
    """Which calendar is to have a new address."""

    schedule_id: ID | None = strawberry.field(
        default=None, description="Which schedule it shows; left out: your own shifts, of all schedules."
    )


@strawberry.input(description="Which calendar is to have no address any more.")
class DeleteCalendarUrlInput:
    """Which calendar is to have no address any more."""

    schedule_id: ID | None = strawberry.field(
        default=None, description="Which schedule it shows; left out: your own shifts."
    )


CalendarUrlResult = Annotated[
    CalendarUrl | NotFound | InvalidInput,
    strawberry.union("CalendarUrlResult", description="The address, or why not."),
]


@strawberry.type
class CalendarMutation:
    """What can be done about calendars."""

    @strawberry.mutation(
        description="Make a secret address at which calendar programs read a schedule, or your own shifts. One of "
        "before is of no use any more. For a schedule it needs ADMIN, or to lead its team."
    )
    async def create_calendar_url(self, info: Info, input: Input[CreateCalendarUrlInput]) -> CalendarUrlResult | None:
        """Make a secret address for a calendar."""
        id = read_id(input.schedule_id, "Schedule", "scheduleId") if input.schedule_id else None
        row = await calendar_url.create_calendar_url(info.context.resources, info.context.actor, schedule_id=id)
        return CalendarUrl.from_row(row)

    @strawberry.mutation(
        description="Take the address away: who subscribed reads nothing more. For a schedule it needs ADMIN, or to "
        "lead its team."
    )
    async def delete_calendar_url(self, info: Info, input: Input[DeleteCalendarUrlInput]) -> CalendarUrlResult | None:
        """Take the address of a calendar away."""
        id = read_id(input.schedule_id, "Schedule", "scheduleId") if input.schedule_id else None
        row = await calendar_url.delete_calendar_url(info.context.resources, info.context.actor, schedule_id=id)
        return CalendarUrl.from_row(row)
