"""Alert rules, and when each fired for what."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field, SQLModel

from domain.alert import AlertTrigger
from models.columns import enum_column, instant, json, texts


class AlertRule(SQLModel, table=True):
    """What calls for somebody besides what always does; of one project, or of each.

    `filter`, `recipients` and `active_hours` are as `domain/alert_rule` writes them. `next_check_at` is the timer of
    what is looked at again and again; what happened before `since` is none of its business. `template` is the text of
    the messages that it causes.
    """

    __tablename__ = "alert_rule"
    __table_args__ = (
        Index("alert_rule_due", "next_check_at", postgresql_where=text("is_enabled AND next_check_at IS NOT NULL")),
        Index("alert_rule_trigger", "trigger", postgresql_where=text("is_enabled")),
        CheckConstraint("cooldown_s BETWEEN 60 AND 604800", name="cooldown"),
    )

    id: UUID = Field(primary_key=True)
    project_id: UUID | None = Field(default=None, foreign_key="project.id", index=True)
    name: str = Field(unique=True)
    is_enabled: bool = True
    trigger: AlertTrigger = Field(sa_column=enum_column(AlertTrigger))
    threshold: float | None = None
    window_s: int | None = None
    filter: dict[str, Any] = Field(sa_column=json(nullable=False))
    policy_id: UUID | None = Field(default=None, foreign_key="escalation_policy.id", ondelete="SET NULL")
    recipients: list[dict[str, Any]] = Field(sa_column=json(nullable=False))
    channels: list[str] = Field(sa_column=texts())
    cooldown_s: int
    active_hours: dict[str, Any] | None = Field(default=None, sa_column=json())
    template: str | None = None
    since: datetime = Field(sa_column=instant())
    next_check_at: datetime | None = Field(default=None, sa_column=instant(nullable=True))
    created_at: datetime = Field(sa_column=instant())


class AlertRuleFiring(SQLModel, table=True):
    """A rule fired, for an issue of a service, or for its pattern. It keeps the rule quiet for its cool-down."""

    __tablename__ = "alert_rule_firing"
    __table_args__ = (Index("alert_rule_firing_rule", "rule_id", "id"),)

    id: UUID = Field(primary_key=True)
    rule_id: UUID = Field(foreign_key="alert_rule.id", ondelete="CASCADE")
    project_id: UUID
    issue_id: UUID = Field(index=True)
    service: str
    pattern_id: UUID | None = None
    at: datetime = Field(sa_column=instant())
    value: float | None = None
