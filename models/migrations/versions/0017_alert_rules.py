"""Alert rules, when they fired, and what an alert knows of the rule that called for it."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0017"
down_revision: str | None = "0016"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_TRIGGERS = (
    "NEW_ISSUE",
    "REGRESSION",
    "EVENT_COUNT",
    "ERROR_RATE",
    "CRITICAL_COUNT",
    "SURGE",
    "USERS_AFFECTED",
    "UNRESOLVED_FOR",
    "ALERT_QUEUE",
    "MANUAL",
)


def upgrade() -> None:
    op.create_table(
        "alert_rule",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("is_enabled", sa.Boolean(), nullable=False),
        sa.Column(
            "trigger",
            sa.Enum(*_TRIGGERS, name="alert_trigger", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("threshold", sa.Float(), nullable=True),
        sa.Column("window_s", sa.Integer(), nullable=True),
        sa.Column("filter", postgresql.JSONB(), nullable=False),
        sa.Column("policy_id", sa.Uuid(), nullable=True),
        sa.Column("recipients", postgresql.JSONB(), nullable=False),
        sa.Column("channels", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("cooldown_s", sa.Integer(), nullable=False),
        sa.Column("active_hours", postgresql.JSONB(), nullable=True),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_check_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("cooldown_s BETWEEN 60 AND 604800", name="cooldown"),
        sa.ForeignKeyConstraint(["policy_id"], ["escalation_policy.id"], ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("name"),
    )
    op.create_index(op.f("ix_alert_rule_project_id"), "alert_rule", ["project_id"])
    op.create_index(
        "alert_rule_due",
        "alert_rule",
        ["next_check_at"],
        postgresql_where=sa.text("is_enabled AND next_check_at IS NOT NULL"),
    )
    op.create_index("alert_rule_trigger", "alert_rule", ["trigger"], postgresql_where=sa.text("is_enabled"))
    op.create_table(
        "alert_rule_firing",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("rule_id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("issue_id", sa.Uuid(), nullable=False),
        sa.Column("service", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("value", sa.Float(), nullable=True),
        sa.ForeignKeyConstraint(["rule_id"], ["alert_rule.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("alert_rule_firing_rule", "alert_rule_firing", ["rule_id", "id"])
    op.create_index(op.f("ix_alert_rule_firing_issue_id"), "alert_rule_firing", ["issue_id"])
    for table, ondelete in (("triage", "CASCADE"), ("alert", "SET NULL")):
        op.add_column(table, sa.Column("rule_id", sa.Uuid(), nullable=True))
        op.add_column(table, sa.Column("value", sa.Float(), nullable=True))
        op.create_foreign_key(f"{table}_rule_id_fkey", table, "alert_rule", ["rule_id"], ["id"], ondelete=ondelete)
    op.add_column("alert", sa.Column("threshold", sa.Float(), nullable=True))
    op.create_index("alert_rule_id", "alert", ["rule_id"], postgresql_where=sa.text("rule_id IS NOT NULL"))


def downgrade() -> None:
    op.drop_index("alert_rule_id", "alert")
    op.drop_column("alert", "threshold")
    for table in ("alert", "triage"):
        op.drop_constraint(f"{table}_rule_id_fkey", table, type_="foreignkey")
        op.drop_column(table, "value")
        op.drop_column(table, "rule_id")
    op.drop_table("alert_rule_firing")
    op.drop_table("alert_rule")
