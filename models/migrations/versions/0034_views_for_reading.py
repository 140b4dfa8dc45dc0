"""Views for people who read with SQL: what they have stays, whatever becomes of the tables."""

from collections.abc import Sequence

from alembic import op

revision: str = "0034"
down_revision: str | None = "0033"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

# PostgreSQL keeps the columns that a view reads from being changed: who must change one drops the view, and makes it
# anew with the same columns.
_VIEWS = {
    "events_by_hour": """
        SELECT p.slug AS project, c.hour, c.service, c.environment, c.severity::text AS severity,
               nullif(c.release, '') AS release, c.event_count AS events
          FROM public.hourly_count c JOIN public.project p ON p.id = c.project_id
    """,
    "issues": """
        SELECT i.short_id AS issue, p.slug AS project, i.service, i.error_type, i.title, i.severity::text AS severity,
               i.status::text AS status, i.is_regression, i.first_seen_at, c.last_seen_at, c.event_count AS events,
               c.user_count AS users, d.name AS assignee, t.slug AS team, i.acknowledged_at, i.resolved_at,
               i.resolution::text AS resolution
          FROM public.issue i
          JOIN public.project p ON p.id = i.project_id
          JOIN public.issue_counter c ON c.issue_id = i.id
          LEFT JOIN public.developer d ON d.id = i.assignee_id
          LEFT JOIN public.team t ON t.id = i.team_id
         WHERE i.merged_into_id IS NULL
    """,
    "alerts": """
        SELECT a.id AS alert, p.slug AS project, i.short_id AS issue, a.status::text AS status,
               a.trigger::text AS trigger, a.severity::text AS severity, a.level, a.triggered_at, a.acknowledged_at,
               d.name AS acknowledged_by, a.resolved_at
          FROM public.alert a
          JOIN public.project p ON p.id = a.project_id
          JOIN public.issue i ON i.id = a.issue_id
          LEFT JOIN public.developer d ON d.id = a.acknowledged_by_id
    """,
    "notifications": """
        SELECT n.id AS notification, p.slug AS project, i.short_id AS issue, n.alert_id AS alert, n.kind::text AS kind,
               n.channel::text AS channel, d.name AS recipient, n.status::text AS status, n.reason,
               n.attempt_count AS attempts, n.created_at, n.sent_at
          FROM public.notification n
          LEFT JOIN public.project p ON p.id = n.project_id
          LEFT JOIN public.issue i ON i.id = n.issue_id
          LEFT JOIN public.developer d ON d.id = n.recipient_id
    """,
    "shifts": """
        SELECT s.name AS schedule, d.name AS developer, h.starts_at, h.ends_at, h.is_override,
               (SELECT count(DISTINCT n.alert_id)
                  FROM public.notification n
                 WHERE n.recipient_id = h.developer_id AND n.alert_id IS NOT NULL AND n.channel <> 'DASHBOARD'
                   AND n.sent_at >= h.starts_at AND n.sent_at < h.ends_at) AS pages
          FROM public.shift h
          JOIN public.schedule s ON s.id = h.schedule_id
          JOIN public.developer d ON d.id = h.developer_id
    """,
}


def upgrade() -> None:
    op.execute("CREATE SCHEMA report")
    for name, query in _VIEWS.items():
        op.execute(f"CREATE VIEW report.{name} AS {query}")


def downgrade() -> None:
    for name in _VIEWS:
        op.execute(f"DROP VIEW report.{name}")
    op.execute("DROP SCHEMA report")
