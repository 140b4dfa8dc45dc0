"""The words that administrators gave to messages."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from domain.notification import Channel, NotificationKind
from models.columns import enum_column, instant


class NotificationTemplate(SQLModel, table=True):
    """What messages by a channel say: of a kind or of all, in a project or in all. `subject` is that of mail."""

    __tablename__ = "notification_template"
    __table_args__ = (
        Index(
            "notification_template_place",
            "channel",
            "kind",
            "project_id",
            unique=True,
            postgresql_nulls_not_distinct=True,
        ),
    )

    id: UUID = Field(primary_key=True)
    channel: Channel = Field(sa_column=enum_column(Channel))
    kind: NotificationKind | None = Field(default=None, sa_column=enum_column(NotificationKind, nullable=True))
    project_id: UUID | None = Field(default=None, foreign_key="project.id")
    subject: str | None = None
    text: str
    created_at: datetime = Field(sa_column=instant())
