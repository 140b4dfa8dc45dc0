"""Issues and events are found by words of their frames: these are kept by grouping key, and with the issue of the keys.

No row is written anew. Of the keys that are there already, the job `note_frames` makes them, step by step.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0042"
down_revision: str | None = "0041"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_PARTS = (("simple", "identifiers", "A"), ("simple", "words", "A"), ("english", "words", "C"))


def upgrade() -> None:
    op.create_table(
        "key_frames",
        sa.Column("key_id", sa.Uuid(), primary_key=True),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("identifiers", sa.String(), nullable=False),
        sa.Column("search", postgresql.TSVECTOR(), sa.Computed(_vector(), persisted=True), nullable=False),
    )
    op.create_index("key_frames_search", "key_frames", ["search"], postgresql_using="gin")
    op.add_column("issue", sa.Column("frames", postgresql.TSVECTOR(), server_default="", nullable=False))
    op.create_index("issue_frames", "issue", ["frames"], postgresql_using="gin")


def downgrade() -> None:
    op.drop_column("issue", "frames")
    op.drop_table("key_frames")


def _vector() -> str:
    vectors = (
        f"setweight(to_tsvector('{config}', replace({text} || E'\\n', E'\\n', ' frame0border ')), '{weight}')"
        for config, text, weight in _PARTS
    )
    return f"ts_delete({' || '.join(vectors)}, 'frame0border')"
