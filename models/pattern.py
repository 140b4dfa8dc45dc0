"""Patterns, as they were mined from issues so far."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Column, Index, SmallInteger, text
from sqlmodel import Field, SQLModel

from domain.pattern import Trend
from models.columns import digest, enum_column, instant, json, texts


class Pattern(SQLModel, table=True):
    """One template of a message, with one error type, in issues of a project; people know those of several issues.

    `detected_at` is when a second issue was found. One that was merged away leads to one that was not. `endpoints` are
    names with counts, `severities` counts by severity; `trend_rank` sorts by trend; all are made anew when due.
    """

    __tablename__ = "pattern"
    __table_args__ = (
        Index("pattern_digest", "digest", "project_id"),
        Index("pattern_error_type", "project_id", "error_type", "last_seen_at"),
        Index("pattern_due", "figures_due_at", postgresql_where=text("figures_due_at IS NOT NULL")),
        Index("pattern_merged", "merged_into_id", postgresql_where=text("merged_into_id IS NOT NULL")),
        Index("pattern_event_count", "project_id", "event_count", "id"),
        Index("pattern_last_seen", "project_id", "last_seen_at", "id"),
        Index("pattern_trend", "project_id", "trend_rank", "id"),
    )

    id: UUID = Field(primary_key=True)
    project_id: UUID = Field(foreign_key="project.id")
    digest: bytes = Field(sa_column=digest())
    error_type: str
    template: str
    event_count: int = Field(sa_column=Column(BigInteger, nullable=False))
    issue_count: int
    services: list[str] = Field(sa_column=texts())
    endpoints: list[Any] = Field(sa_column=json(nullable=False))
    severities: dict[str, int] = Field(sa_column=json(nullable=False))
    trend: Trend = Field(sa_column=enum_column(Trend))
    trend_rank: int = Field(sa_column=Column(SmallInteger, nullable=False))
    change_percent: float | None = None
    detected_at: datetime | None = Field(default=None, sa_column=instant(nullable=True))
    last_seen_at: datetime = Field(sa_column=instant())
    figures_due_at: datetime | None = Field(default=None, sa_column=instant(nullable=True))
    merged_into_id: UUID | None = Field(default=None, foreign_key="pattern.id", ondelete="CASCADE")


class PatternIssue(SQLModel, table=True):
    """Which pattern an issue is of. No foreign key leads to the issue: it would lock those that the writer is at."""

    __tablename__ = "pattern_issue"
    __table_args__ = (Index("pattern_issue_pattern", "pattern_id", "issue_id"),)

    issue_id: UUID = Field(primary_key=True)
    pattern_id: UUID = Field(foreign_key="pattern.id", ondelete="CASCADE")
