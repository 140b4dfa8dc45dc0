"""Escalation policies: the steps that alerts climb."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from domain.policy import MOST_REPEATS
from models.columns import instant, json, texts


class EscalationPolicy(SQLModel, table=True):
    """Ordered steps for the alerts of these services; of a team's projects only, if it is a team's.

    `steps` are as `domain/policy.py` writes them. An alert takes a copy along when it begins.
    """

    __tablename__ = "escalation_policy"
    __table_args__ = (CheckConstraint(f"repeat BETWEEN 0 AND {MOST_REPEATS}", name="repeat_bounds"),)

    id: UUID = Field(primary_key=True)
    name: str = Field(unique=True)
    team_id: UUID | None = Field(default=None, foreign_key="team.id", index=True)
    services: list[str] = Field(sa_column=texts())
    repeat: int
    steps: list[dict[str, Any]] = Field(sa_column=json(nullable=False))
    created_at: datetime = Field(sa_column=instant())
