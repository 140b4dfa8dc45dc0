"""Who was told of which day already."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from models.columns import instant


class DailySummary(SQLModel, table=True):
    """That the summary due on a day, on the developer's own clocks, was written, or that there was nothing to tell."""

    __tablename__ = "daily_summary"
    __table_args__ = (Index("daily_summary_at", "at"),)

    developer_id: UUID = Field(primary_key=True, foreign_key="developer.id", ondelete="CASCADE")
    day: date = Field(primary_key=True)
    at: datetime = Field(sa_column=instant())
    is_told: bool
