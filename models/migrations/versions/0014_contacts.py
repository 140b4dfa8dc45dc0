"""Contact methods, notification rules, and messages that can be changed where they were sent."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0014"
down_revision: str | None = "0013"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_CHANNELS = ("EMAIL", "SLACK", "SMS", "WEBHOOK", "DASHBOARD", "TELEGRAM", "PAGERDUTY")
_SEVERITIES = ("INFO", "LOW", "MEDIUM", "HIGH", "CRITICAL")


def _enum(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    op.create_table(
        "contact_method",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("developer_id", sa.Uuid(), nullable=False),
        sa.Column("channel", _enum("channel", *_CHANNELS), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("is_enabled", sa.Boolean(), nullable=False),
        sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("code_digest", sa.LargeBinary(), nullable=True),
        sa.Column("code_expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("code_tries", sa.Integer(), nullable=False),
        sa.Column("signing_secret", sa.String(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["developer_id"], ["developer.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("developer_id", "channel", "value", name="contact_method_value"),
    )
    op.create_table(
        "notification_rule",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("developer_id", sa.Uuid(), nullable=False),
        sa.Column("importance", _enum("importance", "NORMAL", "IMPORTANT"), nullable=False),
        sa.Column("channel", _enum("channel", *_CHANNELS), nullable=False),
        sa.Column("min_severity", _enum("severity", *_SEVERITIES), nullable=False),
        sa.Column("delay_s", sa.Integer(), nullable=False),
        sa.Column("quiet_start", sa.String(), nullable=True),
        sa.Column("quiet_end", sa.String(), nullable=True),
        sa.Column("quiet_timezone", sa.String(), nullable=True),
        sa.Column("quiet_except_critical", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("delay_s BETWEEN 0 AND 86400", name="delay"),
        sa.CheckConstraint("(quiet_start IS NULL) = (quiet_end IS NULL)", name="quiet_hours"),
        sa.ForeignKeyConstraint(["developer_id"], ["developer.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("notification_rule_developer", "notification_rule", ["developer_id", "id"])
    op.add_column("notification", sa.Column("contact_method_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        "notification_contact_method_id_fkey",
        "notification",
        "contact_method",
        ["contact_method_id"],
        ["id"],
        ondelete="SET NULL",
    )
    op.create_index(
        "notification_contact_method",
        "notification",
        ["contact_method_id"],
        postgresql_where=sa.text("contact_method_id IS NOT NULL"),
    )
    op.add_column("notification", sa.Column("receipt", postgresql.JSONB(none_as_null=True), nullable=True))
    statuses = _enum("alert_status", "TRIGGERED", "ACKNOWLEDGED", "RESOLVED")
    op.add_column("notification", sa.Column("shown_status", statuses, nullable=True))
    op.add_column("notification", sa.Column("refresh_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "notification_changeable", "notification", ["alert_id"], postgresql_where=sa.text("receipt IS NOT NULL")
    )


def downgrade() -> None:
    op.drop_index("notification_changeable", table_name="notification")
    op.drop_index("notification_contact_method", table_name="notification")
    for column in ("refresh_at", "shown_status", "receipt", "contact_method_id"):
        op.drop_column("notification", column)
    op.drop_table("notification_rule")
    op.drop_table("contact_method")
