"""The words that an alert rule gives to its messages."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0023"
down_revision: str | None = "0022"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("alert_rule", sa.Column("template", sa.String(), nullable=True))


def downgrade() -> None:
    op.drop_column("alert_rule", "template")
