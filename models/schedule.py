"""Schedules: their rotations and overrides, and who was on call by them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Column, Index, Integer, LargeBinary
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field, SQLModel

from domain.schedule.definition import RotationKind
from models.columns import enum_column, instant, texts


class Schedule(SQLModel, table=True):
    """Who is on call when, for some services, or for all where it names none.

    Until `recorded_until` it is kept in `shift` who was; from then on it follows from the definition. People were told
    of hand-offs until `told_until`. `next_change_at` is when somebody comes or goes next, as the definition was when
    that was last reckoned; none where it is to be reckoned anew. Of the one at `ahead_told_at` people were told before.
    """

    __tablename__ = "schedule"
    __table_args__ = (Index("schedule_recorded", "recorded_until"),)

    id: UUID = Field(primary_key=True)
    name: str = Field(unique=True)
    timezone: str
    services: list[str] = Field(sa_column=texts())
    team_id: UUID | None = Field(default=None, foreign_key="team.id", index=True)
    created_at: datetime = Field(sa_column=instant())
    recorded_until: datetime = Field(sa_column=instant())
    notify_handoff: bool = True
    handoff_ahead_s: int | None = None
    told_until: datetime = Field(sa_column=instant())
    next_change_at: datetime | None = Field(default=None, sa_column=instant(nullable=True))
    ahead_told_at: datetime | None = Field(default=None, sa_column=instant(nullable=True))
    # SHA-256 of what its calendar's address holds; none while it has no address.
    calendar_digest: bytes | None = Field(default=None, sa_column=Column(LargeBinary, nullable=True, unique=True))


class Rotation(SQLModel, table=True):
    """People who take turns in a schedule."""

    __tablename__ = "rotation"
    __table_args__ = (
        CheckConstraint("length BETWEEN 1 AND 1000", name="length"),
        CheckConstraint("(active_from IS NULL) = (active_until IS NULL)", name="hours"),
    )

    id: UUID = Field(primary_key=True)
    schedule_id: UUID = Field(foreign_key="schedule.id", ondelete="CASCADE", index=True)
    name: str
    kind: RotationKind = Field(sa_column=enum_column(RotationKind))
    length: int
    starts_at: datetime = Field(sa_column=instant())
    # 1 is Monday; none: every day.
    active_days: list[int] = Field(sa_column=Column(ARRAY(Integer), nullable=False))
    # Times on the schedule's clocks, such as 08:30.
    active_from: str | None = None
    active_until: str | None = None


class RotationParticipant(SQLModel, table=True):
    """Whose turn comes at which place of a rotation."""

    __tablename__ = "rotation_participant"

    rotation_id: UUID = Field(primary_key=True, foreign_key="rotation.id", ondelete="CASCADE")
    position: int = Field(primary_key=True)
    developer_id: UUID = Field(foreign_key="developer.id", ondelete="CASCADE", index=True)


class ScheduleOverride(SQLModel, table=True):
    """A span `[starts_at, ends_at)` in which one is on call besides, is not, or is so in another's place."""

    __tablename__ = "schedule_override"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="span"),
        CheckConstraint("add_id IS NOT NULL OR remove_id IS NOT NULL", name="somebody"),
        CheckConstraint("add_id <> remove_id", name="two_people"),
        Index("schedule_override_span", "schedule_id", "ends_at"),
    )

    id: UUID = Field(primary_key=True)
    schedule_id: UUID = Field(foreign_key="schedule.id", ondelete="CASCADE")
    starts_at: datetime = Field(sa_column=instant())
    ends_at: datetime = Field(sa_column=instant())
    add_id: UUID | None = Field(default=None, foreign_key="developer.id", ondelete="CASCADE", index=True)
    remove_id: UUID | None = Field(default=None, foreign_key="developer.id", ondelete="CASCADE", index=True)
    note: str | None = None


class Shift(SQLModel, table=True):
    """A span `[starts_at, ends_at)` in which somebody was on call: written as it passes, and never changed after."""

    __tablename__ = "shift"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="span"),
        Index("shift_start", "schedule_id", "developer_id", "starts_at", unique=True),
        Index("shift_end", "schedule_id", "ends_at"),
    )

    id: UUID = Field(primary_key=True)
    schedule_id: UUID = Field(foreign_key="schedule.id", ondelete="CASCADE")
    developer_id: UUID = Field(foreign_key="developer.id", ondelete="CASCADE", index=True)
    starts_at: datetime = Field(sa_column=instant())
    ends_at: datetime = Field(sa_column=instant())
    is_override: bool
