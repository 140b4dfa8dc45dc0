"""Within which time issues are to be dealt with, and of which that run out of it somebody was warned."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import CheckConstraint, Column, Index, Interval
from sqlmodel import Field, SQLModel

from domain.event import Severity
from domain.target import Aim
from models.columns import enum_column, instant


class ResponseTarget(SQLModel, table=True):
    """The times for issues of a severity: of a project, or of all that have none of their own for that severity."""

    __tablename__ = "response_target"
    __table_args__ = (
        Index("response_target_of", "project_id", "severity", unique=True, postgresql_nulls_not_distinct=True),
        CheckConstraint("warn_at > 0 AND warn_at <= 1", name="response_target_warn_at"),
    )

    id: UUID = Field(primary_key=True)
    project_id: UUID | None = Field(default=None, foreign_key="project.id")
    severity: Severity = Field(sa_column=enum_column(Severity))
    acknowledge_within: timedelta | None = Field(default=None, sa_column=Column(Interval, nullable=True))
    resolve_within: timedelta | None = Field(default=None, sa_column=Column(Interval, nullable=True))
    warn_at: float


class TargetWarning(SQLModel, table=True):
    """Somebody was warned that this runs out of time: once for each step from which on the time runs."""

    __tablename__ = "target_warning"

    step_id: UUID = Field(primary_key=True)
    aim: Aim = Field(sa_column=enum_column(Aim, primary_key=True))
    issue_id: UUID = Field(foreign_key="issue.id", index=True)
    at: datetime = Field(sa_column=instant())
