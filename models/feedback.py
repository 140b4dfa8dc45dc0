"""What people said of events, or without one."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from models.columns import instant


class Feedback(SQLModel, table=True):
    """The words of one person. `row_id` and `grouping_key_id` lead to the event that they are about, once that came.

    Through its grouping key it stays with the issue that this leads to, after the event was dropped too.
    """

    __tablename__ = "feedback"
    __table_args__ = (
        Index("feedback_name", "project_id", "feedback_id", unique=True),
        Index("feedback_project", "project_id", "id"),
        Index("feedback_event", "row_id", "id", postgresql_where=text("row_id IS NOT NULL")),
        Index("feedback_key", "grouping_key_id", "id", postgresql_where=text("grouping_key_id IS NOT NULL")),
        Index("feedback_waiting", "at", postgresql_where=text("row_id IS NULL AND event_id IS NOT NULL")),
    )

    id: UUID = Field(primary_key=True)
    project_id: UUID
    feedback_id: str
    event_id: str | None = None
    row_id: UUID | None = None
    grouping_key_id: UUID | None = None
    name: str | None = None
    email: str | None = None
    message: str
    url: str | None = None
    at: datetime = Field(sa_column=instant())
