"""The feed: every change, in the order of transactions, for those who watch."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Column, Date, Index, Sequence, text
from sqlmodel import Field, SQLModel

from domain.feed import FeedKind
from models.columns import Xid8, enum_column, json

FEED_ID = Sequence("feed_id", metadata=SQLModel.metadata)


class FeedRow(SQLModel, table=True):
    """One change. The order is (xid, id); a row may be read once no older transaction is still writing."""

    __tablename__ = "feed"
    __table_args__ = (
        Index("feed_order", "xid", "id"),
        {"postgresql_partition_by": "RANGE (day)"},
    )

    day: date = Field(sa_column=Column(Date, primary_key=True))
    id: int | None = Field(
        default=None,
        sa_column=Column(BigInteger, primary_key=True, autoincrement=False, server_default=FEED_ID.next_value()),
    )
    xid: int | None = Field(
        default=None, sa_column=Column(Xid8, nullable=False, server_default=text("pg_current_xact_id()"))
    )
    project_id: UUID
    kind: FeedKind = Field(sa_column=enum_column(FeedKind))
    issue_id: UUID
    subject_id: UUID
    facts: dict[str, Any] = Field(sa_column=json(nullable=False))


class FeedEpoch(SQLModel, table=True):
    """One row: the life of this feed. A restored database draws a new one, and tells old cursors so."""

    __tablename__ = "feed_epoch"

    is_only: bool = Field(default=True, primary_key=True)
    epoch: str
