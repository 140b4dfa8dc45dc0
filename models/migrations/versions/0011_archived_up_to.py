"""Up to which event a day is in the archive."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0011"
down_revision: str | None = "0010"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("archived_day", sa.Column("last_id", sa.Uuid(), nullable=True))


def downgrade() -> None:
    op.drop_column("archived_day", "last_id")
