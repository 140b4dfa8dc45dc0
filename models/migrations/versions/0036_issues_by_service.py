"""Issues of a service are found by an index, and the states of all without reading what else they are."""

from collections.abc import Sequence

from alembic import op

revision: str = "0036"
down_revision: str | None = "0035"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.create_index("issue_service", "issue", ["project_id", "service", "id"])
    op.create_index("issue_state", "issue", ["id"], postgresql_include=["status", "first_seen_at"])


def downgrade() -> None:
    op.drop_index("issue_state", "issue")
    op.drop_index("issue_service", "issue")
