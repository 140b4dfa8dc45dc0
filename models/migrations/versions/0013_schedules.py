"""Schedules, and who was on call by them."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0013"
down_revision: str | None = "0012"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_KINDS = sa.Enum(
    "HOURLY", "DAILY", "WEEKLY", "MONTHLY", name="rotation_kind", native_enum=False, create_constraint=True, length=40
)


def upgrade() -> None:
    op.create_table(
        "schedule",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("timezone", sa.String(), nullable=False),
        sa.Column("services", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("calendar_digest", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("name"),
        sa.UniqueConstraint("calendar_digest"),
    )
    op.create_index("schedule_recorded", "schedule", ["recorded_until"], unique=False)
    op.create_index(op.f("ix_schedule_team_id"), "schedule", ["team_id"], unique=False)
    op.create_table(
        "rotation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("schedule_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("kind", _KINDS, nullable=False),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("active_days", postgresql.ARRAY(sa.Integer()), nullable=False),
        sa.Column("active_from", sa.String(), nullable=True),
        sa.Column("active_until", sa.String(), nullable=True),
        sa.CheckConstraint("length BETWEEN 1 AND 1000", name="length"),
        sa.CheckConstraint("(active_from IS NULL) = (active_until IS NULL)", name="hours"),
        sa.ForeignKeyConstraint(["schedule_id"], ["schedule.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_rotation_schedule_id"), "rotation", ["schedule_id"], unique=False)
    op.create_table(
        "rotation_participant",
        sa.Column("rotation_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("developer_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["developer_id"], ["developer.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["rotation_id"], ["rotation.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("rotation_id", "position"),
    )
    op.create_index(
        op.f("ix_rotation_participant_developer_id"), "rotation_participant", ["developer_id"], unique=False
    )
    op.create_table(
        "schedule_override",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("schedule_id", sa.Uuid(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("add_id", sa.Uuid(), nullable=True),
        sa.Column("remove_id", sa.Uuid(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.CheckConstraint("ends_at > starts_at", name="span"),
        sa.CheckConstraint("add_id IS NOT NULL OR remove_id IS NOT NULL", name="somebody"),
        sa.CheckConstraint("add_id <> remove_id", name="two_people"),
        sa.ForeignKeyConstraint(["add_id"], ["developer.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["remove_id"], ["developer.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["schedule_id"], ["schedule.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("schedule_override_span", "schedule_override", ["schedule_id", "ends_at"], unique=False)
    op.create_index(op.f("ix_schedule_override_add_id"), "schedule_override", ["add_id"], unique=False)
    op.create_index(op.f("ix_schedule_override_remove_id"), "schedule_override", ["remove_id"], unique=False)
    op.create_table(
        "shift",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("schedule_id", sa.Uuid(), nullable=False),
        sa.Column("developer_id", sa.Uuid(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_override", sa.Boolean(), nullable=False),
        sa.CheckConstraint("ends_at > starts_at", name="span"),
        sa.ForeignKeyConstraint(["developer_id"], ["developer.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["schedule_id"], ["schedule.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("shift_start", "shift", ["schedule_id", "developer_id", "starts_at"], unique=True)
    op.create_index("shift_end", "shift", ["schedule_id", "ends_at"], unique=False)
    op.create_index(op.f("ix_shift_developer_id"), "shift", ["developer_id"], unique=False)


def downgrade() -> None:
    op.drop_table("shift")
    op.drop_table("schedule_override")
    op.drop_table("rotation_participant")
    op.drop_table("rotation")
    op.drop_table("schedule")
