"""Counts by the day are kept beside those by the hour from the first event on, and no longer made of them.

Until now a day was counted by the hour or by the day; what was by the hour alone is added up.
"""

from collections.abc import Sequence

from alembic import op

revision: str = "0038"
down_revision: str | None = "0037"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.rename_table("past_count", "day_count")
    op.execute("ALTER INDEX past_count_pkey RENAME TO day_count_pkey")
    op.execute("ALTER TABLE day_count SET (fillfactor = 70)")
    op.execute("""
INSERT INTO day_count AS c (project_id, day, service, environment, severity, release, event_count)
SELECT project_id, (hour AT TIME ZONE 'UTC')::date, service, environment, severity, release, sum(event_count)
  FROM hourly_count GROUP BY 1, 2, 3, 4, 5, 6
ON CONFLICT (project_id, day, service, environment, severity, release) DO UPDATE
   SET event_count = c.event_count + excluded.event_count
""")


def downgrade() -> None:
    op.execute("""
UPDATE day_count d SET event_count = d.event_count - h.event_count
  FROM (SELECT project_id, (hour AT TIME ZONE 'UTC')::date AS day, service, environment, severity, release,
               sum(event_count) AS event_count
          FROM hourly_count GROUP BY 1, 2, 3, 4, 5, 6) AS h
 WHERE (d.project_id, d.day, d.service, d.environment, d.severity, d.release)
     = (h.project_id, h.day, h.service, h.environment, h.severity, h.release)
""")
    op.execute("DELETE FROM day_count WHERE event_count = 0")
    op.execute("ALTER TABLE day_count RESET (fillfactor)")
    op.rename_table("day_count", "past_count")
    op.execute("ALTER INDEX day_count_pkey RENAME TO past_count_pkey")
