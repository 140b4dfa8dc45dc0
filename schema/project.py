"""How a project looks from outside, and what can be set of one."""

from datetime import timedelta
from typing import Annotated, Self
from uuid import UUID

import strawberry

import models
from domain.page import page_request
from domain.project import Plan, ProjectSettings
from domain.rules import read_rules
from resolvers.pages import PageKey
from resolvers.project import listing, settings
from schema.access import IngestKey
from schema.argument import Input
from schema.changes import given, given_id
from schema.connection import After, Connection, Size, connection
from schema.context import Info
from schema.developer import Developer
from schema.discarded import DiscardedCount
from schema.erasure import Erasure
from schema.failure import Conflict, InvalidInput, NotFound
from schema.feedback import Feedback
from schema.inbound import InboundFilters, InboundFiltersInput, SamplingRule, SamplingRuleInput
from schema.named_count import NamedCount
from schema.node import ID, Node, read_id
from schema.ownership import OwnershipRule, OwnershipRuleInput
from schema.rules import GroupingRules, GroupingRulesInput
from schema.scalars import Count
from schema.sourcemap import SourceMap


@strawberry.type(description="What events are logged to, and what access is given by.")
class Project(Node):
    """What events are logged to, and what access is given by."""

    owner_id: strawberry.Private[UUID | None]
    own_quota: strawberry.Private[int | None]

    slug: str = strawberry.field(description="Short and unique, for addresses and settings.")
    name: str = strawberry.field(description="The name for people.")
    plan: Plan = strawberry.field(description="How much it may log.")
    retention: timedelta = strawberry.field(
        description="How long its events are kept, whole days; the telling ones of each issue stay for good."
    )
    max_events: int | None = strawberry.field(
        description="How many events are kept at most, the newest; null for as many as `retention` allows."
    )
    redact_keys: list[str] = strawberry.field(
        description="Its own words for secrets: what stands under a key that holds one of them is not stored."
    )
    spike_protection: bool = strawberry.field(
        description="Whether far more events than are usual for it are turned away, by the hour."
    )
    inbound_filters: InboundFilters = strawberry.field(description="Which reports it turns away.")
    sampling_rules: list[SamplingRule] = strawberry.field(description="Of which reports it keeps a share.")
    ownership_rules: list[OwnershipRule] = strawberry.field(
        description="Whose issues are, by path, tag and service; the first that fits decides."
    )

    @strawberry.field(
        description="How many events an hour it may log, by its plan or its own quota; null for any number."
    )
    async def hourly_quota(self, info: Info) -> int | None:
        """How many events an hour it may log."""
        return info.context.resources.admission.quota(self.plan, self.own_quota) or None

    @strawberry.field(description="How many of its events were stored in this hour.")
    async def used_this_hour(self, info: Info) -> int:
        """How many of its events were stored in this hour."""
        return await info.context.loaders.used_this_hour_by_project_id.load(self.uuid)

    @strawberry.field(
        description="How many of its events were turned away in this hour, by the reason, the most first."
    )
    async def dropped_this_hour(self, info: Info) -> list[NamedCount]:
        """How many of its events were turned away in this hour."""
        found = await info.context.loaders.dropped_this_hour_by_project_id.load(self.uuid)
        return [NamedCount(name=reason.value, count=Count(count)) for reason, count in found]

    grouping_rules: GroupingRules = strawberry.field(description="Its own rules of which events are one issue.")

    @strawberry.field(description="Who is told when nobody else can be; null where nobody is, or nobody you may see.")
    async def owner(self, info: Info) -> Developer | None:
        """Who is told when nobody else can be."""
        row = await info.context.loaders.developer_by_id.load(self.owner_id) if self.owner_id else None
        return Developer.from_row(row) if row else None

    @strawberry.field(description="What reported to it in the last 30 days, by name.")
    async def services(self, info: Info) -> list[str]:
        """What reported to it in the last 30 days."""
        return await info.context.loaders.services_by_project_id.load(self.uuid)

    @strawberry.field(description="Where that ran, by name.")
    async def environments(self, info: Info) -> list[str]:
        """Where that ran."""
        return await info.context.loaders.environments_by_project_id.load(self.uuid)

    @strawberry.field(description="What people said through SDKs, of events or without one, newest first.")
    async def feedback(self, info: Info, first: Size = 25, after: After = None) -> Connection[Feedback]:
        """What people said."""
        key = PageKey(self.uuid, page_request(first, after))
        return connection(await info.context.loaders.feedback_page_by_project.load(key), Feedback.from_row)

    @strawberry.field(description="What SDKs said in the last 24 hours that they discarded themselves, most first.")
    async def discarded_by_sdks(self, info: Info) -> list[DiscardedCount]:
        """What SDKs discarded."""
        counts = await info.context.loaders.discarded_by_project_id.load(self.uuid)
        return [DiscardedCount.from_domain(count) for count in counts]

    @strawberry.field(description="The keys with which programs log to it, revoked ones too, oldest first.")
    async def ingest_keys(self, info: Info) -> list[IngestKey]:
        """The keys with which programs log to it."""
        rows = await info.context.loaders.ingest_keys_by_project_id.load(self.uuid)
        return [IngestKey.from_row(row) for row in rows]

    @strawberry.field(description="Its source maps that were uploaded last, at most 100, newest first.")
    async def source_maps(self, info: Info) -> list[SourceMap]:
        """Its source maps that were uploaded last."""
        rows = await info.context.loaders.source_maps_by_project_id.load(self.uuid)
        return [SourceMap.from_row(row) for row in rows]

    @strawberry.field(description="The latest 20 times that a person was taken out of it, newest first.")
    async def erasures(self, info: Info) -> list[Erasure]:
        """The latest times that a person was taken out of it."""
        rows = await info.context.loaders.erasures_by_project_id.load(self.uuid)
        return [Erasure.from_row(row) for row in rows]

    @classmethod
    def from_row(cls, row: models.Project) -> Self:
        """The project of a row."""
        return cls(
            uuid=row.id,
            owner_id=row.owner_id,
            slug=row.slug,
            name=row.name,
            plan=row.plan,
            retention=timedelta(days=row.retention_days),
            max_events=row.max_events,
            redact_keys=row.redact_keys,
            grouping_rules=GroupingRules.from_domain(read_rules(row.grouping_rules)),
            own_quota=row.hourly_quota,
            spike_protection=row.spike_protection,
            inbound_filters=InboundFilters.from_json(row.inbound_filters),
            sampling_rules=SamplingRule.list_from_json(row.sampling_rules),
            ownership_rules=OwnershipRule.list_from_json(row.ownership_rules),
        )


@strawberry.type
class ProjectQuery:
    """Questions about projects."""

    @strawberry.field(description="Every project that you may see, by slug.")
    async def projects(self, info: Info) -> list[Project] | None:
        """Every project in sight."""
        rows = await listing.list_projects(info.context.resources, info.context.actor)
        return [Project.from_row(row) for row in rows]

    @strawberry.field(description="The project of that slug; null where you see none.")
    async def project(
        self, info: Info, slug: Annotated[str, strawberry.argument(description="A project's `slug`.")]
    ) -> Project | None:
        """The project of that slug."""
        row = await listing.find_project(info.context.resources, info.context.actor, slug=slug)
        return Project.from_row(row) if row else None


@strawberry.input(description="A new project.")
class CreateProjectInput:
    """A new project."""

    slug: str = strawberry.field(
        description="At most 50 of a-z, 0-9 and single hyphens; no other project has it, and it stays."
    )
    name: str = strawberry.field(description="One line of at most 200 characters.")
    plan: Plan | None = strawberry.field(
        default=None, description="How much it may log; left out, as the server is set (TOCSIN_DEFAULT_PLAN)."
    )
    retention: timedelta | None = strawberry.field(
        default=None, description="How long its events are kept, P1D to P3650D; left out, as long as the server is set."
    )
    max_events: int | None = strawberry.field(
        default=None, description="How many events are kept at most, 1,000 to 10,000,000; left out, without a bound."
    )
    redact_keys: list[str] = strawberry.field(
        default_factory=list, description="Its own words for secrets, each of at least 3 letters, at most 200."
    )
    owner_id: ID | None = strawberry.field(default=None, description="Who is told when nobody else can be.")


@strawberry.input(description="What is to change of a project; what is left out stays.")
class UpdateProjectInput:
    """What is to change of a project."""

    project_id: ID = strawberry.field(description="Which.")
    name: str | None = strawberry.field(default=None, description="One line of at most 200 characters.")
    plan: Plan | None = strawberry.field(default=None, description="How much it may log.")
    retention: timedelta | None = strawberry.field(
        default=None, description="How long its events are kept, P1D to P3650D."
    )
    max_events: strawberry.Maybe[int | None] = strawberry.field(
        default=None, description="How many events are kept at most, 1,000 to 10,000,000; null for no bound."
    )
    redact_keys: list[str] | None = strawberry.field(default=None, description="All its own words for secrets.")
    grouping_rules: GroupingRulesInput | None = strawberry.field(
        default=None, description="All its own rules of grouping; they hold for events that come 5 seconds later."
    )
    owner_id: strawberry.Maybe[ID | None] = strawberry.field(
        default=None, description="Who is told when nobody else can be; null for nobody."
    )
    hourly_quota: strawberry.Maybe[int | None] = strawberry.field(
        default=None,
        description="How many events an hour it may log, from 1; null for what its plan allows, which is the most.",
    )
    spike_protection: bool | None = strawberry.field(
        default=None, description="Whether far more events than are usual for it are turned away."
    )
    inbound_filters: InboundFiltersInput | None = strawberry.field(
        default=None, description="All that it turns away, in place of what it did."
    )
    sampling_rules: list[SamplingRuleInput] | None = strawberry.field(
        default=None, description="All its sampling rules, at most 20, in their order."
    )
    ownership_rules: list[OwnershipRuleInput] | None = strawberry.field(
        default=None, description="All its rules of who owns what, at most 50, in their order."
    )

    def settings(self) -> ProjectSettings:
        """What was given."""
        some: ProjectSettings = given(
            name=self.name,
            plan=self.plan,
            retention=self.retention,
            redact_keys=self.redact_keys,
            grouping_rules=self.grouping_rules and self.grouping_rules.to_domain(),
            spike_protection=self.spike_protection,
            inbound_filters=self.inbound_filters and self.inbound_filters.filters(),
            sampling_rules=None if self.sampling_rules is None else [rule.rule() for rule in self.sampling_rules],
            ownership_rules=None
            if self.ownership_rules is None
            else [rule.rule(place) for place, rule in enumerate(self.ownership_rules)],
        )
        if self.hourly_quota is not None:
            some["hourly_quota"] = self.hourly_quota.value
        if self.max_events is not None:
            some["max_events"] = self.max_events.value
        return {**some, **given_id("owner_id", self.owner_id, "Developer", "ownerId")}


ProjectResult = Annotated[
    Project | NotFound | InvalidInput | Conflict,
    strawberry.union("ProjectResult", description="The project as it is now, or why not."),
]


@strawberry.type
class ProjectMutation:
    """What can be set of projects."""

    @strawberry.mutation(description="Make a project. Needs ADMIN.")
    async def create_project(self, info: Info, input: Input[CreateProjectInput]) -> ProjectResult | None:
        """Make a project."""
        row = await settings.create_project(
            info.context.resources,
            info.context.actor,
            slug=input.slug,
            name=input.name,
            plan=input.plan,
            retention=input.retention,
            max_events=input.max_events,
            redact_keys=input.redact_keys,
            owner_id=read_id(input.owner_id, "Developer", "ownerId") if input.owner_id else None,
        )
        return Project.from_row(row)

    @strawberry.mutation(description="Change what is set of a project. Needs ADMIN.")
    async def update_project(self, info: Info, input: Input[UpdateProjectInput]) -> ProjectResult | None:
        """Change what is set of a project."""
        id = read_id(input.project_id, "Project", "projectId")
        row = await settings.update_project(
            info.context.resources, info.context.actor, project_id=id, **input.settings()
        )
        return Project.from_row(row)
