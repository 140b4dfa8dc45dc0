"""On which UTC days an issue had events is kept by issue: spans by environment and severity, and the most on a day.

It is made of the counts by day and key; what merged issues had is with the issue that their keys lead to. What figures
ask of many issues is read without reading what else they are.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0039"
down_revision: str | None = "0038"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_SEVERITIES = ("INFO", "LOW", "MEDIUM", "HIGH", "CRITICAL")
_KEY = ("project_id", "issue_id", "environment", "severity")


def upgrade() -> None:
    severity = sa.Enum(*_SEVERITIES, name="severity", native_enum=False, create_constraint=True, length=40)
    op.create_table(
        "issue_span",
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("issue_id", sa.Uuid(), nullable=False),
        sa.Column("environment", sa.String(), nullable=False),
        sa.Column("severity", severity, nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint(*_KEY),
        postgresql_with={"fillfactor": 70},
    )
    op.execute("""
INSERT INTO issue_span (project_id, issue_id, environment, severity, first_day, last_day)
SELECT k.project_id, k.issue_id, coalesce(d.environment, ''), d.severity, min(d.day), max(d.day)
  FROM daily_count d JOIN grouping_key k ON k.project_id = d.project_id AND k.id = d.key_id
 GROUP BY GROUPING SETS ((k.project_id, k.issue_id, d.environment, d.severity), (k.project_id, k.issue_id, d.severity))
""")
    by_day = ["project_id", "severity", "environment", "last_day", "issue_id", "first_day"]
    op.create_index("issue_span_last", "issue_span", by_day)
    op.execute("""
ALTER TABLE issue_counter ADD last_day date, ADD last_day_count bigint, ADD most_a_day bigint
""")
    op.execute("""
UPDATE issue_counter c
   SET last_day = coalesce(t.last_day, (c.last_seen_at AT TIME ZONE 'UTC')::date),
       last_day_count = coalesce(t.last_day_count, 0), most_a_day = coalesce(t.most_a_day, 0)
  FROM issue_counter own
  LEFT JOIN (SELECT issue_id, max(day) AS last_day, (array_agg(events ORDER BY day DESC))[1] AS last_day_count,
                    max(events) AS most_a_day
               FROM (SELECT k.issue_id, d.day, sum(d.event_count)::bigint AS events
                       FROM daily_count d JOIN grouping_key k ON k.project_id = d.project_id AND k.id = d.key_id
                      GROUP BY 1, 2) AS of_day
              GROUP BY 1) AS t ON t.issue_id = own.issue_id
 WHERE own.issue_id = c.issue_id
""")
    for column in ("last_day", "last_day_count", "most_a_day"):
        op.alter_column("issue_counter", column, nullable=False)
    _make_indexes(["status", "first_seen_at", "merged_into_id"])


def downgrade() -> None:
    _make_indexes(["status", "first_seen_at"], ())
    for column in ("last_day", "last_day_count", "most_a_day"):
        op.drop_column("issue_counter", column)
    op.drop_table("issue_span")


def _make_indexes(state: list[str], of_service: Sequence[str] | None = None) -> None:
    op.drop_index("issue_service", "issue")
    op.drop_index("issue_state", "issue")
    by_service = list(state if of_service is None else of_service) or None
    op.create_index("issue_service", "issue", ["project_id", "service", "id"], postgresql_include=by_service)
    op.create_index("issue_state", "issue", ["id"], postgresql_include=state)
