"""Counts made as events arrive, so that nobody counts events to draw a chart."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, Column, Date, Index, Integer
from sqlmodel import Field, SQLModel

from domain.admission import DropReason
from domain.event import Severity
from domain.issue import IssueStatus
from models.columns import digest, enum_column, instant

# Where an index alone is to tell, all pages are to be known as visible: a vacuum notes it, and is to come often.
_VACUUMED_OFTEN = {"autovacuum_vacuum_scale_factor": 0.0025}
# What figures ask of many issues: an index alone tells.
_OF_ISSUE = ["issue_id", "service", "status", "first_seen_at"]
# The columns of a day that say what was in each of its hours.
HOURS_OF_DAY = tuple(f"hour_{hour:02}" for hour in range(24))


class MinuteCount(SQLModel, table=True):
    """Events of one UTC minute by service, environment and severity."""

    __tablename__ = "minute_count"
    __table_args__ = ({"postgresql_with": {"fillfactor": 70}},)

    project_id: UUID = Field(primary_key=True)
    minute: datetime = Field(sa_column=instant(primary_key=True))
    service: str = Field(primary_key=True)
    environment: str = Field(primary_key=True)
    severity: Severity = Field(sa_column=enum_column(Severity, primary_key=True))
    event_count: int = Field(sa_column=Column(BigInteger, nullable=False))


class HourlyCount(SQLModel, table=True):
    """Events of one UTC hour by service, environment, severity and release, which is empty for none."""

    __tablename__ = "hourly_count"
    __table_args__ = ({"postgresql_with": {"fillfactor": 70}},)

    project_id: UUID = Field(primary_key=True)
    hour: datetime = Field(sa_column=instant(primary_key=True))
    service: str = Field(primary_key=True)
    environment: str = Field(primary_key=True)
    severity: Severity = Field(sa_column=enum_column(Severity, primary_key=True))
    release: str = Field(default="", primary_key=True, sa_column_kwargs={"server_default": ""})
    event_count: int = Field(sa_column=Column(BigInteger, nullable=False))


class DayCount(SQLModel, table=True):
    """Events of one UTC day by service, environment, severity and release, which is empty for none.

    How many of them were in each of its hours stands in a column for each (`HOURS_OF_DAY`).
    """

    __tablename__ = "day_count"
    __table_args__ = (
        *(Column(name, Integer, nullable=False, server_default="0") for name in HOURS_OF_DAY),
        {"postgresql_with": {"fillfactor": 70}},
    )

    project_id: UUID = Field(primary_key=True)
    day: date = Field(sa_column=Column(Date, primary_key=True))
    service: str = Field(primary_key=True)
    environment: str = Field(primary_key=True)
    severity: Severity = Field(sa_column=enum_column(Severity, primary_key=True))
    release: str = Field(default="", primary_key=True, sa_column_kwargs={"server_default": ""})
    event_count: int = Field(sa_column=Column(BigInteger, nullable=False))


class DailyCount(SQLModel, table=True):
    """Events of one UTC day by grouping key, so that a merge costs as many rows as there are keys."""

    __tablename__ = "daily_count"
    __table_args__ = (
        Index("daily_count_key", "key_id", "day"),
        {"postgresql_with": {"fillfactor": 70}},
    )

    project_id: UUID = Field(primary_key=True)
    day: date = Field(sa_column=Column(Date, primary_key=True))
    key_id: UUID = Field(primary_key=True)
    environment: str = Field(primary_key=True)
    severity: Severity = Field(sa_column=enum_column(Severity, primary_key=True))
    event_count: int = Field(sa_column=Column(BigInteger, nullable=False))


class IssueSpan(SQLModel, table=True):
    """The first and last UTC day on which an issue had events of a severity, in an environment or in any (empty)."""

    __tablename__ = "issue_span"
    __table_args__ = (
        Index("issue_span_last", "project_id", "severity", "environment", "last_day", "issue_id", "first_day"),
        {"postgresql_with": {"fillfactor": 70, **_VACUUMED_OFTEN}},
    )

    project_id: UUID = Field(primary_key=True)
    issue_id: UUID = Field(primary_key=True)
    environment: str = Field(primary_key=True)
    severity: Severity = Field(sa_column=enum_column(Severity, primary_key=True))
    first_day: date = Field(sa_column=Column(Date, nullable=False))
    last_day: date = Field(sa_column=Column(Date, nullable=False))


class IssueSeen(SQLModel, table=True):
    """In which state an issue is that was not merged away, and the last UTC day on which it had an event.

    The state is that of `Issue`: a trigger keeps it (migration 0041). There is no day before the writer has counted.
    """

    __tablename__ = "issue_seen"
    __table_args__ = (
        Index("issue_seen_last", "project_id", "last_day", postgresql_include=_OF_ISSUE),
        {"postgresql_with": _VACUUMED_OFTEN},
    )

    issue_id: UUID = Field(primary_key=True)
    project_id: UUID
    service: str
    status: IssueStatus = Field(sa_column=enum_column(IssueStatus))
    first_seen_at: datetime = Field(sa_column=instant())
    last_day: date | None = Field(default=None, sa_column=Column(Date))


class SeenUser(SQLModel, table=True):
    """A user (a digest of who) of a UTC day, who is not in its sketch yet; perhaps one who is."""

    __tablename__ = "seen_user"

    project_id: UUID = Field(primary_key=True)
    day: date = Field(sa_column=Column(Date, primary_key=True))
    service: str = Field(primary_key=True)
    environment: str = Field(primary_key=True)
    severity: Severity = Field(sa_column=enum_column(Severity, primary_key=True))
    user_hash: bytes = Field(sa_column=digest(primary_key=True))


class UserSketch(SQLModel, table=True):
    """About how many users a UTC day had, by service, environment and severity; see domain/sketch.py."""

    __tablename__ = "user_sketch"

    project_id: UUID = Field(primary_key=True)
    day: date = Field(sa_column=Column(Date, primary_key=True))
    service: str = Field(primary_key=True)
    environment: str = Field(primary_key=True)
    severity: Severity = Field(sa_column=enum_column(Severity, primary_key=True))
    sketch: bytes


class DroppedCount(SQLModel, table=True):
    """Events of one UTC hour that were turned away, by the reason."""

    __tablename__ = "dropped_count"
    __table_args__ = (Index("dropped_count_hour", "hour"), {"postgresql_with": {"fillfactor": 70}})

    project_id: UUID = Field(primary_key=True)
    hour: datetime = Field(sa_column=instant(primary_key=True))
    reason: DropReason = Field(sa_column=enum_column(DropReason, primary_key=True))
    event_count: int = Field(sa_column=Column(BigInteger, nullable=False))
