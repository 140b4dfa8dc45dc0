"""Searches that people keep."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0028"
down_revision: str | None = "0027"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_SUBJECTS = ("ISSUES", "EVENTS")
_ORDERS = ("LAST_SEEN", "FIRST_SEEN", "EVENT_COUNT", "USER_COUNT", "SEVERITY")


def upgrade() -> None:
    op.create_table(
        "saved_search",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=True),
        sa.Column("project_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column(
            "subject",
            sa.Enum(*_SUBJECTS, name="search_subject", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("search", sa.String(), nullable=False),
        sa.Column(
            "order_field",
            sa.Enum(*_ORDERS, name="issue_order_field", native_enum=False, create_constraint=True, length=40),
            nullable=True,
        ),
        sa.Column("is_descending", sa.Boolean(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(order_field IS NULL) = (is_descending IS NULL)", name="ordered"),
        sa.CheckConstraint("team_id IS NULL OR project_id IS NULL", name="place"),
        sa.ForeignKeyConstraint(["owner_id"], ["developer.id"]),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    for column in ("owner_id", "project_id", "team_id"):
        op.create_index(f"ix_saved_search_{column}", "saved_search", [column])


def downgrade() -> None:
    op.drop_table("saved_search")
