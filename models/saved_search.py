"""Searches that people keep."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from domain.issue import IssueOrderField
from domain.search.reading import SearchSubject
from models.columns import enum_column, instant


class SavedSearch(SQLModel, table=True):
    """A search under a name: its owner's alone, a team's, or for all who see a project."""

    __tablename__ = "saved_search"
    __table_args__ = (
        CheckConstraint("team_id IS NULL OR project_id IS NULL", name="place"),
        CheckConstraint("(order_field IS NULL) = (is_descending IS NULL)", name="ordered"),
    )

    id: UUID = Field(primary_key=True)
    owner_id: UUID = Field(foreign_key="developer.id", index=True)
    team_id: UUID | None = Field(default=None, foreign_key="team.id", ondelete="CASCADE", index=True)
    project_id: UUID | None = Field(default=None, foreign_key="project.id", ondelete="CASCADE", index=True)
    name: str
    subject: SearchSubject = Field(sa_column=enum_column(SearchSubject))
    search: str
    order_field: IssueOrderField | None = Field(default=None, sa_column=enum_column(IssueOrderField, nullable=True))
    is_descending: bool | None = None
    created_at: datetime = Field(sa_column=instant())
