"""People, the services they know, and when they are on call."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Column, Index, LargeBinary, text
from sqlmodel import Field, SQLModel

from domain.access import Role
from models.columns import enum_column, instant


class Developer(SQLModel, table=True):
    """A person who triages and is told."""

    __tablename__ = "developer"
    __table_args__ = (
        Index("developer_email", text("lower(email)"), unique=True),
        CheckConstraint("max_load BETWEEN 0 AND 1000", name="max_load"),
        CheckConstraint("manager_id <> id", name="own_manager"),
    )

    id: UUID = Field(primary_key=True)
    name: str
    email: str
    role: Role = Field(sa_column=enum_column(Role))
    timezone: str
    manager_id: UUID | None = Field(default=None, foreign_key="developer.id")
    max_load: int
    created_at: datetime = Field(sa_column=instant())
    last_assigned_at: datetime | None = Field(default=None, sa_column=instant(nullable=True))
    # SHA-256 of what the address of the calendar of their shifts holds; none while it has no address.
    calendar_digest: bytes | None = Field(default=None, sa_column=Column(LargeBinary, nullable=True, unique=True))


class DeveloperService(SQLModel, table=True):
    """A service that a developer knows."""

    __tablename__ = "developer_service"

    developer_id: UUID = Field(primary_key=True, foreign_key="developer.id", ondelete="CASCADE")
    service: str = Field(primary_key=True, index=True)


class Duty(SQLModel, table=True):
    """A span `[starts_at, ends_at)` in which a developer is on call; open while `ends_at` is null."""

    __tablename__ = "duty"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="span"),
        Index("duty_developer", "developer_id", "starts_at"),
    )

    id: UUID = Field(primary_key=True)
    developer_id: UUID = Field(foreign_key="developer.id", ondelete="CASCADE")
    starts_at: datetime = Field(sa_column=instant())
    ends_at: datetime | None = Field(default=None, sa_column=instant(nullable=True))


class TimeOff(SQLModel, table=True):
    """A span `[starts_at, ends_at)` in which a developer is to be given nothing."""

    __tablename__ = "time_off"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="span"),
        Index("time_off_developer", "developer_id", "ends_at"),
    )

    id: UUID = Field(primary_key=True)
    developer_id: UUID = Field(foreign_key="developer.id", ondelete="CASCADE")
    starts_at: datetime = Field(sa_column=instant())
    ends_at: datetime = Field(sa_column=instant())
