"""Which days are in the archive, and erasing people from there."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0009"
down_revision: str | None = "0008"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "archived_day",
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("has_files", sa.Boolean(), nullable=False),
        sa.Column("event_count", sa.BigInteger(), nullable=False),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("project_id", "day"),
    )
    op.add_column("erasure", sa.Column("is_in_archive", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.alter_column("erasure", "is_in_archive", server_default=None)
    op.add_column("erasure", sa.Column("after_file", sa.String(), nullable=True))


def downgrade() -> None:
    op.drop_column("erasure", "after_file")
    op.drop_column("erasure", "is_in_archive")
    op.drop_table("archived_day")
