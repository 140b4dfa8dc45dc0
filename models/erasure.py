"""People to be erased, and how far that has come."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Column, Index, text
from sqlmodel import Field, SQLModel

from models.columns import instant, json


class Erasure(SQLModel, table=True):
    """One person to be taken out of one project. Who it is, is known until that is done, and then to nobody."""

    __tablename__ = "erasure"
    __table_args__ = (
        Index("erasure_open", "id", postgresql_where=text("finished_at IS NULL")),
        Index("erasure_project", "project_id", "id"),
    )

    id: UUID = Field(primary_key=True)
    project_id: UUID
    person: dict[str, Any] | None = Field(default=None, sa_column=json())
    requested_at: datetime = Field(sa_column=instant())
    finished_at: datetime | None = Field(default=None, sa_column=instant(nullable=True))
    is_in_kept: bool = False
    is_in_archive: bool = False
    after_file: str | None = None
    after_id: UUID
    events_read: int = Field(sa_column=Column(BigInteger, nullable=False))
    events_changed: int = Field(sa_column=Column(BigInteger, nullable=False))
