"""Who changed what."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from domain.access import ActorKind
from models.columns import enum_column, instant, json


class AuditEntry(SQLModel, table=True):
    """One change, by whom, from what to what."""

    __tablename__ = "audit_entry"
    __table_args__ = (Index("audit_entry_target", "target_id", "id"),)

    id: UUID = Field(primary_key=True)
    project_id: UUID | None = None
    actor_kind: ActorKind = Field(sa_column=enum_column(ActorKind))
    actor_id: UUID | None = None
    action: str
    target_kind: str
    target_id: UUID
    before: dict[str, Any] | None = Field(default=None, sa_column=json())
    after: dict[str, Any] | None = Field(default=None, sa_column=json())
    ip_address: str | None = None
    at: datetime = Field(sa_column=instant())
