"""The outbox: each message to one person by one way, and every try to deliver it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Index, SmallInteger, text
from sqlmodel import Field, SQLModel

from domain.alert import AlertStatus
from domain.notification import Channel, NotificationKind, NotificationStatus
from models.columns import enum_column, instant, json


class Notification(SQLModel, table=True):
    """One message. `next_attempt_at` is the timer, `lease_until` says how long a worker holds it.

    `urgency` grows with the severity. `tried_at` is when its latest try began. `throttled_until`: it was kept waiting
    until then, since too much was sent there. `digest_at`: it was gathered for the digest that leaves then.
    `carrier_id`: it travels in the message of that one, and shares its fate.

    `receipt` is what the recipient's server calls a message that can be changed there, `shown_status` is where it says
    the alert stands, and before `refresh_at` nobody tries to change that.
    """

    __tablename__ = "notification"
    __table_args__ = (
        Index("notification_due", "next_attempt_at", postgresql_where=text("next_attempt_at IS NOT NULL")),
        Index("notification_issue", "issue_id", "id"),
        Index("notification_recipient", "recipient_id", "id"),
        Index("notification_project", "project_id", "id"),
        Index(
            "notification_contact_method",
            "contact_method_id",
            postgresql_where=text("contact_method_id IS NOT NULL"),
        ),
        # What was sent to a place lately, and what waits for it.
        Index(
            "notification_tried",
            "channel",
            "destination",
            "tried_at",
            postgresql_where=text("tried_at IS NOT NULL AND carrier_id IS NULL"),
        ),
        Index("notification_throttled", "channel", "destination", postgresql_where=text("throttled_until IS NOT NULL")),
        # What is gathered for a place, until it leaves.
        Index(
            "notification_digest",
            "channel",
            "destination",
            postgresql_where=text("digest_at IS NOT NULL AND next_attempt_at IS NOT NULL"),
        ),
        Index("notification_carrier", "carrier_id", postgresql_where=text("carrier_id IS NOT NULL")),
        Index("notification_changeable", "alert_id", postgresql_where=text("receipt IS NOT NULL")),
    )

    id: UUID = Field(primary_key=True)
    project_id: UUID | None = Field(default=None, foreign_key="project.id")
    kind: NotificationKind = Field(sa_column=enum_column(NotificationKind))
    channel: Channel = Field(sa_column=enum_column(Channel))
    recipient_id: UUID | None = Field(default=None, foreign_key="developer.id")
    destination: str
    subject: str
    content: dict[str, Any] = Field(sa_column=json(nullable=False))
    status: NotificationStatus = Field(sa_column=enum_column(NotificationStatus))
    reason: str
    issue_id: UUID | None = Field(default=None, foreign_key="issue.id")
    alert_id: UUID | None = Field(default=None, foreign_key="alert.id")
    contact_method_id: UUID | None = Field(default=None, foreign_key="contact_method.id", ondelete="SET NULL")
    idempotency_key: str = Field(unique=True)
    urgency: int = Field(default=0, sa_column=Column(SmallInteger, nullable=False, server_default="0"))
    tried_at: datetime | None = Field(default=None, sa_column=instant(nullable=True))
    throttled_until: datetime | None = Field(default=None, sa_column=instant(nullable=True))
    digest_at: datetime | None = Field(default=None, sa_column=instant(nullable=True))
    carrier_id: UUID | None = Field(default=None, foreign_key="notification.id")
    attempt_count: int = 0
    next_attempt_at: datetime | None = Field(default=None, sa_column=instant(nullable=True))
    lease_until: datetime | None = Field(default=None, sa_column=instant(nullable=True))
    created_at: datetime = Field(sa_column=instant())
    sent_at: datetime | None = Field(default=None, sa_column=instant(nullable=True))
    read_at: datetime | None = Field(default=None, sa_column=instant(nullable=True))
    receipt: dict[str, Any] | None = Field(default=None, sa_column=json())
    shown_status: AlertStatus | None = Field(default=None, sa_column=enum_column(AlertStatus, nullable=True))
    refresh_at: datetime | None = Field(default=None, sa_column=instant(nullable=True))


class DeliveryAttempt(SQLModel, table=True):
    """One try to deliver a notification, and what came of it."""

    __tablename__ = "delivery_attempt"

    id: UUID = Field(primary_key=True)
    notification_id: UUID = Field(foreign_key="notification.id", index=True, ondelete="CASCADE")
    at: datetime = Field(sa_column=instant())
    succeeded: bool
    status_code: int | None = None
    detail: str | None = None
    duration_ms: int
