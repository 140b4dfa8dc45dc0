"""The words that administrators give to messages."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0021"
down_revision: str | None = "0020"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_CHANNELS = ("EMAIL", "SLACK", "SMS", "WEBHOOK", "DASHBOARD", "TELEGRAM", "PAGERDUTY")
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
        "notification_template",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "channel",
            sa.Enum(*_CHANNELS, name="channel", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column(
            "kind",
            sa.Enum(*_KINDS, name="notification_kind", native_enum=False, create_constraint=True, length=40),
            nullable=True,
        ),
        sa.Column("project_id", sa.Uuid(), nullable=True),
        sa.Column("subject", sa.String(), nullable=True),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "notification_template_place",
        "notification_template",
        ["channel", "kind", "project_id"],
        unique=True,
        postgresql_nulls_not_distinct=True,
    )


def downgrade() -> None:
    op.drop_table("notification_template")
