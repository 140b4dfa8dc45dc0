"""Calendars that are kept elsewhere, and the shifts that schedules take from them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Column, Index, LargeBinary
from sqlmodel import Field, SQLModel

from models.columns import instant, texts


class ImportedCalendar(SQLModel, table=True):
    """A calendar from which a schedule takes shifts; `content` is the last copy of it that could be read.

    `next_read_at` is the timer. Without a `url` nobody asks for it anew, but shifts that were too far ahead come near.
    """

    __tablename__ = "imported_calendar"
    __table_args__ = (Index("imported_calendar_due", "next_read_at"),)

    id: UUID = Field(primary_key=True)
    schedule_id: UUID = Field(foreign_key="schedule.id", ondelete="CASCADE", index=True)
    name: str
    url: str | None = None
    content: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    read_at: datetime = Field(sa_column=instant())
    shifts_at: datetime = Field(sa_column=instant())
    next_read_at: datetime = Field(sa_column=instant())
    failure: str | None = None
    failed_at: datetime | None = Field(default=None, sa_column=instant(nullable=True))
    shift_count: int
    unmatched: list[str] = Field(sa_column=texts())
    created_at: datetime = Field(sa_column=instant())


class ImportedShift(SQLModel, table=True):
    """A span `[starts_at, ends_at)` in which a calendar puts somebody on call."""

    __tablename__ = "imported_shift"
    __table_args__ = (CheckConstraint("ends_at > starts_at", name="span"),)

    calendar_id: UUID = Field(primary_key=True, foreign_key="imported_calendar.id", ondelete="CASCADE")
    ends_at: datetime = Field(sa_column=instant(primary_key=True))
    starts_at: datetime = Field(sa_column=instant(primary_key=True))
    developer_id: UUID = Field(primary_key=True, foreign_key="developer.id", ondelete="CASCADE", index=True)
