"""Calendars: the address at which a developer's own shifts are read."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0018"
down_revision: str | None = "0017"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("developer", sa.Column("calendar_digest", sa.LargeBinary(), nullable=True))
    op.create_unique_constraint("developer_calendar_digest_key", "developer", ["calendar_digest"])


def downgrade() -> None:
    op.drop_constraint("developer_calendar_digest_key", "developer")
    op.drop_column("developer", "calendar_digest")
