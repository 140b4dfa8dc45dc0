"""How a calendar that a schedule takes shifts from looks from outside, and what can be set of one."""

from datetime import datetime
from typing import Annotated, Self

import strawberry

import models
from domain.schedule.imported import CalendarSettings, shown_url
from resolvers.schedule import imported
from schema.argument import Input
from schema.changes import given
from schema.context import Info
from schema.failure import Conflict, InvalidInput, NotFound
from schema.node import ID, Node, read_id


@strawberry.type(description="A calendar that is kept elsewhere, from which a schedule takes shifts.")
class ImportedCalendar(Node):
    """A calendar that is kept elsewhere."""

    name: str = strawberry.field(description="The name for people.")
    url: str | None = strawberry.field(
        description="Where it is read again and again, without what follows the host; null where its text was given."
    )
    read_at: datetime = strawberry.field(description="When it was last read as a whole: its shifts are as of then.")
    failure: str | None = strawberry.field(description="Why it cannot be read since `failedAt`; null where it can.")
    failed_at: datetime | None = strawberry.field(description="Since when it cannot be read.")
    shift_count: int = strawberry.field(description="How many shifts it has, from then on and 400 days ahead.")
    unmatched: list[str] = strawberry.field(
        description="The titles of the first 20 of its entries that mean nobody, or nobody alone, each with a date: in "
        "them nobody is on call by this calendar."
    )

    @classmethod
    def from_row(cls, row: models.ImportedCalendar) -> Self:
        """The calendar of a row."""
        return cls(
            uuid=row.id,
            name=row.name,
            url=shown_url(row.url),
            read_at=row.read_at,
            failure=row.failure,
            failed_at=row.failed_at,
            shift_count=row.shift_count,
            unmatched=row.unmatched,
        )


@strawberry.input(description="A calendar from which a schedule is to take shifts: its `url`, or its `text`.")
class CreateImportedCalendarInput:
    """A calendar from which a schedule is to take shifts."""

    schedule_id: ID = strawberry.field(description="Which schedule; it takes shifts from at most 5.")
    name: str = strawberry.field(description="One line of at most 200 characters.")
    url: str | None = strawberry.field(
        default=None, description="Where it is (https, http or webcal); it is read again and again."
    )
    text: str | None = strawberry.field(
        default=None, description="What is in it (iCalendar, RFC 5545), at most 1,048,576 bytes."
    )


@strawberry.input(
    description="What is to change of an imported calendar, from now on; what is left out stays. It is read once more."
)
class UpdateImportedCalendarInput:
    """What is to change of an imported calendar."""

    imported_calendar_id: ID = strawberry.field(description="Which.")
    name: str | None = strawberry.field(default=None, description="One line of at most 200 characters.")
    url: str | None = strawberry.field(default=None, description="Where it is, in place of a text or another address.")
    text: str | None = strawberry.field(default=None, description="What is in it, in place of an address.")

    def settings(self) -> CalendarSettings:
        """What was given."""
        settings: CalendarSettings = given(name=self.name, url=self.url, text=self.text)
        return settings


@strawberry.input(description="An imported calendar that is to go.")
class DeleteImportedCalendarInput:
    """An imported calendar that is to go."""

    imported_calendar_id: ID = strawberry.field(description="Which.")


CreateImportedCalendarResult = Annotated[
    ImportedCalendar | NotFound | InvalidInput | Conflict,
    strawberry.union("CreateImportedCalendarResult", description="The calendar as it was read, or why not."),
]
ImportedCalendarResult = Annotated[
    ImportedCalendar | NotFound | InvalidInput,
    strawberry.union("ImportedCalendarResult", description="The calendar as it is now, or was, or why not."),
]


@strawberry.type
class ImportedCalendarMutation:
    """What can be set of imported calendars."""

    @strawberry.mutation(
        description="Let a schedule take shifts from a calendar that is kept elsewhere. Needs ADMIN, or to lead the "
        "schedule's team."
    )
    async def create_imported_calendar(
        self, info: Info, input: Input[CreateImportedCalendarInput]
    ) -> CreateImportedCalendarResult | None:
        """Let a schedule take shifts from a calendar."""
        id = read_id(input.schedule_id, "Schedule", "scheduleId")
        row = await imported.create_imported_calendar(
            info.context.resources,
            info.context.actor,
            schedule_id=id,
            name=input.name,
            url=input.url,
            text=input.text,
        )
        return ImportedCalendar.from_row(row)

    @strawberry.mutation(
        description="Change an imported calendar, or only read it once more: now, and not when its time comes. Needs "
        "ADMIN, or to lead the schedule's team."
    )
    async def update_imported_calendar(
        self, info: Info, input: Input[UpdateImportedCalendarInput]
    ) -> ImportedCalendarResult | None:
        """Change an imported calendar."""
        id = read_id(input.imported_calendar_id, "ImportedCalendar", "importedCalendarId")
        row = await imported.update_imported_calendar(
            info.context.resources, info.context.actor, calendar_id=id, **input.settings()
        )
        return ImportedCalendar.from_row(row)

    @strawberry.mutation(
        description="Delete an imported calendar, and its shifts to come: who was on call stays recorded. Needs ADMIN, "
        "or to lead the schedule's team."
    )
    async def delete_imported_calendar(
        self, info: Info, input: Input[DeleteImportedCalendarInput]
    ) -> ImportedCalendarResult | None:
        """Delete an imported calendar."""
        id = read_id(input.imported_calendar_id, "ImportedCalendar", "importedCalendarId")
        row = await imported.delete_imported_calendar(info.context.resources, info.context.actor, calendar_id=id)
        return ImportedCalendar.from_row(row)
