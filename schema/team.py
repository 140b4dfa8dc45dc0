"""How a team looks from outside, and what can be set of one."""

from typing import Annotated, Self
from uuid import UUID

import strawberry

import models
from domain.team import TeamSettings
from resolvers.team import listing, settings
from schema.argument import Input
from schema.changes import given, given_id, read_ids
from schema.context import Info
from schema.developer import Developer
from schema.failure import Conflict, InvalidInput, NotFound
from schema.node import ID, Node, read_id
from schema.project import Project


@strawberry.type(description="People who share projects.")
class Team(Node):
    """People who share projects."""

    lead_id: strawberry.Private[UUID | None]

    slug: str = strawberry.field(description="Short and unique.")
    name: str = strawberry.field(description="The name for people.")

    @strawberry.field(description="Who is in it, by name.")
    async def members(self, info: Info) -> list[Developer]:
        """Who is in it."""
        rows = await info.context.loaders.developers_by_team_id.load(self.uuid)
        return [Developer.from_row(row) for row in rows]

    @strawberry.field(description="Who leads it; null where nobody does, or nobody you may see.")
    async def lead(self, info: Info) -> Developer | None:
        """Who leads it."""
        row = await info.context.loaders.developer_by_id.load(self.lead_id) if self.lead_id else None
        return Developer.from_row(row) if row else None

    @strawberry.field(description="The projects it has, as far as you may see them, by slug.")
    async def projects(self, info: Info) -> list[Project]:
        """The projects it has."""
        rows = await info.context.loaders.projects_by_team_id.load(self.uuid)
        return [Project.from_row(row) for row in rows]

    @classmethod
    def from_row(cls, row: models.Team) -> Self:
        """The team of a row."""
        return cls(uuid=row.id, lead_id=row.lead_id, slug=row.slug, name=row.name)


@strawberry.type
class TeamQuery:
    """Questions about teams."""

    @strawberry.field(description="Every team that you may see, by slug.")
    async def teams(self, info: Info) -> list[Team] | None:
        """Every team in sight."""
        rows = await listing.list_teams(info.context.resources, info.context.actor)
        return [Team.from_row(row) for row in rows]


@strawberry.input(description="A new team.")
class CreateTeamInput:
    """A new team."""

    slug: str = strawberry.field(description="At most 50 of a-z, 0-9 and single hyphens; no other team has it.")
    name: str = strawberry.field(description="One line of at most 200 characters.")
    lead_id: ID | None = strawberry.field(default=None, description="Who leads it.")
    member_ids: list[ID] = strawberry.field(default_factory=list, description="Who is in it, at most 500.")
    project_ids: list[ID] = strawberry.field(
        default_factory=list, description="The projects that its members see, at most 500."
    )


@strawberry.input(description="What is to change of a team; what is left out stays.")
class UpdateTeamInput:
    """What is to change of a team."""

    team_id: ID = strawberry.field(description="Which.")
    slug: str | None = strawberry.field(default=None, description="At most 50 of a-z, 0-9 and single hyphens.")
    name: str | None = strawberry.field(default=None, description="One line of at most 200 characters.")
    lead_id: strawberry.Maybe[ID | None] = strawberry.field(default=None, description="Who leads it; null for nobody.")
    member_ids: list[ID] | None = strawberry.field(default=None, description="All who are to be in it.")
    project_ids: list[ID] | None = strawberry.field(default=None, description="All projects that it is to have.")

    def settings(self) -> TeamSettings:
        """What was given."""
        some: TeamSettings = given(
            slug=self.slug,
            name=self.name,
            member_ids=read_ids(self.member_ids, "Developer", "memberIds"),
            project_ids=read_ids(self.project_ids, "Project", "projectIds"),
        )
        return {**some, **given_id("lead_id", self.lead_id, "Developer", "leadId")}


TeamResult = Annotated[
    Team | NotFound | InvalidInput | Conflict,
    strawberry.union("TeamResult", description="The team as it is now, or why not."),
]


@strawberry.type
class TeamMutation:
    """What can be set of teams."""

    @strawberry.mutation(description="Make a team. Needs ADMIN.")
    async def create_team(self, info: Info, input: Input[CreateTeamInput]) -> TeamResult | None:
        """Make a team."""
        row = await settings.create_team(
            info.context.resources,
            info.context.actor,
            slug=input.slug,
            name=input.name,
            lead_id=read_id(input.lead_id, "Developer", "leadId") if input.lead_id else None,
            member_ids=read_ids(input.member_ids, "Developer", "memberIds"),
            project_ids=read_ids(input.project_ids, "Project", "projectIds"),
        )
        return Team.from_row(row)

    @strawberry.mutation(description="Change what is set of a team: who is in it, and what they see. Needs ADMIN.")
    async def update_team(self, info: Info, input: Input[UpdateTeamInput]) -> TeamResult | None:
        """Change what is set of a team."""
        id = read_id(input.team_id, "Team", "teamId")
        row = await settings.update_team(info.context.resources, info.context.actor, team_id=id, **input.settings())
        return Team.from_row(row)
