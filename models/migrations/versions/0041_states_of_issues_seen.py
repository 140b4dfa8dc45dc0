"""What state an issue is in is kept beside the last day on which it was seen, so that figures read one narrow index.

A trigger keeps the state, whoever changes it; the writer keeps the day. Both lock the issue first. What was merged away
is not seen any more.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0041"
down_revision: str | None = "0040"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_STATUSES = ("UNRESOLVED", "RESOLVED", "IGNORED", "SNOOZED")
_STATE = ["status", "first_seen_at", "merged_into_id"]
_KEEP = """
CREATE FUNCTION keep_issue_seen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.merged_into_id IS NULL THEN
    INSERT INTO issue_seen (issue_id, project_id, service, status, first_seen_at)
    VALUES (NEW.id, NEW.project_id, NEW.service, NEW.status, NEW.first_seen_at)
    ON CONFLICT (issue_id) DO UPDATE
       SET project_id = excluded.project_id, service = excluded.service, status = excluded.status,
           first_seen_at = excluded.first_seen_at;
  ELSE
    DELETE FROM issue_seen WHERE issue_id = NEW.id;
  END IF;
  RETURN NULL;
END $$
"""
_MADE = """
CREATE TRIGGER issue_made AFTER INSERT ON issue FOR EACH ROW EXECUTE FUNCTION keep_issue_seen()
"""
_CHANGED = """
CREATE TRIGGER issue_changed AFTER UPDATE ON issue FOR EACH ROW
WHEN ((NEW.project_id, NEW.service, NEW.status, NEW.first_seen_at, NEW.merged_into_id)
      IS DISTINCT FROM (OLD.project_id, OLD.service, OLD.status, OLD.first_seen_at, OLD.merged_into_id))
EXECUTE FUNCTION keep_issue_seen()
"""


def upgrade() -> None:
    status = sa.Enum(*_STATUSES, name="issuestatus", native_enum=False, create_constraint=True, length=40)
    op.create_table(
        "issue_seen",
        sa.Column("issue_id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("service", sa.String(), nullable=False),
        sa.Column("status", status, nullable=False),
        sa.Column("first_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("issue_id"),
    )
    for statement in (_KEEP, _MADE, _CHANGED):
        op.execute(statement)
    op.execute("""
INSERT INTO issue_seen (issue_id, project_id, service, status, first_seen_at, last_day)
SELECT i.id, i.project_id, i.service, i.status, i.first_seen_at, max(s.last_day)
  FROM issue i LEFT JOIN issue_span s ON s.project_id = i.project_id AND s.issue_id = i.id AND s.environment = ''
 WHERE i.merged_into_id IS NULL
 GROUP BY i.id
""")
    op.create_index(
        "issue_seen_last",
        "issue_seen",
        ["project_id", "last_day"],
        postgresql_include=["issue_id", "service", "status", "first_seen_at"],
    )
    op.drop_index("issue_state", "issue")
    op.drop_index("issue_service", "issue")
    op.create_index("issue_service", "issue", ["project_id", "service", "id"])


def downgrade() -> None:
    op.execute("DROP FUNCTION keep_issue_seen() CASCADE")  # and with it its triggers
    op.drop_table("issue_seen")
    op.drop_index("issue_service", "issue")
    op.create_index("issue_service", "issue", ["project_id", "service", "id"], postgresql_include=_STATE)
    op.create_index("issue_state", "issue", ["id"], postgresql_include=_STATE)
