"""What was sent to a place lately, what waits for it, and what travels in the message of another."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0020"
down_revision: str | None = "0019"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("notification", sa.Column("urgency", sa.SmallInteger(), server_default="0", nullable=False))
    op.add_column("notification", sa.Column("tried_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("notification", sa.Column("throttled_until", sa.DateTime(timezone=True), nullable=True))
    op.add_column("notification", sa.Column("carrier_id", sa.Uuid(), nullable=True))
    op.create_foreign_key("notification_carrier_id_fkey", "notification", "notification", ["carrier_id"], ["id"])
    # What is under way keeps the place that its severity gives it.
    op.execute(
        """
        UPDATE notification
           SET urgency = coalesce(array_position(ARRAY['INFO', 'LOW', 'MEDIUM', 'HIGH', 'CRITICAL'],
                                                 content->'issue'->>'severity') - 1, 0)
         WHERE next_attempt_at IS NOT NULL
        """
    )
    op.create_index(
        "notification_tried",
        "notification",
        ["channel", "destination", "tried_at"],
        postgresql_where=sa.text("tried_at IS NOT NULL AND carrier_id IS NULL"),
    )
    op.create_index(
        "notification_throttled",
        "notification",
        ["channel", "destination"],
        postgresql_where=sa.text("throttled_until IS NOT NULL"),
    )
    op.create_index(
        "notification_carrier",
        "notification",
        ["carrier_id"],
        postgresql_where=sa.text("carrier_id IS NOT NULL"),
    )


def downgrade() -> None:
    for index in ("notification_carrier", "notification_throttled", "notification_tried"):
        op.drop_index(index, table_name="notification")
    for column in ("carrier_id", "throttled_until", "tried_at", "urgency"):
        op.drop_column("notification", column)
