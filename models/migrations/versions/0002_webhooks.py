"""What is set of an ingest key for webhooks."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("ingest_key", sa.Column("signing_secret", sa.String(), nullable=True))
    op.add_column("ingest_key", sa.Column("webhook_mapping", postgresql.JSONB(none_as_null=True), nullable=True))


def downgrade() -> None:
    op.drop_column("ingest_key", "webhook_mapping")
    op.drop_column("ingest_key", "signing_secret")
