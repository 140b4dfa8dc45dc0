"""The feed tells the steps of alerts."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0027"
down_revision: str | None = "0026"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_KINDS = ("EVENT_LOGGED", "ISSUE_CHANGED", "NOTIFICATION_SENT")


def upgrade() -> None:
    _let_feed_tell(*_KINDS, "ALERT_CHANGED")


def downgrade() -> None:
    op.execute("DELETE FROM feed WHERE kind = 'ALERT_CHANGED'")
    _let_feed_tell(*_KINDS)


def _let_feed_tell(*kinds: str) -> None:
    """Partitions were made with a constraint of their own, which stays when that of the whole goes."""
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    partitions = "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'feed'::regclass"
    op.execute("ALTER TABLE feed DROP CONSTRAINT feed_kind")
    for name in op.get_bind().scalars(sa.text(partitions)).all():
        op.execute(f"ALTER TABLE {name} DROP CONSTRAINT IF EXISTS feed_kind")
    op.execute(f"ALTER TABLE feed ADD CONSTRAINT feed_kind CHECK (kind IN ({listed}))")
