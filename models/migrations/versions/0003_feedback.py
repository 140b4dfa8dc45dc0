"""Feedback, and what SDKs discarded."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "feedback",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("feedback_id", sa.String(), nullable=False),
        sa.Column("event_id", sa.String(), nullable=True),
        sa.Column("row_id", sa.Uuid(), nullable=True),
        sa.Column("grouping_key_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.String(), nullable=True),
        sa.Column("email", sa.String(), nullable=True),
        sa.Column("message", sa.String(), nullable=False),
        sa.Column("url", sa.String(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("feedback_name", "feedback", ["project_id", "feedback_id"], unique=True)
    op.create_index("feedback_project", "feedback", ["project_id", "id"], unique=False)
    op.create_index(
        "feedback_event", "feedback", ["row_id", "id"], unique=False, postgresql_where=sa.text("row_id IS NOT NULL")
    )
    op.create_index(
        "feedback_key",
        "feedback",
        ["grouping_key_id", "id"],
        unique=False,
        postgresql_where=sa.text("grouping_key_id IS NOT NULL"),
    )
    op.create_index(
        "feedback_waiting",
        "feedback",
        ["at"],
        unique=False,
        postgresql_where=sa.text("row_id IS NULL AND event_id IS NOT NULL"),
    )
    op.create_table(
        "discarded_count",
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("hour", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("project_id", "hour", "reason", "category"),
    )


def downgrade() -> None:
    op.drop_table("discarded_count")
    op.drop_table("feedback")
