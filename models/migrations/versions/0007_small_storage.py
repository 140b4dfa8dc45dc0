"""Payloads are packed, a project may keep fewer events, and the telling ones stay."""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

import orjson
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from models.payload import pack, unpack

revision: str = "0007"
down_revision: str | None = "0006"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_STEP = 1_000
_LOWEST = UUID(int=0)
_PARTITIONS = "SELECT relid::regclass::text FROM pg_partition_tree('event') WHERE isleaf AND relid <> 'event'::regclass"


def upgrade() -> None:
    """Pack what is stored as jsonb."""
    op.add_column("event", sa.Column("packed", sa.LargeBinary(), nullable=True))
    # What is packed cannot be compressed again, and shall not be tried.
    op.execute("ALTER TABLE event ALTER COLUMN packed SET STORAGE EXTERNAL")
    _convert("packed", "CAST(payload AS text)", "bytea", lambda plain: pack(orjson.dumps(orjson.loads(plain))))
    op.drop_column("event", "payload")
    op.alter_column("event", "packed", new_column_name="payload", nullable=False)
    op.add_column("project", sa.Column("max_events", sa.BigInteger(), nullable=True))
    _make_kept_event()
    _make_erasure()


def downgrade() -> None:
    """Unpack it."""
    op.drop_table("erasure")
    op.drop_table("kept_event")
    op.drop_column("project", "max_events")
    op.add_column("event", sa.Column("plain", postgresql.JSONB(none_as_null=True), nullable=True))
    _convert("plain", "payload", "text", lambda stored: unpack(stored).decode(), cast="::jsonb")
    op.drop_column("event", "payload")
    op.alter_column("event", "plain", new_column_name="payload", nullable=False)


def _make_kept_event() -> None:
    op.execute(
        "CREATE TABLE kept_event (LIKE event INCLUDING CONSTRAINTS INCLUDING STORAGE, telling varchar(40) NOT NULL"
        " CONSTRAINT telling CHECK (telling IN ('FIRST', 'RELEASE', 'LAST')), PRIMARY KEY (project_id, id))"
    )
    op.create_index("kept_event_by_key", "kept_event", ["project_id", "grouping_key_id", "id"])
    op.create_index("kept_event_by_name", "kept_event", ["project_id", "event_id"])


def _make_erasure() -> None:
    op.create_table(
        "erasure",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("person", postgresql.JSONB(none_as_null=True), nullable=True),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_in_kept", sa.Boolean(), nullable=False),
        sa.Column("after_id", sa.Uuid(), nullable=False),
        sa.Column("events_read", sa.BigInteger(), nullable=False),
        sa.Column("events_changed", sa.BigInteger(), nullable=False),
    )
    op.create_index("erasure_open", "erasure", ["id"], postgresql_where=sa.text("finished_at IS NULL"))
    op.create_index("erasure_project", "erasure", ["project_id", "id"])


def _convert(into: str, source: str, kind: str, make: Callable[[Any], Any], cast: str = "") -> None:
    """Fill a column from another, partition by partition, a step at a time."""
    connection = op.get_bind()
    for (table,) in connection.execute(sa.text(_PARTITIONS)).all():
        # Partitions are named by us, so they may stand in the statement.
        read = sa.text(
            f"SELECT project_id, id, {source} FROM {table} WHERE (project_id, id) > (:project_id, :id)"  # noqa: S608
            f" ORDER BY project_id, id LIMIT {_STEP}"
        ).bindparams(sa.bindparam("project_id", type_=sa.Uuid()), sa.bindparam("id", type_=sa.Uuid()))
        write = sa.text(
            f"UPDATE {table} SET {into} = made.value{cast}"  # noqa: S608
            f" FROM unnest(CAST(:projects AS uuid[]), CAST(:ids AS uuid[]), CAST(:made AS {kind}[]))"
            f" AS made (project_id, id, value) WHERE {table}.project_id = made.project_id AND {table}.id = made.id"
        )
        at: Any = {"project_id": _LOWEST, "id": _LOWEST}
        while rows := connection.execute(read, at).all():
            projects, ids, values = zip(*rows, strict=True)
            connection.execute(
                write, {"projects": [*projects], "ids": [*ids], "made": [make(value) for value in values]}
            )
            at = {"project_id": projects[-1], "id": ids[-1]}
