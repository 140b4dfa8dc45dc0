"""How an alert looks from outside, and what can be done with one."""

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

import strawberry

import models
from domain.access import Actor, Scope
from domain.alert import AlertStatus, AlertTrigger
from domain.errors import InvalidInput as InvalidInputError
from domain.event import Severity
from domain.page import page_request
from resolvers import alert
from schema.argument import Input
from schema.connection import After, Connection, Size, connection
from schema.context import Info
from schema.developer import Developer
from schema.escalation import Escalation
from schema.failure import Conflict, InvalidInput, NobodyOnCall, NotFound
from schema.node import ID, Node, read_id
from schema.policy import EscalationPolicy
from schema.project import Project


@strawberry.type(description="A demand for a human: it rings until acknowledged, and is over once resolved.")
class Alert(Node):
    """A demand for a human."""

    project_id: strawberry.Private[UUID]
    issue_id: strawberry.Private[UUID]
    acknowledged_by_id: strawberry.Private[UUID | None]
    policy_id: strawberry.Private[UUID | None]
    rule_id: strawberry.Private[UUID | None]

    status: AlertStatus = strawberry.field(description="Where it stands.")
    trigger: AlertTrigger = strawberry.field(description="What called for a human.")
    severity: Severity = strawberry.field(description="How bad the issue was when it began.")
    message: str = strawberry.field(description="What it says, in one line.")
    value: float | None = strawberry.field(description="What the rule that called found, as its trigger counts.")
    threshold: float | None = strawberry.field(description="From which value on that rule fires.")
    level: int = strawberry.field(description="How many steps it has climbed.")
    next_escalation_at: datetime | None = strawberry.field(
        description="When it climbs; once acknowledged, when it rings again, unless somebody still has it."
    )
    triggered_at: datetime = strawberry.field(description="When it began.")
    acknowledged_at: datetime | None = strawberry.field(description="When somebody took it, at its present level.")
    resolved_at: datetime | None = strawberry.field(description="When it was over.")

    @strawberry.field(description="What it is about.")
    async def issue(self, info: Info) -> Annotated["Issue", strawberry.lazy("schema.issue")] | None:  # type: ignore[name-defined]  # noqa: F821 - it leads back
        """What it is about."""
        row = await info.context.loaders.issue_by_id.load(self.issue_id)
        return Node.of("Issue", row) if row else None

    @strawberry.field(description="The project of its issue.")
    async def project(self, info: Info) -> Project | None:
        """The project of its issue."""
        row = await info.context.loaders.project_by_id.load(self.project_id)
        return Project.from_row(row) if row else None

    @strawberry.field(
        description="The policy that it climbs, as it is now; it climbs the steps that there were when it began. "
        "Null where none was made for its service, or you may not see it."
    )
    async def policy(self, info: Info) -> EscalationPolicy | None:
        """The policy that it climbs."""
        row = await info.context.loaders.policy_by_id.load(self.policy_id) if self.policy_id else None
        return EscalationPolicy.from_row(row) if row else None

    @strawberry.field(
        description="The alert rule that called, as it is now; null where none did, or you may not see it."
    )
    async def rule(self, info: Info) -> Annotated["AlertRule", strawberry.lazy("schema.alert_rule")] | None:  # type: ignore[name-defined]  # noqa: F821 - it leads back
        """The alert rule that called."""
        row = await info.context.loaders.alert_rule_by_id.load(self.rule_id) if self.rule_id else None
        return Node.of("AlertRule", row) if row else None

    @strawberry.field(description="The steps that it climbed, first to last.")
    async def escalations(self, info: Info) -> list[Escalation]:
        """The steps that it climbed."""
        rows = await info.context.loaders.escalations_by_alert_id.load(self.uuid)
        return [Escalation.from_row(row) for row in rows]

    @strawberry.field(description="Who took it, at its present level.")
    async def acknowledged_by(self, info: Info) -> Developer | None:
        """Who took it."""
        key = self.acknowledged_by_id
        row = await info.context.loaders.developer_by_id.load(key) if key else None
        return Developer.from_row(row) if row else None

    @classmethod
    def from_row(cls, row: models.Alert) -> Self:
        """The alert of a row."""
        return cls(
            uuid=row.id,
            project_id=row.project_id,
            issue_id=row.issue_id,
            acknowledged_by_id=row.acknowledged_by_id,
            policy_id=row.policy_id,
            rule_id=row.rule_id,
            value=row.value,
            threshold=row.threshold,
            status=row.status,
            trigger=row.trigger,
            severity=row.severity,
            message=row.message,
            level=row.level,
            next_escalation_at=row.next_escalation_at,
            triggered_at=row.triggered_at,
            acknowledged_at=row.acknowledged_at,
            resolved_at=row.resolved_at,
        )


@strawberry.type
class AlertQuery:
    """Questions about alerts."""

    @strawberry.field(description="The alerts that you may see, newest first.")
    async def alerts(
        self,
        info: Info,
        status: Annotated[
            list[AlertStatus] | None, strawberry.argument(description="Only those in one of these states.")
        ] = None,
        first: Size = 25,
        after: After = None,
    ) -> Connection[Alert] | None:
        """The alerts in sight."""
        page = await alert.list_alerts(
            info.context.resources, info.context.actor, status=status, page=page_request(first, after)
        )
        return connection(page, Alert.from_row)


AlertResult = Annotated[
    Alert | NotFound | InvalidInput | Conflict | NobodyOnCall,
    strawberry.union("AlertResult", description="The alert as it is now, or why nothing was done."),
]


@strawberry.input(description="What to do with an alert.")
class AlertInput:
    """What to do with an alert."""

    alert_id: ID = strawberry.field(description="The alert.")
    note: str | None = strawberry.field(default=None, description="Why, for the timeline; at most 2,000 characters.")
    to_developer_id: ID | None = strawberry.field(
        default=None, description="Whom to escalate to; left out, the next in line. Only for `escalateAlert`."
    )


def _refuse_target(actor: Actor, input: AlertInput) -> None:
    """Return where nobody is named.

    Raises: PermissionDenied before all else, InvalidInput.
    """
    actor.require(Scope.TRIAGE)
    if input.to_developer_id is not None:
        raise InvalidInputError("`toDeveloperId` goes with `escalateAlert` only.", ("toDeveloperId",))


@strawberry.type
class AlertMutation:
    """What can be done with an alert."""

    @strawberry.mutation(description="Take an alert, and its issue with it: it rings no more, unless it is escalated.")
    async def acknowledge_alert(self, info: Info, input: Input[AlertInput]) -> AlertResult | None:
        """Take an alert."""
        _refuse_target(info.context.actor, input)
        alert_id = read_id(input.alert_id, "Alert", "alertId")
        context = info.context
        row = await alert.acknowledge_alert(context.resources, context.actor, alert_id=alert_id, note=input.note)
        return Alert.from_row(row)

    @strawberry.mutation(description="Let an alert climb to somebody higher up, and ring there.")
    async def escalate_alert(self, info: Info, input: Input[AlertInput]) -> AlertResult | None:
        """Let an alert climb."""
        to = input.to_developer_id
        row = await alert.escalate_alert(
            info.context.resources,
            info.context.actor,
            alert_id=read_id(input.alert_id, "Alert", "alertId"),
            note=input.note,
            to_developer_id=read_id(to, "Developer", "toDeveloperId") if to is not None else None,
        )
        return Alert.from_row(row)

    @strawberry.mutation(description="End an alert: nobody is called for any more. Its issue stays as it is.")
    async def resolve_alert(self, info: Info, input: Input[AlertInput]) -> AlertResult | None:
        """End an alert."""
        _refuse_target(info.context.actor, input)
        alert_id = read_id(input.alert_id, "Alert", "alertId")
        context = info.context
        row = await alert.resolve_alert(context.resources, context.actor, alert_id=alert_id, note=input.note)
        return Alert.from_row(row)
