"""Events say whom they happened to and which tags they have beside their payload, so that they are searched by it."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision: str = "0037"
down_revision: str | None = "0036"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    """No row is written anew: of events that are there already nothing is known."""
    for table in ("event", "kept_event"):
        op.add_column(table, sa.Column("user_hash", sa.LargeBinary(), nullable=True))
        op.add_column(table, sa.Column("noted_tags", JSONB(none_as_null=True), nullable=True))


def downgrade() -> None:
    for table in ("event", "kept_event"):
        op.drop_column(table, "noted_tags")
        op.drop_column(table, "user_hash")
