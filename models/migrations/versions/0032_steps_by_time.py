"""The steps of which figures of people's work are made, by when they were taken."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0032"
down_revision: str | None = "0031"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_TURNS = "'FIRST_SEEN', 'REGRESSED', 'REOPENED', 'WOKEN', 'ACKNOWLEDGED', 'RESOLVED'"


def upgrade() -> None:
    op.create_index(
        "activity_turn",
        "activity",
        ["project_id", "kind", "at"],
        postgresql_where=sa.text(f"kind IN ({_TURNS})"),
    )


def downgrade() -> None:
    op.drop_index("activity_turn", table_name="activity")
