"""Quotas, filters and sampling of projects, and what was turned away."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0006"
down_revision: str | None = "0005"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_REASONS = (
    "KEY_LIMIT",
    "ENDPOINT_LIMIT",
    "QUOTA",
    "SPIKE",
    "FILTERED_MESSAGE",
    "FILTERED_RELEASE",
    "FILTERED_ENVIRONMENT",
    "FILTERED_BROWSER_EXTENSION",
    "FILTERED_WEB_CRAWLER",
    "FILTERED_LOCALHOST",
    "SAMPLED",
    "TOO_LARGE",
    "INVALID",
    "QUEUE_FULL",
)
_KIND = "EVENTS_DROPPED"


def upgrade() -> None:
    # The defaults are for the rows that are there; later ones are given their values by the product.
    op.add_column("project", sa.Column("hourly_quota", sa.Integer(), nullable=True))
    _add("project", sa.Column("spike_protection", sa.Boolean(), nullable=False, server_default=sa.true()))
    _add("project", sa.Column("inbound_filters", postgresql.JSONB(), nullable=False, server_default="{}"))
    _add("project", sa.Column("sampling_rules", postgresql.JSONB(), nullable=False, server_default="[]"))
    op.create_table(
        "dropped_count",
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("hour", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "reason",
            sa.Enum(*_REASONS, name="drop_reason", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("event_count", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("project_id", "hour", "reason"),
        postgresql_with={"fillfactor": 70},
    )
    op.create_index("dropped_count_hour", "dropped_count", ["hour"])
    _allow_kinds([*_kinds(), _KIND])


def downgrade() -> None:
    kinds = [kind for kind in _kinds() if kind != _KIND]
    op.execute("DELETE FROM notification WHERE kind = 'EVENTS_DROPPED'")  # and with it the tries to deliver it
    _allow_kinds(kinds)
    op.drop_table("dropped_count")
    for column in ("sampling_rules", "inbound_filters", "spike_protection", "hourly_quota"):
        op.drop_column("project", column)


def _add(table: str, column: sa.Column[Any]) -> None:
    op.add_column(table, column)
    op.alter_column(table, column.name, server_default=None)


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
