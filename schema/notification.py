"""How a notification looks from outside, and what can be done with one."""

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

import strawberry

import models
from domain.contact import shown
from domain.notification import Channel, NotificationFilter, NotificationKind, NotificationStatus
from domain.page import DEFAULT_SIZE, page_request
from resolvers.notification import dashboard, listing, retry, trial, unsubscribe
from schema.alert import Alert
from schema.argument import Input
from schema.changes import read_ids
from schema.connection import After, CountedConnection, Size, counted_connection
from schema.context import Info
from schema.developer import Developer
from schema.failure import Conflict, InvalidInput, NotFound
from schema.node import ID, Node, read_id
from schema.scalars import Count


@strawberry.type(description="One try to deliver a notification, and what came of it.")
class DeliveryAttempt:
    """One try to deliver a notification."""

    at: datetime = strawberry.field(description="When it began.")
    succeeded: bool = strawberry.field(description="Whether the recipient's server took it.")
    status_code: int | None = strawberry.field(description="The server's answer as a number; null where none came.")
    detail: str | None = strawberry.field(description="What the server said, or what went wrong.")
    duration_ms: int = strawberry.field(description="How long it took.")

    @classmethod
    def from_row(cls, row: models.DeliveryAttempt) -> Self:
        """The attempt of a row."""
        return cls(
            at=row.at,
            succeeded=row.succeeded,
            status_code=row.status_code,
            detail=row.detail,
            duration_ms=row.duration_ms,
        )


@strawberry.type(description="One message to one person by one way.")
class Notification(Node):
    """One message to one person by one way."""

    recipient_id: strawberry.Private[UUID | None]
    issue_id: strawberry.Private[UUID | None]
    alert_id: strawberry.Private[UUID | None]
    carrier_id: strawberry.Private[UUID | None]

    kind: NotificationKind = strawberry.field(description="What it tells.")
    channel: Channel = strawberry.field(description="By which way.")
    destination: str = strawberry.field(description="The address that it goes to, its secrets left out.")
    subject: str = strawberry.field(description="Its first line.")
    status: NotificationStatus = strawberry.field(description="Where the delivery stands.")
    reason: str = strawberry.field(description="Why this person got this, by this channel; or why it was held back.")
    next_attempt_at: datetime | None = strawberry.field(
        description="When it is tried next, if nothing comes of the present try; null once it is settled, "
        "and while it travels in the message of another."
    )
    created_at: datetime = strawberry.field(description="When it was written.")
    sent_at: datetime | None = strawberry.field(description="When the recipient's server took it.")
    read_at: datetime | None = strawberry.field(description="When the recipient said to have read it.")

    @strawberry.field(description="To whom; null where you may not see them.")
    async def recipient(self, info: Info) -> Developer | None:
        """To whom."""
        key = self.recipient_id
        row = await info.context.loaders.developer_by_id.load(key) if key else None
        return Developer.from_row(row) if row else None

    @strawberry.field(description="The issue that it is about.")
    async def issue(self, info: Info) -> Annotated["Issue", strawberry.lazy("schema.issue")] | None:  # type: ignore[name-defined]  # noqa: F821 - it leads back
        """The issue that it is about."""
        row = await info.context.loaders.issue_by_id.load(self.issue_id) if self.issue_id else None
        return Node.of("Issue", row) if row else None

    @strawberry.field(description="The alert that it was sent for.")
    async def alert(self, info: Info) -> Alert | None:
        """The alert that it was sent for."""
        row = await info.context.loaders.alert_by_id.load(self.alert_id) if self.alert_id else None
        return Alert.from_row(row) if row else None

    @strawberry.field(
        description="The one in whose message it travelled, in a digest or where much was sent there; null: by itself."
    )
    async def carrier(self, info: Info) -> Annotated["Notification", strawberry.lazy("schema.notification")] | None:
        """The one in whose message it travelled."""
        row = await info.context.loaders.notification_by_id.load(self.carrier_id) if self.carrier_id else None
        return Notification.from_row(row) if row else None

    @strawberry.field(description="Every try to deliver it, or the one that carried it, first to last.")
    async def attempts(self, info: Info) -> list[DeliveryAttempt]:
        """Every try to deliver it."""
        rows = await info.context.loaders.attempts_by_notification_id.load(self.uuid)
        return [DeliveryAttempt.from_row(row) for row in rows]

    @classmethod
    def from_row(cls, row: models.Notification) -> Self:
        """The notification of a row."""
        return cls(
            uuid=row.id,
            recipient_id=row.recipient_id,
            issue_id=row.issue_id,
            alert_id=row.alert_id,
            carrier_id=row.carrier_id,
            kind=row.kind,
            channel=row.channel,
            destination=shown(row.channel, row.destination),
            subject=row.subject,
            status=row.status,
            reason=row.reason,
            next_attempt_at=row.next_attempt_at,
            created_at=row.created_at,
            sent_at=row.sent_at,
            read_at=row.read_at,
        )


@strawberry.type
class NotificationQuery:
    """Questions about notifications."""

    @strawberry.field(
        description="The notifications of the projects that you may see, and those to you that are about none, newest "
        "first."
    )
    async def notifications(
        self,
        info: Info,
        *,
        status: Annotated[
            list[NotificationStatus] | None, strawberry.argument(description="Only those that stand so.")
        ] = None,
        channel: Annotated[list[Channel] | None, strawberry.argument(description="Only those by these ways.")] = None,
        recipient: Annotated[ID | None, strawberry.argument(description="Only those to this developer.")] = None,
        first: Size = DEFAULT_SIZE,
        after: After = None,
    ) -> CountedConnection[Notification] | None:
        """The notifications in sight."""
        recipient_id = read_id(recipient, "Developer", "recipient") if recipient is not None else None
        filter = NotificationFilter(status, channel, recipient_id)
        res, actor = info.context.resources, info.context.actor
        page = await listing.list_notifications(res, actor, filter=filter, page=page_request(first, after))
        return counted_connection(
            page, Notification.from_row, lambda: listing.count_notifications(res, actor, filter=filter)
        )


@strawberry.input(description="Which notification to try again.")
class RetryNotificationInput:
    """Which notification to try again."""

    notification_id: ID = strawberry.field(description="The notification.")


@strawberry.input(description="Which notifications were read.")
class MarkNotificationsReadInput:
    """Which notifications were read."""

    ids: list[ID] | None = strawberry.field(default=None, description="At most 1,000; left out, all to you.")


@strawberry.type(description="What came of it.")
class MarkNotificationsReadPayload:
    """What came of it."""

    marked: Count = strawberry.field(description="How many of them were to you, and not read before.")


@strawberry.input(description="By which way a test is to come.")
class SendTestNotificationInput:
    """By which way a test is to come."""

    channel: Channel = strawberry.field(description="By which way.")
    destination: str | None = strawberry.field(
        default=None, description="To which of your verified contact methods; left out, the first by that way."
    )


NotificationResult = Annotated[
    Notification | NotFound | InvalidInput | Conflict,
    strawberry.union("NotificationResult", description="The notification as it is now, or why not."),
]


@strawberry.input(description="Whether you want mail of a kind.")
class SetMailSubscriptionInput:
    """Whether you want mail of a kind."""

    kind: NotificationKind = strawberry.field(description="Of which kind.")
    is_subscribed: bool = strawberry.field(
        description="Whether you want it. Of what somebody must act on (alerts, all that is CRITICAL) it comes anyway."
    )


@strawberry.type(description="Whether you get mail of a kind.")
class MailSubscription:
    """Whether you get mail of a kind."""

    kind: NotificationKind = strawberry.field(description="Of which kind.")
    is_subscribed: bool = strawberry.field(description="Whether you get it.")


MailSubscriptionResult = Annotated[
    MailSubscription | NotFound,
    strawberry.union("MailSubscriptionResult", description="What is set now, or why not."),
]
MarkNotificationsReadResult = Annotated[
    MarkNotificationsReadPayload | NotFound | InvalidInput,
    strawberry.union("MarkNotificationsReadResult", description="How many were marked, or why none."),
]


@strawberry.type
class NotificationMutation:
    """What can be done with notifications."""

    @strawberry.mutation(description="Try at once to deliver what was given up, held back, or waits for a try.")
    async def retry_notification(self, info: Info, input: Input[RetryNotificationInput]) -> NotificationResult | None:
        """Try again to deliver it."""
        id = read_id(input.notification_id, "Notification", "notificationId")
        row = await retry.retry_notification(info.context.resources, info.context.actor, notification_id=id)
        return Notification.from_row(row)

    @strawberry.mutation(description="Send yourself a test.")
    async def send_test_notification(
        self, info: Info, input: Input[SendTestNotificationInput]
    ) -> NotificationResult | None:
        """Send yourself a test."""
        row = await trial.send_test_notification(
            info.context.resources, info.context.actor, channel=input.channel, destination=input.destination
        )
        return Notification.from_row(row)

    @strawberry.mutation(description="Say that you have read notifications to you.")
    async def mark_notifications_read(
        self, info: Info, input: Input[MarkNotificationsReadInput]
    ) -> MarkNotificationsReadResult | None:
        """Say that you have read them."""
        marked = await dashboard.mark_notifications_read(
            info.context.resources, info.context.actor, ids=read_ids(input.ids, "Notification", "ids")
        )
        return MarkNotificationsReadPayload(marked=Count(marked))

    @strawberry.mutation(description="Say whether you want mail of a kind; the link in such a mail does the same.")
    async def set_mail_subscription(
        self, info: Info, input: Input[SetMailSubscriptionInput]
    ) -> MailSubscriptionResult | None:
        """Say whether you want mail of a kind."""
        res, actor = info.context.resources, info.context.actor
        await unsubscribe.set_mail_subscription(res, actor, kind=input.kind, is_subscribed=input.is_subscribed)
        return MailSubscription(kind=input.kind, is_subscribed=input.is_subscribed)
