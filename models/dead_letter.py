"""What was taken at the door, waited in the spool, and could not be stored."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Column, LargeBinary
from sqlmodel import Field, SQLModel

from models.columns import instant


class DeadLetter(SQLModel, table=True):
    """One event as it lay in the spool, so that it can be tried again; one that cannot be read is of no project."""

    __tablename__ = "dead_letter"

    id: UUID = Field(primary_key=True)
    project_id: UUID | None = None
    event_id: str | None = None
    body: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    reason: str
    at: datetime = Field(sa_column=instant())
