"""What is searched in an issue. It is made of every issue there is: about a second for five thousand, while none is written."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0026"
down_revision: str | None = "0025"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_NAMES = "title || ' ' || error_type || ' ' || coalesce(culprit, '') || ' ' || short_id"
_PUNCTUATION = "[!-/:-@[-`{-~]+"
_HUMPS = "(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])"


def upgrade() -> None:
    made = f"{_vector(_NAMES, 'A', 'C')} || {_vector('left(message, 1000)', 'B', 'D')}"
    op.add_column(
        "issue", sa.Column("search", postgresql.TSVECTOR(), sa.Computed(made, persisted=True), nullable=False)
    )
    op.create_index("issue_search", "issue", ["search"], postgresql_using="gin")


def downgrade() -> None:
    op.drop_column("issue", "search")


def _vector(text: str, exact: str, stems: str) -> str:
    whole, split = _words(text, _PUNCTUATION), _words(text, f"{_PUNCTUATION}|{_HUMPS}")
    parts = (("simple", whole, exact), ("simple", split, exact), ("english", split, stems))
    return " || ".join(f"setweight(to_tsvector('{config}', {words}), '{weight}')" for config, words, weight in parts)


def _words(text: str, between: str) -> str:
    return f"""lower(regexp_replace(({text}) COLLATE "C", '{between}', ' ', 'g') COLLATE "pg_c_utf8")"""
