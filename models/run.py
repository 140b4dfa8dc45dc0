"""Runs of what is done by the timetable: when, by whom, and what came of each."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from domain.timetable import RunStatus
from models.columns import enum_column, instant, json


class ScheduledRun(SQLModel, table=True):
    """One run of a job; `due_at` is the time of the timetable that it is for, none where it was begun by hand.

    `worker` is the host and the process; `error` one line.
    """

    __tablename__ = "scheduled_run"
    __table_args__ = (
        Index("scheduled_run_job", "job", "started_at"),
        Index("scheduled_run_due", "job", "due_at"),
        Index("scheduled_run_started", "started_at"),
    )

    id: UUID = Field(primary_key=True)
    job: str
    due_at: datetime | None = Field(default=None, sa_column=instant(nullable=True))
    started_at: datetime = Field(sa_column=instant())
    finished_at: datetime | None = Field(default=None, sa_column=instant(nullable=True))
    status: RunStatus = Field(sa_column=enum_column(RunStatus))
    error: str | None = None
    result: dict[str, Any] | None = Field(default=None, sa_column=json())
    worker: str
