"""Escalations: an alert that climbed."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Column, Uuid
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field, SQLModel

from models.columns import instant


class Escalation(SQLModel, table=True):
    """One step up: from whom, to whom, why."""

    __tablename__ = "escalation"

    id: UUID = Field(primary_key=True)
    project_id: UUID
    alert_id: UUID = Field(foreign_key="alert.id", index=True)
    level: int
    from_id: UUID | None = Field(default=None, foreign_key="developer.id")
    to_ids: list[UUID] = Field(sa_column=Column(ARRAY(Uuid), nullable=False))
    reason: str
    is_automatic: bool
    at: datetime = Field(sa_column=instant())
