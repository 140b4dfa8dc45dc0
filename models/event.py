"""Events, and the reporters' own ids that make logging happen once."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Index
from sqlmodel import Field, SQLModel

from domain.event import Severity
from domain.report import IngestSource
from models.columns import digest, enum_column, instant, json, texts
from models.payload import PayloadColumn

# What stands beside the payload, made of it, so that it can be searched by.
SEARCHED = ("user_hash", "noted_tags")
# What a list does not show of an event, and so is not read with it.
UNLISTED = ("payload", *SEARCHED)


class Event(SQLModel, table=True):
    """One report, immutable. Partitioned by the day in its id, which is a UUID of version 7 made at the door.

    It knows the grouping key it came by, never its issue: merge and split re-point keys, and rewrite no event. Whom it
    happened to and its first tags stand beside the payload, for searches, where an event came after they were added.
    """

    __tablename__ = "event"
    __table_args__ = (
        Index("event_by_key", "project_id", "grouping_key_id", "id"),
        Index("event_by_service", "project_id", "service", "id"),
        {"postgresql_partition_by": "RANGE (id)"},
    )

    project_id: UUID = Field(primary_key=True)
    id: UUID = Field(primary_key=True)
    event_id: str
    grouping_key_id: UUID
    service: str
    environment: str
    release: str | None = None
    severity: Severity = Field(sa_column=enum_column(Severity))
    error_type: str
    error_code: str | None = None
    message: str
    culprit: str | None = None
    source: IngestSource = Field(sa_column=enum_column(IngestSource))
    occurred_at: datetime = Field(sa_column=instant())
    received_at: datetime = Field(sa_column=instant())
    payload: dict[str, Any] = Field(sa_column=Column(PayloadColumn, nullable=False))
    ingest_notes: list[str] = Field(sa_column=texts())
    user_hash: bytes | None = Field(default=None, sa_column=digest(nullable=True))
    noted_tags: dict[str, str] | None = Field(default=None, sa_column=json())


class EventKey(SQLModel, table=True):
    """The reporter's id of an event, unpartitioned, so that the same id is stored once whatever the day."""

    __tablename__ = "event_key"
    __table_args__ = (Index("event_key_received", "received_at"),)

    project_id: UUID = Field(primary_key=True)
    event_id: str = Field(primary_key=True)
    id: UUID
    received_at: datetime = Field(sa_column=instant())
