"""The migrations make what the models say, in one line, there and back."""

from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Table, inspect, text
from sqlalchemy.dialects.postgresql.base import ischema_names
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool
from sqlmodel import SQLModel

import models  # noqa: F401 - so that the metadata knows every table
from models.columns import Xid8
from models.migrate import migration_config, newest_revision
from models.partitions import EVENT, FEED

_STORAGE = """
SELECT relname, option_name, option_value FROM pg_class, pg_options_to_table(reloptions)
 WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
"""
PARTITIONED = (EVENT.table, FEED.table)
# alembic cannot compare a computed column, and says so where PostgreSQL spells the expression otherwise.
_COMPUTED = r"(issue\.(severity_rank|search)|key_frames\.search)"
pytestmark = pytest.mark.filterwarnings(f"ignore:Computed default on {_COMPUTED}:UserWarning")


@pytest.fixture(autouse=True)
def _known_type(monkeypatch: pytest.MonkeyPatch) -> None:
    """SQLAlchemy cannot read a column of PostgreSQL's `xid8` unless it is told what that is."""
    monkeypatch.setitem(ischema_names, "xid8", Xid8)


def test_there_is_one_line_of_migrations_and_the_code_expects_its_end():
    script = ScriptDirectory.from_config(migration_config())
    assert script.get_heads() == [newest_revision()]
    assert len(script.get_bases()) == 1


async def test_a_migrated_database_has_what_the_models_say(database_url: str):
    assert await _with_connection(database_url, _differences) == []


async def test_tables_are_stored_as_the_models_say(database_url: str):
    """Which alembic does not compare."""
    said = {table.name: _storage(table) for table in SQLModel.metadata.sorted_tables if _storage(table)}
    assert await _with_connection(database_url, _stored) == said


def _storage(table: Table) -> dict[str, float]:
    return {name: float(value) for name, value in (table.dialect_options["postgresql"]["with"] or {}).items()}


def _stored(connection: Connection) -> dict[str, dict[str, float]]:
    tables: dict[str, dict[str, float]] = {}
    for name, option, value in connection.execute(text(_STORAGE)):
        tables.setdefault(name, {})[option] = float(value)
    return tables


async def test_the_comparison_sees_what_is_missing(database_url: str):
    def spoil(connection: Connection) -> list[Any]:
        connection.execute(text("ALTER TABLE issue DROP COLUMN resolution_note"))
        connection.execute(text("DROP TABLE heartbeat"))
        return _differences(connection)

    kinds = {difference[0] for difference in await _with_connection(database_url, spoil)}
    assert kinds == {"add_column", "add_table"}


async def test_a_migration_can_be_taken_back_and_made_again(database_url: str):
    def there_and_back(connection: Connection) -> tuple[list[str], list[Any]]:
        command.downgrade(migration_config(connection), "base")
        left = [name for name in inspect(connection).get_table_names() if name != "alembic_version"]
        command.upgrade(migration_config(connection), "head")
        return left, _differences(connection)

    assert await _with_connection(database_url, there_and_back) == ([], [])


async def _with_connection(database_url: str, use: Any) -> Any:
    """What `use` returns, given a connection whose changes are not kept."""
    url = urlunsplit(urlsplit(database_url)._replace(scheme="postgresql+asyncpg"))
    engine = create_async_engine(url, poolclass=NullPool)
    try:
        async with engine.connect() as connection:
            return await connection.run_sync(use)
    finally:
        await engine.dispose()


def _differences(connection: Connection) -> list[Any]:
    """What a new migration would have to do."""
    options = {"compare_type": True, "compare_server_default": True, "include_object": _is_ours}
    context = MigrationContext.configure(connection, opts=options)
    return list(compare_metadata(context, SQLModel.metadata))


def _is_ours(_thing: Any, name: str | None, kind: str, _reflected: bool, _other: Any) -> bool:
    """Partitions are made by the product, not by migrations."""
    return not (kind == "table" and name and any(name.startswith(f"{table}_2") for table in PARTITIONED))
