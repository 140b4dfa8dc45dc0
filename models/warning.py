"""What is wrong at present, and when administrators were told of it."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from models.columns import instant


class StandingWarning(SQLModel, table=True):
    """Something that is wrong since then, until it is over and the row is gone."""

    __tablename__ = "standing_warning"

    name: str = Field(primary_key=True)
    began_at: datetime = Field(sa_column=instant())
    told_at: datetime = Field(sa_column=instant())
