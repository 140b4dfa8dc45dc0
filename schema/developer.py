"""How a developer looks from outside, and what can be set of one."""

from datetime import datetime
from functools import partial
from typing import Annotated, Self
from uuid import UUID

import strawberry

import models
from domain.access import Role
from domain.developer import USUAL_LOAD, DeveloperFilter, DeveloperSettings
from domain.issue import IssueStatus
from domain.page import page_request
from resolvers.developer import duty, listing, settings
from resolvers.issue.assigned import Assigned, AssignedPage
from schema.argument import Input
from schema.changes import given, given_id
from schema.connection import After, CountedConnection, Size, counted_connection
from schema.context import Info
from schema.failure import Conflict, InvalidInput, NotFound
from schema.lists import LOADED
from schema.node import ID, Node, read_id
from schema.time_off import TimeOff


@strawberry.type(description="A person who triages, and is told.")
class Developer(Node):
    """A person who triages, and is told."""

    manager_id: strawberry.Private[UUID | None]

    name: str = strawberry.field(description="What people call them.")
    email: str = strawberry.field(description="Where their mail goes; unique.")
    role: Role = strawberry.field(description="What they may do.")
    timezone: str = strawberry.field(description="Where their clock is, by the IANA database: Europe/Berlin.")
    max_load: int = strawberry.field(description="The `currentLoad` from which on routing gives them nothing more.")

    @strawberry.field(description="The teams they are in, as far as you may see them, by slug.", metadata=LOADED)
    async def teams(self, info: Info) -> list[Annotated["Team", strawberry.lazy("schema.team")]]:  # type: ignore[name-defined]  # noqa: F821 - it leads back
        """The teams they are in."""
        rows = await info.context.loaders.teams_by_developer_id.load(self.uuid)
        return [Node.of("Team", row) for row in rows]

    @strawberry.field(description="The services they know: routing chooses by these.", metadata=LOADED)
    async def services(self, info: Info) -> list[str]:
        """The services they know."""
        return await info.context.loaders.services_by_developer_id.load(self.uuid)

    @strawberry.field(description="Whether they are on call now, by hand or by a schedule.", metadata=LOADED)
    async def is_on_call(self, info: Info) -> bool:
        """Whether they are on call now."""
        return await info.context.loaders.duty_by_developer_id.load(self.uuid) is not None

    @strawberry.field(
        description="When their present duty ends, the latest of several; null where it has no end (by a schedule: "
        "none in 100 days), or they are not on call.",
        metadata=LOADED,
    )
    async def on_call_until(self, info: Info) -> datetime | None:
        """When their present duty ends."""
        row = await info.context.loaders.duty_by_developer_id.load(self.uuid)
        return row.until if row else None

    @strawberry.field(description="How many unresolved issues are theirs, in all projects.", metadata=LOADED)
    async def current_load(self, info: Info) -> int:
        """How many unresolved issues are theirs."""
        return await info.context.loaders.load_by_developer_id.load(self.uuid)

    @strawberry.field(
        description="Whom their alerts climb to; null where there is nobody, or nobody you may see.", metadata=LOADED
    )
    async def manager(self, info: Info) -> Annotated["Developer", strawberry.lazy("schema.developer")] | None:
        """Whom their alerts climb to."""
        row = await info.context.loaders.developer_by_id.load(self.manager_id) if self.manager_id else None
        return Developer.from_row(row) if row else None

    @strawberry.field(
        description="The issues that are theirs, as far as you may see them, the latest seen first.", metadata=LOADED
    )
    async def assigned(
        self,
        info: Info,
        first: Size = 25,
        after: After = None,
        status: Annotated[
            list[IssueStatus] | None, strawberry.argument(description="Only those in one of these states.")
        ] = None,
    ) -> CountedConnection[Annotated["Issue", strawberry.lazy("schema.issue")]]:  # type: ignore[name-defined]  # noqa: F821 - it leads back
        """The issues that are theirs."""
        loaders, asked = info.context.loaders, Assigned(self.uuid, None if status is None else tuple(status))
        page = await loaders.assigned_page.load(AssignedPage(asked, page_request(first, after)))
        return counted_connection(page, partial(Node.of, "Issue"), partial(loaders.assigned_count.load, asked))

    @strawberry.field(description="When they are off, from now on, by start.", metadata=LOADED)
    async def time_off(self, info: Info) -> list[TimeOff]:
        """When they are off."""
        rows = await info.context.loaders.times_off_by_developer_id.load(self.uuid)
        return [TimeOff.from_row(row) for row in rows]

    @strawberry.field(
        description="Where they can be reached besides their mail: your own, and as ADMIN those of all.",
        metadata=LOADED,
    )
    async def contact_methods(self, info: Info) -> list[Annotated["ContactMethod", strawberry.lazy("schema.contact")]]:  # type: ignore[name-defined]  # noqa: F821 - it leads on
        """Where they can be reached besides their mail."""
        rows = await info.context.loaders.contact_methods_by_developer_id.load(self.uuid)
        return [Node.of("ContactMethod", row) for row in rows]

    @strawberry.field(
        description="By which ways they want to be told of what: your own, and as ADMIN those of all.", metadata=LOADED
    )
    async def notification_rules(
        self, info: Info
    ) -> list[Annotated["NotificationRule", strawberry.lazy("schema.contact")]]:  # type: ignore[name-defined]  # noqa: F821 - it leads on
        """By which ways they want to be told of what."""
        rows = await info.context.loaders.notification_rules_by_developer_id.load(self.uuid)
        return [Node.of("NotificationRule", row) for row in rows]

    @strawberry.field(
        description="Their tokens that are of use, oldest first: your own, and as ADMIN those of all.", metadata=LOADED
    )
    async def api_tokens(self, info: Info) -> list[Annotated["ApiToken", strawberry.lazy("schema.access")]]:  # type: ignore[name-defined]  # noqa: F821 - it leads back
        """Their tokens that are of use."""
        rows = await info.context.loaders.api_tokens_by_owner_id.load(self.uuid)
        return [Node.of("ApiToken", row) for row in rows]

    @classmethod
    def from_row(cls, row: models.Developer) -> Self:
        """The developer of a row."""
        return cls(
            uuid=row.id,
            manager_id=row.manager_id,
            name=row.name,
            email=row.email,
            role=row.role,
            timezone=row.timezone,
            max_load=row.max_load,
        )


@strawberry.type
class DeveloperQuery:
    """Questions about developers."""

    @strawberry.field(description="The developers that you may see, by name.")
    async def developers(
        self,
        info: Info,
        service: Annotated[str | None, strawberry.argument(description="Only those who know this service.")] = None,
        on_call: Annotated[
            bool | None, strawberry.argument(description="Only those who are on call now, or only those who are not.")
        ] = None,
        first: Annotated[int | None, strawberry.argument(description="How many, at most 200.")] = 50,
        after: Annotated[str | None, strawberry.argument(description="Go on after this cursor.")] = None,
    ) -> CountedConnection[Developer] | None:
        """The developers in sight."""
        filter = DeveloperFilter(service=service, on_call=on_call)
        res, actor = info.context.resources, info.context.actor
        page = await listing.list_developers(res, actor, filter=filter, page=page_request(first, after))
        return counted_connection(
            page, Developer.from_row, partial(listing.count_developers, res, actor, filter=filter)
        )

    @strawberry.field(description="The developer of that id; null where you see none.")
    async def developer(
        self, info: Info, id: Annotated[ID, strawberry.argument(description="A developer's `id`.")]
    ) -> Developer | None:
        """The developer of that id."""
        row = await listing.find_developer(
            info.context.resources, info.context.actor, developer_id=read_id(id, "Developer")
        )
        return Developer.from_row(row) if row else None


@strawberry.input(description="A new developer.")
class CreateDeveloperInput:
    """A new developer."""

    name: str = strawberry.field(description="One line of at most 200 characters.")
    email: str = strawberry.field(description="A mail address that no other developer has.")
    role: Role = strawberry.field(default=Role.DEVELOPER, description="At most your own.")
    timezone: str = strawberry.field(default="UTC", description="A name of the IANA database, such as Europe/Berlin.")
    services: list[str] = strawberry.field(default_factory=list, description="The services they know, at most 200.")
    manager_id: ID | None = strawberry.field(default=None, description="Whom their alerts climb to.")
    max_load: int = strawberry.field(default=USUAL_LOAD, description="From 0 to 1000.")


@strawberry.input(description="What is to change of a developer; what is left out stays.")
class UpdateDeveloperInput:
    """What is to change of a developer."""

    developer_id: ID = strawberry.field(description="Who.")
    name: str | None = strawberry.field(default=None, description="One line of at most 200 characters.")
    email: str | None = strawberry.field(default=None, description="A mail address that no other developer has.")
    role: Role | None = strawberry.field(default=None, description="At most your own.")
    timezone: str | None = strawberry.field(default=None, description="A name of the IANA database.")
    services: list[str] | None = strawberry.field(default=None, description="All services that they know.")
    manager_id: strawberry.Maybe[ID | None] = strawberry.field(
        default=None, description="Whom their alerts climb to; null for nobody."
    )
    max_load: int | None = strawberry.field(default=None, description="From 0 to 1000.")

    def settings(self) -> DeveloperSettings:
        """What was given."""
        some: DeveloperSettings = given(
            name=self.name,
            email=self.email,
            role=self.role,
            timezone=self.timezone,
            services=self.services,
            max_load=self.max_load,
        )
        return {**some, **given_id("manager_id", self.manager_id, "Developer", "managerId")}


@strawberry.input(description="Puts somebody on call, or takes them off.")
class SetOnCallInput:
    """Puts somebody on call, or takes them off."""

    developer_id: ID = strawberry.field(description="Who: yourself, or as ADMIN anybody.")
    on_call: bool = strawberry.field(description="Whether they are to be on call from now on.")
    until: datetime | None = strawberry.field(
        default=None, description="When it ends by itself; left out, it goes on until somebody ends it."
    )


DeveloperResult = Annotated[
    Developer | NotFound | InvalidInput | Conflict,
    strawberry.union("DeveloperResult", description="The developer as they are now, or why not."),
]


@strawberry.type
class DeveloperMutation:
    """What can be set of developers."""

    @strawberry.mutation(description="Make a developer. Needs ADMIN.")
    async def create_developer(self, info: Info, input: Input[CreateDeveloperInput]) -> DeveloperResult | None:
        """Make a developer."""
        manager_id = read_id(input.manager_id, "Developer", "managerId") if input.manager_id else None
        row = await settings.create_developer(
            info.context.resources,
            info.context.actor,
            name=input.name,
            email=input.email,
            role=input.role,
            timezone=input.timezone,
            services=input.services,
            manager_id=manager_id,
            max_load=input.max_load,
        )
        return Developer.from_row(row)

    @strawberry.mutation(description="Change what is set of a developer. Needs ADMIN.")
    async def update_developer(self, info: Info, input: Input[UpdateDeveloperInput]) -> DeveloperResult | None:
        """Change what is set of a developer."""
        id = read_id(input.developer_id, "Developer", "developerId")
        row = await settings.update_developer(
            info.context.resources, info.context.actor, developer_id=id, **input.settings()
        )
        return Developer.from_row(row)

    @strawberry.mutation(description="Put somebody on call or take them off: yourself, or as ADMIN anybody.")
    async def set_on_call(self, info: Info, input: Input[SetOnCallInput]) -> DeveloperResult | None:
        """Put somebody on call or take them off."""
        row = await duty.set_on_call(
            info.context.resources,
            info.context.actor,
            developer_id=read_id(input.developer_id, "Developer", "developerId"),
            on_call=input.on_call,
            until=input.until,
        )
        return Developer.from_row(row)
