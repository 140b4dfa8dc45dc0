"""How an alert rule looks from outside, and what can be set of one."""

from datetime import datetime, timedelta
from typing import Annotated, Self

import strawberry
from strawberry.scalars import JSON

import models
from domain.alert import AlertTrigger
from domain.alert_rule.definition import RuleFilter
from domain.alert_rule.settings import USUAL_COOLDOWN, AlertRuleSettings
from domain.event import Severity
from domain.notification import Channel
from domain.policy import Target
from resolvers.alert_rule import listing, settings
from resolvers.alert_rule.reading import hours_of, recipients_of
from resolvers.alert_rule.replay import would_have_fired
from schema.argument import Input
from schema.changes import given, given_id
from schema.contact import QuietHours, QuietHoursInput
from schema.context import Info
from schema.failure import Conflict, InvalidInput, NotFound
from schema.log import TagInput
from schema.node import ID, Node, read_id
from schema.policy import EscalationPolicy, EscalationTarget, read_targets, targets_of
from schema.project import Project
from schema.time_point import TimePoint


@strawberry.type(description="What calls for somebody besides what always does.")
class AlertRule(Node):
    """What calls for somebody besides what always does."""

    row: strawberry.Private[models.AlertRule]
    target_list: strawberry.Private[tuple[Target, ...]]

    name: str = strawberry.field(description="The name for people; unique.")
    is_enabled: bool = strawberry.field(description="Whether it fires.")
    trigger: AlertTrigger = strawberry.field(description="What it looks at.")
    threshold: float | None = strawberry.field(description="From which value on it fires.")
    window: timedelta | None = strawberry.field(description="Over how long it counts.")
    filter: JSON = strawberry.field(
        description="What it looks at, as `AlertRuleFilterInput` has it; what is not there lets everything pass."
    )
    channels: list[Channel] = strawberry.field(
        description="By which channels only its recipients are told; empty for those that each has chosen."
    )
    cooldown: timedelta = strawberry.field(description="How long it is quiet about what it fired for.")
    active_hours: QuietHours | None = strawberry.field(description="When it may fire; null for always.")
    template: str | None = strawberry.field(
        description="The text of the messages that it causes; null for that of the template that fits, or the usual."
    )

    @strawberry.field(description="The only project that it looks at; null for each.")
    async def project(self, info: Info) -> Project | None:
        """The only project that it looks at."""
        row = await info.context.loaders.project_by_id.load(self.row.project_id) if self.row.project_id else None
        return Project.from_row(row) if row else None

    @strawberry.field(description="The policy that its alerts climb; null for that of the service.")
    async def policy(self, info: Info) -> EscalationPolicy | None:
        """The policy that its alerts climb."""
        row = await info.context.loaders.policy_by_id.load(self.row.policy_id) if self.row.policy_id else None
        return EscalationPolicy.from_row(row) if row else None

    @strawberry.field(description="Whom it tells, as far as you may see them; empty where routing chooses.")
    async def recipients(self, info: Info) -> list[EscalationTarget]:
        """Whom it tells."""
        return await targets_of(info, self.target_list)

    @strawberry.field(description="When it fired last in what you may see.")
    async def last_fired_at(self, info: Info) -> datetime | None:
        """When it fired last."""
        return await info.context.loaders.last_fired_by_rule_id.load(self.uuid)

    @strawberry.field(
        description="When it would have fired on what is stored, with what it would have counted: a dry run. Null with "
        "an error where that is not kept (about users, or with tags), or is too much to be counted again."
    )
    async def would_have_fired(
        self,
        info: Info,
        last: Annotated[timedelta, strawberry.argument(description="How far back; at most P31D.")] = timedelta(days=7),
    ) -> list[TimePoint] | None:
        """When it would have fired."""
        points = await would_have_fired(info.context.resources, info.context.actor, self.row, last=last)
        return [TimePoint.from_point(point) for point in points]

    @classmethod
    def from_row(cls, row: models.AlertRule) -> Self:
        """The rule of a row."""
        hours = hours_of(row)
        return cls(
            uuid=row.id,
            row=row,
            target_list=recipients_of(row),
            name=row.name,
            is_enabled=row.is_enabled,
            trigger=row.trigger,
            threshold=row.threshold,
            window=None if row.window_s is None else timedelta(seconds=row.window_s),
            filter=JSON(row.filter),
            channels=[*map(Channel, row.channels)],
            cooldown=timedelta(seconds=row.cooldown_s),
            active_hours=QuietHours.of(hours) if hours else None,
            template=row.template,
        )


@strawberry.type
class AlertRuleQuery:
    """Questions about alert rules."""

    @strawberry.field(description="Every alert rule that you may see, by name.")
    async def alert_rules(
        self,
        info: Info,
        project: Annotated[
            str | None, strawberry.argument(description="Only those that look at the project with this slug.")
        ] = None,
    ) -> list[AlertRule] | None:
        """Every alert rule in sight."""
        rows = await listing.list_alert_rules(info.context.resources, info.context.actor, project=project)
        return [AlertRule.from_row(row) for row in rows]


@strawberry.input(description="What an alert rule looks at; what is left out lets everything pass.")
class AlertRuleFilterInput:
    """What an alert rule looks at."""

    services: list[str] = strawberry.field(default_factory=list, description="One of these services; at most 100.")
    environments: list[str] = strawberry.field(
        default_factory=list, description="One of these environments; at most 100."
    )
    severities: list[Severity] = strawberry.field(default_factory=list, description="One of these severities.")
    error_types: list[str] = strawberry.field(
        default_factory=list, description="One of these types of error; at most 100."
    )
    tags: list[TagInput] = strawberry.field(
        default_factory=list, description="All of these tags, at most 20; for NEW_ISSUE and REGRESSION only."
    )

    def read(self) -> RuleFilter:
        """What was given."""
        return RuleFilter(
            tuple(self.services),
            tuple(self.environments),
            tuple(self.severities),
            tuple(self.error_types),
            tuple({tag.key: tag.value for tag in self.tags}.items()),
        )


@strawberry.input(description="A new alert rule.")
class CreateAlertRuleInput:
    """A new alert rule."""

    name: str = strawberry.field(description="One line of at most 200 characters; no other rule has it.")
    trigger: AlertTrigger = strawberry.field(description="What it looks at; all but MANUAL.")
    project: str | None = strawberry.field(default=None, description="The slug of its only project; left out, each.")
    is_enabled: bool = strawberry.field(default=True, description="Whether it fires.")
    threshold: float | None = strawberry.field(
        default=None,
        description="From which value on it fires: events, events a minute (ERROR_RATE), times the usual (SURGE), "
        "users, alerts. Not for NEW_ISSUE, REGRESSION and UNRESOLVED_FOR; NEW_PATTERN may go without.",
    )
    window: timedelta | None = strawberry.field(
        default=None,
        description="Over how long events are counted, whole minutes up to P1D; of UNRESOLVED_FOR, how long an issue "
        "is left, up to P30D. Not for NEW_ISSUE, REGRESSION, USERS_AFFECTED, ALERT_QUEUE "
        "and NEW_PATTERN.",
    )
    filter: AlertRuleFilterInput | None = strawberry.field(default=None, description="What it looks at.")
    policy_id: ID | None = strawberry.field(
        default=None, description="The policy that its alerts climb; left out, that of the service."
    )
    recipients: list[ID] = strawberry.field(
        default_factory=list,
        description="Whom it tells: at most 20 developers, schedules and teams; left out, whom routing chooses.",
    )
    channels: list[Channel] = strawberry.field(
        default_factory=list, description="By which channels only they are told; left out, those that each has chosen."
    )
    cooldown: timedelta = strawberry.field(
        default=USUAL_COOLDOWN, description="How long it is quiet about what it fired for; PT1M to P7D."
    )
    active_hours: QuietHoursInput | None = strawberry.field(
        default=None, description="When it may fire, in UTC unless a time zone is named; left out, always."
    )
    template: str | None = strawberry.field(
        default=None,
        description="The text of the messages that it causes, by EMAIL, SLACK, SMS, TELEGRAM and APPRISE: a template "
        "of at most 4,000 characters, which goes before all others; left out, that of the template that fits, or the "
        "usual.",
    )

    def settings(self) -> AlertRuleSettings:
        """What was given."""
        return {
            "name": self.name,
            "is_enabled": self.is_enabled,
            "threshold": self.threshold,
            "window": self.window,
            "filter": self.filter.read() if self.filter else RuleFilter(),
            "policy_id": read_id(self.policy_id, "EscalationPolicy", "policyId") if self.policy_id else None,
            "recipients": read_targets(self.recipients, "recipients"),
            "channels": self.channels,
            "cooldown": self.cooldown,
            "active_hours": self.active_hours.read() if self.active_hours else None,
            "template": self.template,
        }


@strawberry.input(description="What is to change of an alert rule; what is left out stays.")
class UpdateAlertRuleInput:
    """What is to change of an alert rule."""

    alert_rule_id: ID = strawberry.field(description="Which.")
    name: str | None = strawberry.field(default=None, description="One line of at most 200 characters.")
    is_enabled: bool | None = strawberry.field(default=None, description="Whether it fires.")
    threshold: float | None = strawberry.field(default=None, description="From which value on it fires.")
    window: timedelta | None = strawberry.field(default=None, description="Over how long it counts.")
    filter: AlertRuleFilterInput | None = strawberry.field(default=None, description="All that it looks at.")
    policy_id: strawberry.Maybe[ID | None] = strawberry.field(
        default=None, description="The policy that its alerts climb; null for that of the service."
    )
    recipients: list[ID] | None = strawberry.field(default=None, description="All whom it tells.")
    channels: list[Channel] | None = strawberry.field(default=None, description="By which channels only.")
    cooldown: timedelta | None = strawberry.field(default=None, description="PT1M to P7D.")
    active_hours: strawberry.Maybe[QuietHoursInput | None] = strawberry.field(
        default=None, description="When it may fire; null for always."
    )
    template: strawberry.Maybe[str | None] = strawberry.field(
        default=None, description="The text of the messages that it causes; null for the text of others."
    )

    def settings(self) -> AlertRuleSettings:
        """What was given."""
        some: AlertRuleSettings = given(
            name=self.name,
            is_enabled=self.is_enabled,
            threshold=self.threshold,
            window=self.window,
            filter=self.filter.read() if self.filter else None,
            recipients=None if self.recipients is None else read_targets(self.recipients, "recipients"),
            channels=self.channels,
            cooldown=self.cooldown,
        )
        if self.active_hours is not None:
            some["active_hours"] = self.active_hours.value.read() if self.active_hours.value else None
        if self.template is not None:
            some["template"] = self.template.value
        return {**some, **given_id("policy_id", self.policy_id, "EscalationPolicy", "policyId")}


@strawberry.input(description="Which alert rule is to go.")
class DeleteAlertRuleInput:
    """Which alert rule is to go."""

    alert_rule_id: ID = strawberry.field(description="Which.")


AlertRuleResult = Annotated[
    AlertRule | NotFound | InvalidInput | Conflict,
    strawberry.union("AlertRuleResult", description="The rule as it is now, or was, or why not."),
]


@strawberry.type
class AlertRuleMutation:
    """What can be set of alert rules."""

    @strawberry.mutation(description="Make an alert rule, which minds what happens from now on. Needs ADMIN.")
    async def create_alert_rule(self, info: Info, input: Input[CreateAlertRuleInput]) -> AlertRuleResult | None:
        """Make a rule."""
        row = await settings.create_alert_rule(
            info.context.resources,
            info.context.actor,
            trigger=input.trigger,
            project=input.project,
            **input.settings(),
        )
        return AlertRule.from_row(row)

    @strawberry.mutation(description="Change an alert rule; it minds what happens from now on. Needs ADMIN.")
    async def update_alert_rule(self, info: Info, input: Input[UpdateAlertRuleInput]) -> AlertRuleResult | None:
        """Change a rule."""
        id, context = read_id(input.alert_rule_id, "AlertRule", "alertRuleId"), info.context
        row = await settings.update_alert_rule(context.resources, context.actor, rule_id=id, **input.settings())
        return AlertRule.from_row(row)

    @strawberry.mutation(description="Take an alert rule away. Alerts that it called for stay. Needs ADMIN.")
    async def delete_alert_rule(self, info: Info, input: Input[DeleteAlertRuleInput]) -> AlertRuleResult | None:
        """Take a rule away."""
        id, context = read_id(input.alert_rule_id, "AlertRule", "alertRuleId"), info.context
        row = await settings.delete_alert_rule(context.resources, context.actor, rule_id=id)
        return AlertRule.from_row(row)
