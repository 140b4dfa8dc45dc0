"""How contact methods and notification rules look from outside, and what can be set of them."""

from datetime import timedelta
from typing import Annotated, Self

import strawberry

import models
from domain import contact
from domain.contact import Importance, RuleSettings, shown
from domain.event import Severity
from domain.notification import Channel
from resolvers.contact import methods, rules, verify
from resolvers.contact.person import read_digest, read_quiet_hours
from schema.argument import Input
from schema.changes import given
from schema.context import Info
from schema.failure import Conflict, InvalidInput, NotFound
from schema.node import ID, Node, read_id


@strawberry.type(description="One place where a person can be reached. Shown to themselves, and to ADMINs.")
class ContactMethod(Node):
    """One place where a person can be reached."""

    channel: Channel = strawberry.field(description="By which way.")
    value: str = strawberry.field(description="Where, with its secrets left out.")
    is_verified: bool = strawberry.field(description="Whether the code that was sent there was given back.")
    is_enabled: bool = strawberry.field(description="Whether it is used, once it is verified.")

    @classmethod
    def from_row(cls, row: models.ContactMethod) -> Self:
        """The contact method of a row."""
        return cls(
            uuid=row.id,
            channel=row.channel,
            value=shown(row.channel, row.value),
            is_verified=row.verified_at is not None,
            is_enabled=row.is_enabled,
        )


@strawberry.type(description="A span of each day in which one is left alone, `[start, end)`, also across midnight.")
class QuietHours:
    """A span of each day in which one is left alone."""

    start: str = strawberry.field(description="HH:MM by the wall clock.")
    end: str = strawberry.field(description="HH:MM by the wall clock.")
    timezone: str | None = strawberry.field(description="Whose clock; null for that of the developer.")
    except_critical: bool = strawberry.field(description="Whether what is CRITICAL comes all the same.")

    @classmethod
    def of(cls, quiet: contact.QuietHours) -> Self:
        """The span as people see it."""
        return cls(start=quiet.start, end=quiet.end, timezone=quiet.timezone, except_critical=quiet.except_critical)


@strawberry.type(
    description="Which channel, from which severity, after what delay, gathered for how long, but not in quiet hours."
)
class NotificationRule(Node):
    """Which channel, from which severity, after what delay, gathered for how long, outside which quiet hours."""

    importance: Importance = strawberry.field(description="Which of the two lists it is in.")
    channel: Channel = strawberry.field(description="By which way.")
    min_severity: Severity = strawberry.field(description="From which severity on.")
    delay: timedelta = strawberry.field(description="How long after; nothing comes if somebody has the alert by then.")
    quiet_hours: QuietHours | None = strawberry.field(description="When not; null for never.")
    digest_every: timedelta | None = strawberry.field(
        description="For how long what it brings is gathered, to leave as one message; null: each leaves at once."
    )

    @classmethod
    def from_row(cls, row: models.NotificationRule) -> Self:
        """The rule of a row."""
        quiet = read_quiet_hours(row)
        return cls(
            uuid=row.id,
            importance=row.importance,
            channel=row.channel,
            min_severity=row.min_severity,
            delay=timedelta(seconds=row.delay_s),
            quiet_hours=QuietHours.of(quiet) if quiet else None,
            digest_every=read_digest(row),
        )


@strawberry.input(description="A new contact method.")
class CreateContactMethodInput:
    """A new contact method."""

    channel: Channel = strawberry.field(description="By which way; the dashboard needs none.")
    value: str = strawberry.field(
        description="EMAIL: an address. SMS: +4915112345678. SLACK: U… or C… for the bot, or the URL of an incoming "
        "webhook. WEBHOOK: a URL. TELEGRAM: the number of a chat or @name. PAGERDUTY: a routing key. APPRISE: an "
        "address of one of its services, such as ntfys://ntfy.example.com/topic."
    )
    developer_id: ID | None = strawberry.field(default=None, description="Whose; left out, yours. Needs ADMIN.")


@strawberry.input(description="What is to change of a contact method.")
class UpdateContactMethodInput:
    """What is to change of a contact method."""

    contact_method_id: ID = strawberry.field(description="Which.")
    is_enabled: bool = strawberry.field(description="Whether it is to be used.")


@strawberry.input(description="A contact method that is to go.")
class DeleteContactMethodInput:
    """A contact method that is to go."""

    contact_method_id: ID = strawberry.field(description="Which.")


@strawberry.input(description="Where a code is to be sent.")
class SendVerificationCodeInput:
    """Where a code is to be sent."""

    contact_method_id: ID = strawberry.field(description="Which.")


@strawberry.input(description="The code that came.")
class VerifyContactMethodInput:
    """The code that came."""

    contact_method_id: ID = strawberry.field(description="Which.")
    code: str = strawberry.field(description="The six digits.")


@strawberry.input(description="A span of each day in which one wants to be left alone.")
class QuietHoursInput:
    """A span of each day in which one wants to be left alone."""

    start: str = strawberry.field(description="HH:MM by the wall clock, from 00:00 to 23:59.")
    end: str = strawberry.field(description="HH:MM; where it is before `start` they last until the next day.")
    timezone: str | None = strawberry.field(default=None, description="Left out, that of the developer.")
    except_critical: bool = strawberry.field(default=True, description="Whether what is CRITICAL comes all the same.")

    def read(self) -> contact.QuietHours:
        """What was given."""
        return contact.QuietHours(self.start, self.end, self.timezone, self.except_critical)


@strawberry.input(description="A new notification rule.")
class CreateNotificationRuleInput:
    """A new notification rule."""

    channel: Channel = strawberry.field(description="By which way; the dashboard needs none.")
    min_severity: Severity = strawberry.field(description="From which severity on.")
    importance: Importance = strawberry.field(
        default=Importance.NORMAL, description="Which list. One that has a rule decides alone; else the severity does."
    )
    delay: timedelta = strawberry.field(default=timedelta(), description="How long after, at most a day.")
    quiet_hours: QuietHoursInput | None = strawberry.field(default=None, description="When not.")
    digest_every: timedelta | None = strawberry.field(
        default=None,
        description="Gather what it brings, but what is CRITICAL, into one message at the end of each such span, "
        "counted from 08:00 by the developer's clock: from PT5M to P1D, in minutes, dividing a day. NORMAL only.",
    )
    developer_id: ID | None = strawberry.field(default=None, description="Whose; left out, yours. Needs ADMIN.")


@strawberry.input(description="What is to change of a notification rule; what is left out stays.")
class UpdateNotificationRuleInput:
    """What is to change of a notification rule."""

    notification_rule_id: ID = strawberry.field(description="Which.")
    channel: Channel | None = strawberry.field(default=None, description="By which way.")
    min_severity: Severity | None = strawberry.field(default=None, description="From which severity on.")
    importance: Importance | None = strawberry.field(default=None, description="Which list.")
    delay: timedelta | None = strawberry.field(default=None, description="How long after, at most a day.")
    quiet_hours: strawberry.Maybe[QuietHoursInput | None] = strawberry.field(
        default=None, description="When not; null for never."
    )
    digest_every: strawberry.Maybe[timedelta | None] = strawberry.field(
        default=None, description="For how long what it brings is gathered; null: each leaves at once."
    )

    def settings(self) -> RuleSettings:
        """What was given."""
        some: RuleSettings = given(
            channel=self.channel, min_severity=self.min_severity, importance=self.importance, delay=self.delay
        )
        if self.quiet_hours is not None:
            some["quiet_hours"] = self.quiet_hours.value.read() if self.quiet_hours.value else None
        if self.digest_every is not None:
            some["digest_every"] = self.digest_every.value
        return some


@strawberry.input(description="A notification rule that is to go.")
class DeleteNotificationRuleInput:
    """A notification rule that is to go."""

    notification_rule_id: ID = strawberry.field(description="Which.")


@strawberry.type(description="A contact method, and the secret by which what goes there is signed.")
class CreatedContactMethod:
    """A contact method, and the secret by which what goes there is signed."""

    contact_method: ContactMethod = strawberry.field(description="The contact method.")
    signing_secret: str | None = strawberry.field(
        description="By what its receiver can tell that a webhook is ours; null for other channels. Shown this once."
    )


CreateContactMethodResult = Annotated[
    CreatedContactMethod | NotFound | InvalidInput | Conflict,
    strawberry.union("CreateContactMethodResult", description="The contact method, or why not."),
]
ContactMethodResult = Annotated[
    ContactMethod | NotFound | InvalidInput | Conflict,
    strawberry.union("ContactMethodResult", description="The contact method as it is now, or was; or why not."),
]
NotificationRuleResult = Annotated[
    NotificationRule | NotFound | InvalidInput | Conflict,
    strawberry.union("NotificationRuleResult", description="The rule as it is now, or was; or why not."),
]


@strawberry.type
class ContactMutation:
    """What can be set of where and how people are told."""

    @strawberry.mutation(description="Make a contact method; it is of use once it is verified.")
    async def create_contact_method(
        self, info: Info, input: Input[CreateContactMethodInput]
    ) -> CreateContactMethodResult | None:
        """Make a contact method."""
        new = await methods.create_contact_method(
            info.context.resources,
            info.context.actor,
            channel=input.channel,
            value=input.value,
            developer_id=read_id(input.developer_id, "Developer", "developerId") if input.developer_id else None,
        )
        return CreatedContactMethod(contact_method=ContactMethod.from_row(new.method), signing_secret=new.secret)

    @strawberry.mutation(description="Switch a contact method off or on.")
    async def update_contact_method(
        self, info: Info, input: Input[UpdateContactMethodInput]
    ) -> ContactMethodResult | None:
        """Switch a contact method off or on."""
        id = read_id(input.contact_method_id, "ContactMethod", "contactMethodId")
        row = await methods.update_contact_method(
            info.context.resources, info.context.actor, method_id=id, is_enabled=input.is_enabled
        )
        return ContactMethod.from_row(row)

    @strawberry.mutation(description="Delete a contact method.")
    async def delete_contact_method(
        self, info: Info, input: Input[DeleteContactMethodInput]
    ) -> ContactMethodResult | None:
        """Delete a contact method."""
        id = read_id(input.contact_method_id, "ContactMethod", "contactMethodId")
        row = await methods.delete_contact_method(info.context.resources, info.context.actor, method_id=id)
        return ContactMethod.from_row(row)

    @strawberry.mutation(description="Send a code there: six digits, good for ten minutes and five tries.")
    async def send_verification_code(
        self, info: Info, input: Input[SendVerificationCodeInput]
    ) -> ContactMethodResult | None:
        """Send a code there."""
        id = read_id(input.contact_method_id, "ContactMethod", "contactMethodId")
        row = await verify.send_verification_code(info.context.resources, info.context.actor, method_id=id)
        return ContactMethod.from_row(row)

    @strawberry.mutation(description="Give back the code that came, which makes the contact method of use.")
    async def verify_contact_method(
        self, info: Info, input: Input[VerifyContactMethodInput]
    ) -> ContactMethodResult | None:
        """Give back the code that came."""
        id = read_id(input.contact_method_id, "ContactMethod", "contactMethodId")
        row = await verify.verify_contact_method(
            info.context.resources, info.context.actor, method_id=id, code=input.code
        )
        return ContactMethod.from_row(row)

    @strawberry.mutation(description="Make a notification rule.")
    async def create_notification_rule(
        self, info: Info, input: Input[CreateNotificationRuleInput]
    ) -> NotificationRuleResult | None:
        """Make a notification rule."""
        row = await rules.create_notification_rule(
            info.context.resources,
            info.context.actor,
            channel=input.channel,
            min_severity=input.min_severity,
            importance=input.importance,
            delay=input.delay,
            quiet_hours=input.quiet_hours.read() if input.quiet_hours else None,
            digest_every=input.digest_every,
            developer_id=read_id(input.developer_id, "Developer", "developerId") if input.developer_id else None,
        )
        return NotificationRule.from_row(row)

    @strawberry.mutation(description="Change a notification rule.")
    async def update_notification_rule(
        self, info: Info, input: Input[UpdateNotificationRuleInput]
    ) -> NotificationRuleResult | None:
        """Change a notification rule."""
        id = read_id(input.notification_rule_id, "NotificationRule", "notificationRuleId")
        row = await rules.update_notification_rule(
            info.context.resources, info.context.actor, rule_id=id, **input.settings()
        )
        return NotificationRule.from_row(row)

    @strawberry.mutation(description="Delete a notification rule.")
    async def delete_notification_rule(
        self, info: Info, input: Input[DeleteNotificationRuleInput]
    ) -> NotificationRuleResult | None:
        """Delete a notification rule."""
        id = read_id(input.notification_rule_id, "NotificationRule", "notificationRuleId")
        row = await rules.delete_notification_rule(info.context.resources, info.context.actor, rule_id=id)
        return NotificationRule.from_row(row)
