"""Within which time issues are to be dealt with, and the messages that warn before it is over."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0033"
down_revision: str | None = "0032"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_SEVERITIES = ("INFO", "LOW", "MEDIUM", "HIGH", "CRITICAL")
_KINDS = (
    "NEW_ISSUE",
    "REGRESSION",
    "ASSIGNMENT",
    "ALERT",
    "ESCALATION",
    "DAILY_SUMMARY",
    "HANDOFF",
    "TEST",
    "EVENTS_DROPPED",
    "WARNING",
)


def upgrade() -> None:
    op.create_table(
        "response_target",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=True),
        sa.Column(
            "severity",
            sa.Enum(*_SEVERITIES, name="severity", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("acknowledge_within", sa.Interval(), nullable=True),
        sa.Column("resolve_within", sa.Interval(), nullable=True),
        sa.Column("warn_at", sa.Float(), nullable=False),
        sa.CheckConstraint("warn_at > 0 AND warn_at <= 1", name="response_target_warn_at"),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "response_target_of",
        "response_target",
        ["project_id", "severity"],
        unique=True,
        postgresql_nulls_not_distinct=True,
    )
    op.create_table(
        "target_warning",
        sa.Column("step_id", sa.Uuid(), nullable=False),
        sa.Column(
            "aim",
            sa.Enum("ACKNOWLEDGE", "RESOLVE", name="aim", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("issue_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["issue_id"], ["issue.id"]),
        sa.PrimaryKeyConstraint("step_id", "aim"),
    )
    op.create_index("ix_target_warning_issue_id", "target_warning", ["issue_id"])
    _let_messages_be(*_KINDS, "TARGET")


def downgrade() -> None:
    op.execute("DELETE FROM notification WHERE kind = 'TARGET'")
    op.execute("DELETE FROM notification_template WHERE kind = 'TARGET'")
    _let_messages_be(*_KINDS)
    op.drop_table("target_warning")
    op.drop_table("response_target")


def _let_messages_be(*kinds: str) -> None:
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    for table in ("notification", "notification_template"):
        op.drop_constraint("notification_kind", table, type_="check")
        op.create_check_constraint("notification_kind", table, f"kind IN ({listed})")
