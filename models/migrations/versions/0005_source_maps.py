"""Source maps."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "source_map",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("release", sa.String(), nullable=True),
        sa.Column("place", sa.String(), nullable=True),
        sa.Column("debug_id", sa.String(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("checksum", sa.LargeBinary(), nullable=False),
        sa.Column("bundle", sa.LargeBinary(), nullable=True),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("stored_bytes", sa.Integer(), nullable=False),
        sa.Column("source_count", sa.Integer(), nullable=False),
        sa.Column("mapping_count", sa.Integer(), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("debug_id IS NOT NULL OR (release IS NOT NULL AND place IS NOT NULL)", name="found_by"),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "source_map_debug_id",
        "source_map",
        ["project_id", "debug_id"],
        unique=True,
        postgresql_where=sa.text("debug_id IS NOT NULL"),
    )
    op.create_index(
        "source_map_place",
        "source_map",
        ["project_id", "release", "place"],
        unique=True,
        postgresql_where=sa.text("release IS NOT NULL AND place IS NOT NULL"),
    )
    op.create_index("source_map_project", "source_map", ["project_id", "id"], unique=False)
    op.create_index("source_map_used", "source_map", ["last_used_at"], unique=False)
    op.create_table(
        "source_map_content",
        sa.Column("source_map_id", sa.Uuid(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["source_map_id"], ["source_map.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("source_map_id"),
    )
    op.create_table(
        "upload_chunk",
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("checksum", sa.LargeBinary(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("owner_id", "checksum"),
    )
    op.create_index("upload_chunk_received", "upload_chunk", ["received_at"], unique=False)


def downgrade() -> None:
    op.drop_index("upload_chunk_received", table_name="upload_chunk")
    op.drop_table("upload_chunk")
    op.drop_table("source_map_content")
    op.drop_index("source_map_used", table_name="source_map")
    op.drop_index("source_map_project", table_name="source_map")
    op.drop_index("source_map_place", table_name="source_map")
    op.drop_index("source_map_debug_id", table_name="source_map")
    op.drop_table("source_map")
