"""Issues of a service are found by an index."""

from collections.abc import Sequence

from alembic import op

revision: str = "0036"
down_revision: str | None = "0035"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.create_index("issue_service", "issue", ["project_id", "service", "id"])


def downgrade() -> None:
    op.drop_index("issue_service", "issue")
