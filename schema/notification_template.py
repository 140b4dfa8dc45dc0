"""How a template of messages looks from outside, and what can be set of one."""

from typing import Annotated, Self

import strawberry

import models
from domain.notification import Channel, NotificationKind
from domain.notification_template import TemplateSettings
from resolvers.notification_template import listing, preview, settings
from schema.argument import Input
from schema.changes import given
from schema.context import Info
from schema.failure import Conflict, InvalidInput, NotFound
from schema.node import ID, Node, read_id
from schema.project import Project


@strawberry.type(
    description="The words of messages by one channel, in place of the usual ones. Of those that fit a message, the "
    "project's goes before all projects', then the kind's before that of all kinds about issues."
)
class NotificationTemplate(Node):
    """The words of messages by one channel."""

    row: strawberry.Private[models.NotificationTemplate]

    channel: Channel = strawberry.field(description="By which way.")
    kind: NotificationKind | None = strawberry.field(description="Of which kind; null for all about issues.")
    subject: str | None = strawberry.field(description="The subject of a mail; null for the usual one.")
    text: str = strawberry.field(description="The text.")

    @strawberry.field(description="The only project whose messages it is for; null for all.")
    async def project(self, info: Info) -> Project | None:
        """The only project whose messages it is for."""
        row = await info.context.loaders.project_by_id.load(self.row.project_id) if self.row.project_id else None
        return Project.from_row(row) if row else None

    @classmethod
    def from_row(cls, row: models.NotificationTemplate) -> Self:
        """The template of a row."""
        return cls(uuid=row.id, row=row, channel=row.channel, kind=row.kind, subject=row.subject, text=row.text)


@strawberry.type(description="What a message would say.")
class NotificationPreview:
    """What a message would say."""

    subject: str | None = strawberry.field(description="The subject of a mail.")
    text: str = strawberry.field(description="The text; of TELEGRAM in its tags, of SLACK without what stays anyway.")
    html: str | None = strawberry.field(description="The other form of a mail.")


@strawberry.input(description="A template to be shown, which nobody has stored yet.")
class PreviewNotificationTemplateInput:
    """A template to be shown."""

    channel: Channel = strawberry.field(description="EMAIL, SLACK, SMS, TELEGRAM or APPRISE.")
    text: str = strawberry.field(description="The text; at most 4,000 characters.")
    subject: str | None = strawberry.field(default=None, description="The subject of a mail; at most 500 characters.")
    kind: NotificationKind | None = strawberry.field(
        default=None, description="As a message of which kind; left out, ALERT."
    )
    issue_id: ID | None = strawberry.field(default=None, description="About this issue, of a kind about issues.")
    notification_id: ID | None = strawberry.field(
        default=None, description="With what this notification knows; without it and an issue, a sample."
    )


@strawberry.type
class NotificationTemplateQuery:
    """Questions about templates."""

    @strawberry.field(description="The templates of messages of projects that you may see, and of all, oldest first.")
    async def notification_templates(self, info: Info) -> list[NotificationTemplate] | None:
        """The templates in sight."""
        rows = await listing.list_notification_templates(info.context.resources, info.context.actor)
        return [NotificationTemplate.from_row(row) for row in rows]

    @strawberry.field(
        description="What a message would say by a template. Nothing is kept of it or sent, and its links to answer "
        "lead nowhere."
    )
    async def preview_notification_template(
        self, info: Info, input: Input[PreviewNotificationTemplateInput]
    ) -> NotificationPreview | None:
        """What a message would say."""
        about, written = input.issue_id, input.notification_id
        made = await preview.preview_notification_template(
            info.context.resources,
            info.context.actor,
            channel=input.channel,
            text=input.text,
            subject=input.subject,
            kind=input.kind,
            issue_id=read_id(about, "Issue", "issueId") if about else None,
            notification_id=read_id(written, "Notification", "notificationId") if written else None,
        )
        return NotificationPreview(subject=made.subject, text=made.text, html=made.html)


@strawberry.input(description="A new template of messages.")
class CreateNotificationTemplateInput:
    """A new template of messages."""

    channel: Channel = strawberry.field(description="EMAIL, SLACK, SMS, TELEGRAM or APPRISE.")
    text: str = strawberry.field(description="The text; at most 4,000 characters.")
    subject: str | None = strawberry.field(
        default=None, description="The subject of a mail, at most 500 characters; left out, the usual one."
    )
    kind: NotificationKind | None = strawberry.field(
        default=None,
        description="NEW_ISSUE, REGRESSION, ASSIGNMENT, ALERT, ESCALATION or TARGET; left out, all of these that have"
        " no template of their own. Or HANDOFF; or, by EMAIL only, DAILY_SUMMARY, WARNING or EVENTS_DROPPED. What may"
        " be said of each is in docs/notifications.md.",
    )
    project: str | None = strawberry.field(
        default=None,
        description="The slug of its only project; left out, all. Not for HANDOFF, DAILY_SUMMARY and WARNING.",
    )


@strawberry.input(description="What is to change of a template; what is left out stays.")
class UpdateNotificationTemplateInput:
    """What is to change of a template."""

    notification_template_id: ID = strawberry.field(description="Which.")
    text: str | None = strawberry.field(default=None, description="The text; at most 4,000 characters.")
    subject: strawberry.Maybe[str | None] = strawberry.field(
        default=None, description="The subject of a mail, at most 500 characters; null for the usual one."
    )

    def settings(self) -> TemplateSettings:
        """What was given."""
        some: TemplateSettings = given(text=self.text)
        if self.subject is not None:
            some["subject"] = self.subject.value
        return some


@strawberry.input(description="Which template is to go.")
class DeleteNotificationTemplateInput:
    """Which template is to go."""

    notification_template_id: ID = strawberry.field(description="Which.")


CreateNotificationTemplateResult = Annotated[
    NotificationTemplate | InvalidInput | Conflict,
    strawberry.union("CreateNotificationTemplateResult", description="The template, or why not."),
]
NotificationTemplateResult = Annotated[
    NotificationTemplate | NotFound | InvalidInput,
    strawberry.union("NotificationTemplateResult", description="The template as it is now, or was, or why not."),
]


@strawberry.type
class NotificationTemplateMutation:
    """What can be set of templates."""

    @strawberry.mutation(
        description="Give messages by a channel words of your own, from now on; what was written keeps its words. "
        "Needs ADMIN."
    )
    async def create_notification_template(
        self, info: Info, input: Input[CreateNotificationTemplateInput]
    ) -> CreateNotificationTemplateResult | None:
        """Give messages words of one's own."""
        row = await settings.create_notification_template(
            info.context.resources,
            info.context.actor,
            channel=input.channel,
            text=input.text,
            subject=input.subject,
            kind=input.kind,
            project=input.project,
        )
        return NotificationTemplate.from_row(row)

    @strawberry.mutation(description="Change the words of a template. Needs ADMIN.")
    async def update_notification_template(
        self, info: Info, input: Input[UpdateNotificationTemplateInput]
    ) -> NotificationTemplateResult | None:
        """Change the words of a template."""
        id = read_id(input.notification_template_id, "NotificationTemplate", "notificationTemplateId")
        row = await settings.update_notification_template(
            info.context.resources, info.context.actor, template_id=id, **input.settings()
        )
        return NotificationTemplate.from_row(row)

    @strawberry.mutation(description="Take a template away; the usual words are back. Needs ADMIN.")
    async def delete_notification_template(
        self, info: Info, input: Input[DeleteNotificationTemplateInput]
    ) -> NotificationTemplateResult | None:
        """Take a template away."""
        id = read_id(input.notification_template_id, "NotificationTemplate", "notificationTemplateId")
        row = await settings.delete_notification_template(info.context.resources, info.context.actor, template_id=id)
        return NotificationTemplate.from_row(row)
