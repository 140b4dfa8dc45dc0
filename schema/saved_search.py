"""How a search that is kept looks from outside, and what can be set of one."""

from typing import Annotated, Self

import strawberry

import models
from domain.issue import IssueOrderField
from domain.page import OrderDirection
from domain.search.reading import SearchSubject
from domain.search.saved import SavedSearchSettings
from resolvers.search import saved
from schema.argument import Input
from schema.changes import given
from schema.context import Info
from schema.developer import Developer
from schema.failure import Conflict, InvalidInput, NotFound
from schema.filter import IssueOrder
from schema.node import ID, Node, read_id
from schema.project import Project
from schema.team import Team


@strawberry.type(description="A search under a name: its owner's alone, a team's, or for all who see a project.")
class SavedSearch(Node):
    """A search under a name."""

    row: strawberry.Private[models.SavedSearch]

    name: str = strawberry.field(description="What people call it.")
    subject: SearchSubject = strawberry.field(description="What it searches.")
    search: str = strawberry.field(description="What to pass as `search`.")
    order_field: IssueOrderField | None = strawberry.field(
        description="By what issues are sorted; null as the list has it."
    )
    order_direction: OrderDirection | None = strawberry.field(description="Which end comes first then.")

    @strawberry.field(description="Whose it is; null where you may not see them.")
    async def owner(self, info: Info) -> Developer | None:
        """Whose it is."""
        row = await info.context.loaders.developer_by_id.load(self.row.owner_id)
        return Developer.from_row(row) if row else None

    @strawberry.field(description="The team that shares it, if one does.")
    async def team(self, info: Info) -> Team | None:
        """The team that shares it."""
        row = await info.context.loaders.team_by_id.load(self.row.team_id) if self.row.team_id else None
        return Team.from_row(row) if row else None

    @strawberry.field(description="The project that it is shared in, if it is in one.")
    async def project(self, info: Info) -> Project | None:
        """The project that it is shared in."""
        row = await info.context.loaders.project_by_id.load(self.row.project_id) if self.row.project_id else None
        return Project.from_row(row) if row else None

    @classmethod
    def from_row(cls, row: models.SavedSearch) -> Self:
        """The search of a row."""
        direction = OrderDirection.DESC if row.is_descending else OrderDirection.ASC
        return cls(
            uuid=row.id,
            row=row,
            name=row.name,
            subject=row.subject,
            search=row.search,
            order_field=row.order_field,
            order_direction=direction if row.order_field else None,
        )


@strawberry.type
class SavedSearchQuery:
    """Questions about searches that are kept."""

    @strawberry.field(
        description="Your own searches, and those that teams and projects share that you may see, by name."
    )
    async def saved_searches(
        self,
        info: Info,
        subject: Annotated[
            SearchSubject | None, strawberry.argument(description="Only those of this; left out, of both.")
        ] = None,
    ) -> list[SavedSearch] | None:
        """The searches in sight."""
        rows = await saved.list_saved_searches(info.context.resources, info.context.actor, subject=subject)
        return [SavedSearch.from_row(row) for row in rows]


@strawberry.input(description="A search to keep.")
class CreateSavedSearchInput:
    """A search to keep."""

    name: str = strawberry.field(description="What people call it; at most 100 characters.")
    search: str = strawberry.field(description="The search; it must be one that can be understood.")
    subject: SearchSubject = strawberry.field(default=SearchSubject.ISSUES, description="What it searches.")
    order_by: IssueOrder | None = strawberry.field(
        default=None, description="What issues are sorted by; left out, as the list has it. Not for events."
    )
    team_id: ID | None = strawberry.field(
        default=None, description="The team to share it with, one of yours (with ADMIN, any)."
    )
    project: str | None = strawberry.field(
        default=None, description="The slug of the project to share it in, instead of a team."
    )


@strawberry.input(description="What is to change of a search that is kept; what is left out stays.")
class UpdateSavedSearchInput:
    """What is to change of a search that is kept."""

    saved_search_id: ID = strawberry.field(description="Which.")
    name: str | None = strawberry.field(default=None, description="What people call it; at most 100 characters.")
    search: str | None = strawberry.field(default=None, description="The search.")
    order_by: strawberry.Maybe[IssueOrder | None] = strawberry.field(
        default=None, description="What issues are sorted by; null as the list has it."
    )

    def settings(self) -> SavedSearchSettings:
        """What was given."""
        some: SavedSearchSettings = given(name=self.name, search=self.search)
        if self.order_by is not None:
            some["order"] = self.order_by.value.to_domain() if self.order_by.value else None
        return some


@strawberry.input(description="Which search is to be kept no longer.")
class DeleteSavedSearchInput:
    """Which search is to be kept no longer."""

    saved_search_id: ID = strawberry.field(description="Which.")


CreateSavedSearchResult = Annotated[
    SavedSearch | NotFound | InvalidInput | Conflict,
    strawberry.union("CreateSavedSearchResult", description="The search, or why not."),
]
SavedSearchResult = Annotated[
    SavedSearch | NotFound | InvalidInput,
    strawberry.union("SavedSearchResult", description="The search as it is now, or was, or why not."),
]


@strawberry.type
class SavedSearchMutation:
    """What can be done with searches that are kept."""

    @strawberry.mutation(description="Keep a search, for yourself, a team, or all who see a project. Needs TRIAGE.")
    async def create_saved_search(
        self, info: Info, input: Input[CreateSavedSearchInput]
    ) -> CreateSavedSearchResult | None:
        """Keep a search."""
        row = await saved.create_saved_search(
            info.context.resources,
            info.context.actor,
            name=input.name,
            search=input.search,
            subject=input.subject,
            order=input.order_by.to_domain() if input.order_by else None,
            team_id=read_id(input.team_id, "Team", "teamId") if input.team_id else None,
            project=input.project,
        )
        return SavedSearch.from_row(row)

    @strawberry.mutation(
        description="Change a search that is kept: your own, or a team's of which you are; with ADMIN any that is"
        " shared. Needs TRIAGE."
    )
    async def update_saved_search(self, info: Info, input: Input[UpdateSavedSearchInput]) -> SavedSearchResult | None:
        """Change a search that is kept."""
        id = read_id(input.saved_search_id, "SavedSearch", "savedSearchId")
        row = await saved.update_saved_search(
            info.context.resources, info.context.actor, saved_search_id=id, **input.settings()
        )
        return SavedSearch.from_row(row)

    @strawberry.mutation(description="Keep a search no longer: who may change it may do that. Needs TRIAGE.")
    async def delete_saved_search(self, info: Info, input: Input[DeleteSavedSearchInput]) -> SavedSearchResult | None:
        """Keep a search no longer."""
        id = read_id(input.saved_search_id, "SavedSearch", "savedSearchId")
        row = await saved.delete_saved_search(info.context.resources, info.context.actor, saved_search_id=id)
        return SavedSearch.from_row(row)
