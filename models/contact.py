"""Where people can be reached, and by which ways they want to be told of what."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from domain.contact import Importance
from domain.event import Severity
from domain.notification import Channel
from models.columns import digest, enum_column, instant


class ContactMethod(SQLModel, table=True):
    """One place where a person can be reached; of use once they have given back the code that was sent there.

    Of the code only a digest is kept. `signing_secret` signs what goes to a webhook.
    """

    __tablename__ = "contact_method"
    __table_args__ = (UniqueConstraint("developer_id", "channel", "value", name="contact_method_value"),)

    id: UUID = Field(primary_key=True)
    developer_id: UUID = Field(foreign_key="developer.id", ondelete="CASCADE")
    channel: Channel = Field(sa_column=enum_column(Channel))
    value: str = Field(repr=False)
    is_enabled: bool = True
    verified_at: datetime | None = Field(default=None, sa_column=instant(nullable=True))
    code_digest: bytes | None = Field(default=None, sa_column=digest(nullable=True), repr=False)
    code_expires_at: datetime | None = Field(default=None, sa_column=instant(nullable=True))
    code_tries: int = 0
    signing_secret: str | None = Field(default=None, repr=False)
    created_at: datetime = Field(sa_column=instant())


class NotificationRule(SQLModel, table=True):
    """Which channel, from which severity, after what delay, gathered for how long, outside which quiet hours."""

    __tablename__ = "notification_rule"
    __table_args__ = (
        Index("notification_rule_developer", "developer_id", "id"),
        CheckConstraint("delay_s BETWEEN 0 AND 86400", name="delay"),
        CheckConstraint(
            "digest_s IS NULL OR (digest_s BETWEEN 300 AND 86400 AND importance = 'NORMAL')", name="digest"
        ),
        CheckConstraint("(quiet_start IS NULL) = (quiet_end IS NULL)", name="quiet_hours"),
    )

    id: UUID = Field(primary_key=True)
    developer_id: UUID = Field(foreign_key="developer.id", ondelete="CASCADE")
    importance: Importance = Field(sa_column=enum_column(Importance))
    channel: Channel = Field(sa_column=enum_column(Channel))
    min_severity: Severity = Field(sa_column=enum_column(Severity))
    delay_s: int = 0
    digest_s: int | None = None
    quiet_start: str | None = None
    quiet_end: str | None = None
    quiet_timezone: str | None = None
    quiet_except_critical: bool = True
    created_at: datetime = Field(sa_column=instant())


class MailOptOut(SQLModel, table=True):
    """That a developer wants no mail of a kind, but of what somebody must act on."""

    __tablename__ = "mail_opt_out"

    developer_id: UUID = Field(primary_key=True, foreign_key="developer.id", ondelete="CASCADE")
    # No closed set here: it is that of notifications, which grows.
    kind: str = Field(primary_key=True)
    at: datetime = Field(sa_column=instant())
