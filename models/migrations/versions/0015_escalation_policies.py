"""Escalation policies, and what an alert knows of the one that it climbs."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0015"
down_revision: str | None = "0014"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_KIND = "LAPSED"


def upgrade() -> None:
    op.create_table(
        "escalation_policy",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=True),
        sa.Column("services", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("repeat", sa.Integer(), nullable=False),
        sa.Column("steps", postgresql.JSONB(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("repeat BETWEEN 0 AND 9", name="repeat_bounds"),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("name"),
    )
    op.create_index(op.f("ix_escalation_policy_team_id"), "escalation_policy", ["team_id"])
    op.add_column("alert", sa.Column("policy_id", sa.Uuid(), nullable=True))
    op.add_column("alert", sa.Column("plan", postgresql.JSONB(), nullable=True))
    op.add_column("alert", sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True))
    op.create_foreign_key(
        "alert_policy_id_fkey", "alert", "escalation_policy", ["policy_id"], ["id"], ondelete="SET NULL"
    )
    op.create_index("alert_policy", "alert", ["policy_id"], postgresql_where=sa.text("policy_id IS NOT NULL"))
    _allow([*_kinds(), _KIND])


def downgrade() -> None:
    op.execute("DELETE FROM activity WHERE kind = 'LAPSED'")
    _allow([kind for kind in _kinds() if kind != _KIND])
    op.drop_index("alert_policy", "alert")
    op.drop_constraint("alert_policy_id_fkey", "alert", type_="foreignkey")
    for column in ("policy_id", "plan", "reminded_at"):
        op.drop_column("alert", column)
    op.drop_table("escalation_policy")


def _kinds() -> list[str]:
    """The kinds that are allowed so far, whichever migrations have added some."""
    definition = op.get_bind().scalar(
        sa.text("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = 'activity_kind'")
    )
    return str(definition).split("'")[1::2]


def _allow(kinds: Sequence[str]) -> None:
    listed = ", ".join(f"'{kind}'" for kind in dict.fromkeys(kinds))
    op.execute("ALTER TABLE activity DROP CONSTRAINT activity_kind")
    op.execute(f"ALTER TABLE activity ADD CONSTRAINT activity_kind CHECK (kind IN ({listed}))")
