"""Surges: when something had far more events than usual."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from models.columns import instant


class Surge(SQLModel, table=True):
    """A surge of a service, or of an issue in it; one row while it lasts. It is explained as it was at its worst."""

    __tablename__ = "surge"
    __table_args__ = (
        Index(
            "surge_under_way",
            "project_id",
            "service",
            "issue_id",
            unique=True,
            postgresql_nulls_not_distinct=True,
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index("surge_began", "project_id", "began_at"),
    )

    id: UUID = Field(primary_key=True)
    project_id: UUID = Field(foreign_key="project.id")
    service: str
    issue_id: UUID | None = Field(default=None, foreign_key="issue.id", index=True)
    began_at: datetime = Field(sa_column=instant())
    last_seen_at: datetime = Field(sa_column=instant())
    ended_at: datetime | None = Field(default=None, sa_column=instant(nullable=True))
    expected: float
    actual: int
    score: float
    window_s: int
