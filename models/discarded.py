"""What SDKs counted that they did not send."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Column
from sqlmodel import Field, SQLModel

from models.columns import instant


class DiscardedCount(SQLModel, table=True):
    """How much the SDKs of a project said in one UTC hour that they discarded themselves."""

    __tablename__ = "discarded_count"

    project_id: UUID = Field(primary_key=True)
    hour: datetime = Field(sa_column=instant(primary_key=True))
    reason: str = Field(primary_key=True)
    category: str = Field(primary_key=True)
    count: int = Field(sa_column=Column(BigInteger, nullable=False))
