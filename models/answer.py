"""Answers that were given to messages, and the key by which links of ours are known."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Column, LargeBinary
from sqlmodel import Field, SQLModel

from domain.answer import AnswerKind
from models.columns import enum_column, instant


class GivenAnswer(SQLModel, table=True):
    """A link of a notification that was used: each is good once."""

    __tablename__ = "given_answer"

    notification_id: UUID = Field(primary_key=True, foreign_key="notification.id", ondelete="CASCADE")
    kind: AnswerKind = Field(sa_column=enum_column(AnswerKind, primary_key=True))
    at: datetime = Field(sa_column=instant())


class SigningKey(SQLModel, table=True):
    """A key of the installation, drawn when it is first needed, by the name of what it signs."""

    __tablename__ = "signing_key"

    name: str = Field(primary_key=True)
    key: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
