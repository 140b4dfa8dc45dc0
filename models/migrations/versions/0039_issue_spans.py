"""From which UTC day to which an issue had events of an environment and severity is kept by issue.

It is made of the counts by day and key; what merged issues had is with the issue that their keys lead to. The states
of a service's issues are read without reading what else they are.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0039"
down_revision: str | None = "0038"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_SERVICE = ["project_id", "service", "id"]
_KEY = ("project_id", "issue_id", "environment", "severity")


def upgrade() -> None:
    op.create_table(
        "issue_span",
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("issue_id", sa.Uuid(), nullable=False),
        sa.Column("environment", sa.String(), nullable=False),
        sa.Column("severity", sa.String(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint(*_KEY),
        postgresql_with={"fillfactor": 70},
    )
    op.execute("""
INSERT INTO issue_span (project_id, issue_id, environment, severity, first_day, last_day)
SELECT k.project_id, k.issue_id, d.environment, d.severity, min(d.day), max(d.day)
  FROM daily_count d JOIN grouping_key k ON k.project_id = d.project_id AND k.id = d.key_id
 GROUP BY 1, 2, 3, 4
""")
    by_day = ["project_id", "last_day", "environment", "severity", "issue_id", "first_day"]
    op.create_index("issue_span_last", "issue_span", by_day)
    op.drop_index("issue_service", "issue")
    op.create_index("issue_service", "issue", _SERVICE, postgresql_include=["status", "first_seen_at"])


def downgrade() -> None:
    op.drop_index("issue_service", "issue")
    op.create_index("issue_service", "issue", _SERVICE)
    op.drop_table("issue_span")
