"""Which days of which projects are in the archive, and how the last work on it ended."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, Column
from sqlmodel import Field, SQLModel

from models.columns import instant


class ArchivedDay(SQLModel, table=True):
    """A day of a project of which there may be files.

    So many of its events in the database are in there too: all up to `last_id`, when it was archived last. None: all.
    """

    __tablename__ = "archived_day"

    project_id: UUID = Field(primary_key=True)
    day: date = Field(primary_key=True)
    has_files: bool
    event_count: int = Field(sa_column=Column(BigInteger, nullable=False))
    archived_at: datetime = Field(sa_column=instant())
    last_id: UUID | None = None


class ArchiveOutcome(SQLModel, table=True):
    """When a command that works on the archive last went well, and why it failed since."""

    __tablename__ = "archive_outcome"

    command: str = Field(primary_key=True)
    succeeded_at: datetime | None = Field(default=None, sa_column=instant(nullable=True))
    failed_at: datetime | None = Field(default=None, sa_column=instant(nullable=True))
    failure: str | None = None
