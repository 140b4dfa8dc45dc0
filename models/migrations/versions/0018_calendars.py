"""Calendars: the address of a developer's own, and those from which schedules take shifts. Hand-offs are told, mail of a kind is ended."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0018"
down_revision: str | None = "0017"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("developer", sa.Column("calendar_digest", sa.LargeBinary(), nullable=True))
    op.create_unique_constraint("developer_calendar_digest_key", "developer", ["calendar_digest"])
    op.add_column("schedule", sa.Column("notify_handoff", sa.Boolean(), nullable=False, server_default=sa.true()))
    op.alter_column("schedule", "notify_handoff", server_default=None)
    op.add_column("schedule", sa.Column("handoff_ahead_s", sa.Integer(), nullable=True))
    for name in ("told_until", "next_change_at", "ahead_told_at"):
        op.add_column("schedule", sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    # Those who are on call already need not be told that they have come.
    op.execute("UPDATE schedule SET told_until = recorded_until")
    op.alter_column("schedule", "told_until", nullable=False)
    _let_feed_tell("EVENT_LOGGED", "ISSUE_CHANGED", "NOTIFICATION_SENT")
    op.create_table(
        "imported_calendar",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("schedule_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("url", sa.String(), nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("shifts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_read_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("failure", sa.String(), nullable=True),
        sa.Column("failed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("shift_count", sa.Integer(), nullable=False),
        sa.Column("unmatched", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["schedule_id"], ["schedule.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("imported_calendar_due", "imported_calendar", ["next_read_at"])
    op.create_index("ix_imported_calendar_schedule_id", "imported_calendar", ["schedule_id"])
    op.create_table(
        "imported_shift",
        sa.Column("calendar_id", sa.Uuid(), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("developer_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("ends_at > starts_at", name="span"),
        sa.ForeignKeyConstraint(["calendar_id"], ["imported_calendar.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["developer_id"], ["developer.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("calendar_id", "ends_at", "starts_at", "developer_id"),
    )
    op.create_index("ix_imported_shift_developer_id", "imported_shift", ["developer_id"])
    op.create_table(
        "time_off",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("developer_id", sa.Uuid(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("ends_at > starts_at", name="span"),
        sa.ForeignKeyConstraint(["developer_id"], ["developer.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("time_off_developer", "time_off", ["developer_id", "ends_at"])
    op.create_table(
        "mail_opt_out",
        sa.Column("developer_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["developer_id"], ["developer.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("developer_id", "kind"),
    )


def downgrade() -> None:
    for name in ("ahead_told_at", "next_change_at", "told_until", "handoff_ahead_s", "notify_handoff"):
        op.drop_column("schedule", name)
    op.drop_table("time_off")
    op.drop_table("mail_opt_out")
    op.execute("DELETE FROM feed WHERE kind = 'NOTIFICATION_SENT'")
    _let_feed_tell("EVENT_LOGGED", "ISSUE_CHANGED")
    op.drop_table("imported_shift")
    op.drop_table("imported_calendar")
    op.drop_constraint("developer_calendar_digest_key", "developer")
    op.drop_column("developer", "calendar_digest")


def _let_feed_tell(*kinds: str) -> None:
    """Partitions were made with a constraint of their own, which stays when that of the whole goes."""
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    partitions = "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'feed'::regclass"
    op.execute("ALTER TABLE feed DROP CONSTRAINT feed_kind")
    for name in op.get_bind().scalars(sa.text(partitions)).all():
        op.execute(f"ALTER TABLE {name} DROP CONSTRAINT IF EXISTS feed_kind")
    op.execute(f"ALTER TABLE feed ADD CONSTRAINT feed_kind CHECK (kind IN ({listed}))")
