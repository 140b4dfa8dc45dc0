"""Source maps by the dist of a release."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0010"
down_revision: str | None = "0009"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_BY_PLACE = sa.text("release IS NOT NULL AND place IS NOT NULL")


def upgrade() -> None:
    op.add_column("source_map", sa.Column("dist", sa.String(), nullable=True))
    op.create_check_constraint("dist_of_release", "source_map", "dist IS NULL OR release IS NOT NULL")
    op.drop_index("source_map_place", table_name="source_map")
    op.create_index(
        "source_map_place",
        "source_map",
        ["project_id", "release", "place", "dist"],
        unique=True,
        postgresql_nulls_not_distinct=True,
        postgresql_where=_BY_PLACE,
    )


def downgrade() -> None:
    # What was of one dist would be taken for that of all.
    op.execute("DELETE FROM source_map WHERE dist IS NOT NULL")
    op.drop_index("source_map_place", table_name="source_map")
    op.create_index(
        "source_map_place", "source_map", ["project_id", "release", "place"], unique=True, postgresql_where=_BY_PLACE
    )
    op.drop_constraint("dist_of_release", "source_map")
    op.drop_column("source_map", "dist")
