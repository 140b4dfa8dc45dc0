"""When each process that works in the background last said that it lives."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from models.columns import instant


class Heartbeat(SQLModel, table=True):
    """The last sign of life of one process; in PostgreSQL, so that it tells the truth with Valkey away."""

    __tablename__ = "heartbeat"

    name: str = Field(primary_key=True)
    at: datetime = Field(sa_column=instant())
