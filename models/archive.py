"""Which days of which projects are in the archive."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, Column
from sqlmodel import Field, SQLModel

from models.columns import instant


class ArchivedDay(SQLModel, table=True):
    """The events that a project got on one day: how many of them are in files. None until the first file is whole."""

    __tablename__ = "archived_day"

    project_id: UUID = Field(primary_key=True)
    day: date = Field(primary_key=True)
    event_count: int = Field(sa_column=Column(BigInteger, nullable=False))
    archived_at: datetime = Field(sa_column=instant())
