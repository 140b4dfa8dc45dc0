"""API tokens that may run one document and nothing else."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0030"
down_revision: str | None = "0029"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("api_token", sa.Column("document", sa.String(), nullable=True))


def downgrade() -> None:
    # Without its bound such a token would be good for all that its scopes allow.
    op.execute("UPDATE api_token SET revoked_at = now() WHERE document IS NOT NULL AND revoked_at IS NULL")
    op.drop_column("api_token", "document")
