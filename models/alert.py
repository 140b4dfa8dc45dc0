"""Alerts: demands for a human; and what the writer leaves for the worker to judge."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from domain.alert import AlertStatus, AlertTrigger
from domain.event import Severity
from models.columns import enum_column, instant, json


class Triage(SQLModel, table=True):
    """An issue that matters and is new, regressed or awake again, or that a rule fired for, for the worker to judge.

    `value` is what the rule found; for what the writer left, which rules it is for is seen when it is judged.
    `retry_at` is set when taking it failed: it waits until then, so that it holds up no other.
    """

    __tablename__ = "triage"

    id: UUID = Field(primary_key=True)
    project_id: UUID
    issue_id: UUID
    event_id: UUID
    trigger: AlertTrigger = Field(sa_column=enum_column(AlertTrigger))
    severity: Severity = Field(sa_column=enum_column(Severity))
    created_at: datetime = Field(sa_column=instant())
    retry_at: datetime | None = Field(default=None, sa_column=instant(nullable=True))
    rule_id: UUID | None = Field(default=None, foreign_key="alert_rule.id", ondelete="CASCADE")
    value: float | None = None


class Alert(SQLModel, table=True):
    """A demand for a human. An issue has at most one that is open.

    `plan` is what it climbs, as the policy was when it began; `next_escalation_at` is its timer.
    """

    __tablename__ = "alert"
    __table_args__ = (
        Index("alert_open", "issue_id", unique=True, postgresql_where=text("status <> 'RESOLVED'")),
        Index("alert_of_issue", "issue_id", "id"),
        Index("alert_project", "project_id", "id"),
        Index("alert_due", "next_escalation_at", postgresql_where=text("next_escalation_at IS NOT NULL")),
        Index("alert_policy", "policy_id", postgresql_where=text("policy_id IS NOT NULL")),
        Index("alert_rule_id", "rule_id", postgresql_where=text("rule_id IS NOT NULL")),
    )

    id: UUID = Field(primary_key=True)
    project_id: UUID = Field(foreign_key="project.id")
    issue_id: UUID = Field(foreign_key="issue.id")
    status: AlertStatus = Field(sa_column=enum_column(AlertStatus))
    trigger: AlertTrigger = Field(sa_column=enum_column(AlertTrigger))
    severity: Severity = Field(sa_column=enum_column(Severity))
    message: str
    rule_id: UUID | None = Field(default=None, foreign_key="alert_rule.id", ondelete="SET NULL")
    value: float | None = None
    threshold: float | None = None
    policy_id: UUID | None = Field(default=None, foreign_key="escalation_policy.id", ondelete="SET NULL")
    plan: dict[str, Any] | None = Field(default=None, sa_column=json())
    level: int = 0
    next_escalation_at: datetime | None = Field(default=None, sa_column=instant(nullable=True))
    triggered_at: datetime = Field(sa_column=instant())
    acknowledged_at: datetime | None = Field(default=None, sa_column=instant(nullable=True))
    acknowledged_by_id: UUID | None = Field(default=None, foreign_key="developer.id")
    reminded_at: datetime | None = Field(default=None, sa_column=instant(nullable=True))
    resolved_at: datetime | None = Field(default=None, sa_column=instant(nullable=True))
