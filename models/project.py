"""Projects, and the releases seen in them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Column, Identity
from sqlmodel import Field, SQLModel

from domain.project import Plan
from models.columns import enum_column, instant, json, texts


class Project(SQLModel, table=True):
    """What events are logged to and access is given by."""

    __tablename__ = "project"
    __table_args__ = (CheckConstraint("retention_days BETWEEN 1 AND 3650", name="retention"),)

    id: UUID = Field(primary_key=True)
    number: int | None = Field(default=None, sa_column=Column(BigInteger, Identity(), nullable=False, unique=True))
    slug: str = Field(unique=True)
    name: str
    plan: Plan = Field(sa_column=enum_column(Plan))
    retention_days: int
    max_events: int | None = Field(default=None, sa_column=Column(BigInteger, nullable=True))
    owner_id: UUID | None = Field(default=None, foreign_key="developer.id")
    redact_keys: list[str] = Field(default_factory=list, sa_column=texts())
    grouping_rules: dict[str, Any] | None = Field(default=None, sa_column=json())
    hourly_quota: int | None = None
    spike_protection: bool = True
    inbound_filters: dict[str, Any] = Field(default_factory=dict, sa_column=json(nullable=False))
    sampling_rules: list[dict[str, Any]] = Field(default_factory=list, sa_column=json(nullable=False))
    ownership_rules: list[dict[str, Any]] = Field(default_factory=list, sa_column=json(nullable=False))
    created_at: datetime = Field(sa_column=instant())


class Release(SQLModel, table=True):
    """A version seen in a project, kept to order versions that do not parse."""

    __tablename__ = "release"

    project_id: UUID = Field(primary_key=True)
    version: str = Field(primary_key=True)
    first_seen_at: datetime = Field(sa_column=instant())
