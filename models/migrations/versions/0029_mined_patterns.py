"""Patterns are mined as issues come: one row a template, those of one issue too, and what became of others.

Alert rules may fire for new ones.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0029"
down_revision: str | None = "0028"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_TRIGGERS = (
    "NEW_ISSUE",
    "REGRESSION",
    "EVENT_COUNT",
    "ERROR_RATE",
    "CRITICAL_COUNT",
    "SURGE",
    "USERS_AFFECTED",
    "UNRESOLVED_FOR",
    "ALERT_QUEUE",
    "MANUAL",
)


def upgrade() -> None:
    op.drop_index("pattern_digest", "pattern")
    op.alter_column("pattern", "detected_at", nullable=True)
    op.add_column("pattern", sa.Column("figures_due_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("pattern", sa.Column("merged_into_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        "pattern_merged_into_id_fkey", "pattern", "pattern", ["merged_into_id"], ["id"], ondelete="CASCADE"
    )
    op.create_index("pattern_digest", "pattern", ["digest", "project_id"])
    op.create_index("pattern_error_type", "pattern", ["project_id", "error_type", "last_seen_at"])
    for name, column in (("pattern_due", "figures_due_at"), ("pattern_merged", "merged_into_id")):
        op.create_index(name, "pattern", [column], postgresql_where=sa.text(f"{column} IS NOT NULL"))
    op.execute("UPDATE pattern SET figures_due_at = detected_at")
    # Without a run on record all issues are looked at, not only those that are new.
    op.execute("DELETE FROM scheduled_run WHERE job = 'analyse_patterns'")
    op.add_column("alert_rule_firing", sa.Column("pattern_id", sa.Uuid(), nullable=True))
    _allow_triggers(*_TRIGGERS, "NEW_PATTERN")


def downgrade() -> None:
    op.execute("DELETE FROM triage WHERE trigger = 'NEW_PATTERN'")
    op.execute("UPDATE alert SET trigger = 'NEW_ISSUE' WHERE trigger = 'NEW_PATTERN'")
    op.execute("DELETE FROM alert_rule WHERE trigger = 'NEW_PATTERN'")
    _allow_triggers(*_TRIGGERS)
    op.drop_column("alert_rule_firing", "pattern_id")
    op.execute("DELETE FROM pattern WHERE merged_into_id IS NOT NULL OR detected_at IS NULL")
    op.execute(
        "DELETE FROM pattern USING pattern AS other"
        " WHERE pattern.project_id = other.project_id AND pattern.digest = other.digest AND pattern.id > other.id"
    )
    for name in ("pattern_merged", "pattern_due", "pattern_error_type", "pattern_digest"):
        op.drop_index(name, "pattern")
    op.drop_constraint("pattern_merged_into_id_fkey", "pattern", type_="foreignkey")
    op.drop_column("pattern", "merged_into_id")
    op.drop_column("pattern", "figures_due_at")
    op.alter_column("pattern", "detected_at", nullable=False)
    op.create_index("pattern_digest", "pattern", ["project_id", "digest"], unique=True)


def _allow_triggers(*triggers: str) -> None:
    listed = ", ".join(f"'{trigger}'" for trigger in triggers)
    for table in ("alert", "alert_rule", "triage"):
        op.execute(f"ALTER TABLE {table} DROP CONSTRAINT alert_trigger")
        op.execute(f"ALTER TABLE {table} ADD CONSTRAINT alert_trigger CHECK (trigger IN ({listed}))")
