"""Which rules gather what they bring, and what is gathered for which digest."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0024"
down_revision: str | None = "0023"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("notification_rule", sa.Column("digest_s", sa.Integer(), nullable=True))
    op.create_check_constraint(
        "digest",
        "notification_rule",
        "digest_s IS NULL OR (digest_s BETWEEN 300 AND 86400 AND importance = 'NORMAL')",
    )
    op.add_column("notification", sa.Column("digest_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "notification_digest",
        "notification",
        ["channel", "destination"],
        postgresql_where=sa.text("digest_at IS NOT NULL AND next_attempt_at IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index("notification_digest", table_name="notification")
    op.drop_column("notification", "digest_at")
    op.drop_constraint("digest", "notification_rule", type_="check")
    op.drop_column("notification_rule", "digest_s")
