"""Whom issues happened to is found by an index of users, instead of by reading all of them."""

from collections.abc import Sequence

from alembic import op

revision: str = "0040"
down_revision: str | None = "0039"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.create_index("key_user_by_user", "key_user", ["user_hash"])


def downgrade() -> None:
    op.drop_index("key_user_by_user", "key_user")
