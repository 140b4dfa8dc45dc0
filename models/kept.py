"""Events that outlive their time: copied out before the rest goes."""

from typing import Any

from sqlalchemy import Column, Index, Table
from sqlmodel import SQLModel

from domain.kept import Telling
from models.columns import enum_column
from models.event import Event

EVENT_COLUMNS = tuple(column.name for column in SQLModel.metadata.tables[str(Event.__tablename__)].columns)


def _like_event() -> list[Column[Any]]:
    """The columns of an event; which values they may have, its own table has checked."""
    columns = SQLModel.metadata.tables[str(Event.__tablename__)].columns
    return [Column(its.name, its.type, nullable=its.nullable, primary_key=its.primary_key) for its in columns]


# An event as it was, and what it tells. Unpartitioned and small: a few rows for each grouping key.
KEPT_EVENT = Table(
    "kept_event",
    SQLModel.metadata,
    *_like_event(),
    enum_column(Telling, name="telling"),
    Index("kept_event_by_key", "project_id", "grouping_key_id", "id"),
    Index("kept_event_by_name", "project_id", "event_id"),
)
