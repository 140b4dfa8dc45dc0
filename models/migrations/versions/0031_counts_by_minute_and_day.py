"""Counts by the minute, by the day for what is older than counts by the hour, both longer ones by release; and users.

The key of the counts by the hour is made anew, while nothing is written. Writers of the version before cannot count by it:
all of them stop before the migration.
"""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

revision: str = "0031"
down_revision: str | None = "0030"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_SEVERITIES = ("INFO", "LOW", "MEDIUM", "HIGH", "CRITICAL")
_HOURS_BY = ("project_id", "hour", "service", "environment", "severity")


def upgrade() -> None:
    _create_counts("minute_count", sa.Column("minute", sa.DateTime(timezone=True), nullable=False), fillfactor=70)
    _create_counts("past_count", sa.Column("day", sa.Date(), nullable=False), _release())
    _create_by_day("seen_user", "user_hash", is_key=True)
    _create_by_day("user_sketch", "sketch", is_key=False)
    op.add_column("hourly_count", _release())
    _key_hours(*_HOURS_BY, "release")


def downgrade() -> None:
    # Before, hours were kept for good: what was folded into days is the day's first hour, so that no event is lost.
    op.execute("""
CREATE TEMPORARY TABLE hours ON COMMIT DROP AS
SELECT project_id, hour, service, environment, severity, sum(event_count) AS event_count
  FROM (SELECT project_id, hour, service, environment, severity, event_count FROM hourly_count
        UNION ALL
        SELECT project_id, day::timestamp AT TIME ZONE 'UTC', service, environment, severity, event_count
          FROM past_count) AS counted
 GROUP BY 1, 2, 3, 4, 5
""")
    op.execute("TRUNCATE hourly_count")
    _key_hours(*_HOURS_BY)
    op.drop_column("hourly_count", "release")
    op.execute("INSERT INTO hourly_count SELECT * FROM hours")
    op.drop_table("user_sketch")
    op.drop_table("seen_user")
    op.drop_table("past_count")
    op.drop_table("minute_count")


def _release() -> sa.Column[str]:
    return sa.Column("release", sa.String(), nullable=False, server_default="")


def _key_hours(*columns: str) -> None:
    op.drop_constraint("hourly_count_pkey", "hourly_count")
    op.create_primary_key("hourly_count_pkey", "hourly_count", list(columns))


def _create_counts(table: str, at: sa.Column[Any], *more: sa.Column[str], **storage: int) -> None:
    keys: tuple[sa.Column[Any], ...] = (at, *_kind(), *more)
    op.create_table(
        table,
        sa.Column("project_id", sa.Uuid(), nullable=False),
        *keys,
        sa.Column("event_count", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("project_id", *(column.name for column in keys)),
        postgresql_with=storage or None,
    )


def _create_by_day(table: str, column: str, *, is_key: bool) -> None:
    keys: tuple[sa.Column[Any], ...] = (sa.Column("day", sa.Date(), nullable=False), *_kind())
    names = [*(key.name for key in keys), *[column] * is_key]
    op.create_table(
        table,
        sa.Column("project_id", sa.Uuid(), nullable=False),
        *keys,
        sa.Column(column, sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("project_id", *names),
    )


def _kind() -> Sequence[sa.Column[Any]]:
    severity = sa.Enum(*_SEVERITIES, name="severity", native_enum=False, create_constraint=True, length=40)
    return (
        sa.Column("service", sa.String(), nullable=False),
        sa.Column("environment", sa.String(), nullable=False),
        sa.Column("severity", severity, nullable=False),
    )
