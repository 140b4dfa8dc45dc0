"""Issues that are merged away, where their keys came from, and the grouping rules of projects."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("issue", sa.Column("merged_into_id", sa.Uuid(), nullable=True))
    op.add_column("issue", sa.Column("merged_at", sa.DateTime(timezone=True), nullable=True))
    op.create_foreign_key("issue_merged_into_id_fkey", "issue", "issue", ["merged_into_id"], ["id"])
    op.add_column("grouping_key", sa.Column("merged_from_id", sa.Uuid(), nullable=True))
    rules = postgresql.JSONB(none_as_null=True, astext_type=sa.Text())
    op.add_column("project", sa.Column("grouping_rules", rules, nullable=True))
    merged = sa.text("merged_into_id IS NOT NULL")
    op.create_index("issue_merged", "issue", ["merged_into_id"], unique=False, postgresql_where=merged)
    op.create_index("issue_error_type", "issue", ["project_id", "error_type", "id"], unique=False)
    placed = sa.text("culprit IS NOT NULL")
    op.create_index("issue_culprit", "issue", ["project_id", "culprit", "id"], unique=False, postgresql_where=placed)


def downgrade() -> None:
    op.drop_index("issue_culprit", table_name="issue")
    op.drop_index("issue_error_type", table_name="issue")
    op.drop_index("issue_merged", table_name="issue")
    op.drop_column("project", "grouping_rules")
    op.drop_column("grouping_key", "merged_from_id")
    op.drop_column("issue", "merged_at")
    op.drop_column("issue", "merged_into_id")
