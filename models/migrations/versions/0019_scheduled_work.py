"""What is done by the timetable, each run on record."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0019"
down_revision: str | None = "0018"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_KIND = "WARNING"
_TRENDS = ("GONE", "FALLING", "STEADY", "NEW", "RISING")
_STATUSES = ("RUNNING", "OK", "FAILED")


def upgrade() -> None:
    op.create_table(
        "scheduled_run",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("job", sa.String(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "status",
            sa.Enum(*_STATUSES, name="run_status", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("error", sa.String(), nullable=True),
        sa.Column("result", postgresql.JSONB(), nullable=True),
        sa.Column("worker", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("scheduled_run_job", "scheduled_run", ["job", "started_at"])
    op.create_index("scheduled_run_due", "scheduled_run", ["job", "due_at"])
    op.create_index("scheduled_run_started", "scheduled_run", ["started_at"])
    op.create_table(
        "daily_summary",
        sa.Column("developer_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_told", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["developer_id"], ["developer.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("developer_id", "day"),
    )
    op.create_index("daily_summary_at", "daily_summary", ["at"])
    op.create_table(
        "standing_warning",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    _allow_kinds([*_kinds(), _KIND])
    _make_patterns()


def downgrade() -> None:
    op.drop_table("pattern_issue")
    op.drop_table("pattern")
    op.execute("DELETE FROM notification WHERE kind = 'WARNING'")  # and with it the tries to deliver it
    _allow_kinds([kind for kind in _kinds() if kind != _KIND])
    op.drop_table("standing_warning")
    op.drop_table("daily_summary")
    op.drop_table("scheduled_run")


def _make_patterns() -> None:
    op.create_table(
        "pattern",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("error_type", sa.String(), nullable=False),
        sa.Column("template", sa.String(), nullable=False),
        sa.Column("event_count", sa.BigInteger(), nullable=False),
        sa.Column("issue_count", sa.Integer(), nullable=False),
        sa.Column("services", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("endpoints", postgresql.JSONB(), nullable=False),
        sa.Column("severities", postgresql.JSONB(), nullable=False),
        sa.Column(
            "trend",
            sa.Enum(*_TRENDS, name="trend", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("trend_rank", sa.SmallInteger(), nullable=False),
        sa.Column("change_percent", sa.Float(), nullable=True),
        sa.Column("detected_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("pattern_digest", "pattern", ["project_id", "digest"], unique=True)
    op.create_index("pattern_event_count", "pattern", ["project_id", "event_count", "id"])
    op.create_index("pattern_last_seen", "pattern", ["project_id", "last_seen_at", "id"])
    op.create_index("pattern_trend", "pattern", ["project_id", "trend_rank", "id"])
    op.create_table(
        "pattern_issue",
        sa.Column("issue_id", sa.Uuid(), nullable=False),
        sa.Column("pattern_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["pattern_id"], ["pattern.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("issue_id"),
    )
    op.create_index("pattern_issue_pattern", "pattern_issue", ["pattern_id", "issue_id"])


def _kinds() -> list[str]:
    """The kinds that are allowed so far, whichever migrations have added some."""
    definition = op.get_bind().scalar(
        sa.text("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = 'notification_kind'")
    )
    return str(definition).split("'")[1::2]


def _allow_kinds(kinds: Sequence[str]) -> None:
    listed = ", ".join(f"'{kind}'" for kind in dict.fromkeys(kinds))
    op.execute("ALTER TABLE notification DROP CONSTRAINT notification_kind")
    op.execute(f"ALTER TABLE notification ADD CONSTRAINT notification_kind CHECK (kind IN ({listed}))")
