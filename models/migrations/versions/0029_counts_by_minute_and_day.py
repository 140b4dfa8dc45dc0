"""Counts by the minute, and by the day for what is older than counts by the hour."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0029"
down_revision: str | None = "0027"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_SEVERITIES = ("INFO", "LOW", "MEDIUM", "HIGH", "CRITICAL")


def upgrade() -> None:
    _create_counts("minute_count", sa.Column("minute", sa.DateTime(timezone=True), nullable=False), fillfactor=70)
    _create_counts("past_count", sa.Column("day", sa.Date(), nullable=False))


def downgrade() -> None:
    op.drop_table("past_count")
    op.drop_table("minute_count")


def _create_counts(table: str, at: sa.Column[object], **storage: int) -> None:
    op.create_table(
        table,
        sa.Column("project_id", sa.Uuid(), nullable=False),
        at,
        sa.Column("service", sa.String(), nullable=False),
        sa.Column("environment", sa.String(), nullable=False),
        sa.Column(
            "severity",
            sa.Enum(*_SEVERITIES, name="severity", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("event_count", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("project_id", at.name, "service", "environment", "severity"),
        postgresql_with=storage or None,
    )
