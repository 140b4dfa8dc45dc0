"""Bringing a database to the newest shape of its tables."""

import asyncio
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from core.db import with_scheme

_SCRIPTS = Path(__file__).parent / "migrations"
# Two processes that start at once migrate one after the other.
_LOCK = 0x70C51


def migration_config(connection: Connection | None = None) -> Config:
    """Where the migrations are, and the connection that they run on."""
    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS))
    config.attributes["connection"] = connection
    return config


def newest_revision() -> str:
    """The revision that the code expects."""
    revision = ScriptDirectory.from_config(migration_config()).get_current_head()
    assert revision is not None
    return revision


def migrate(database_url: str) -> None:
    """Leave the database at the newest revision; running it twice changes nothing."""
    asyncio.run(migrate_async(database_url))


async def migrate_async(database_url: str) -> None:
    """Leave the database at the newest revision, from within a loop."""
    engine = create_async_engine(with_scheme(database_url, "postgresql+asyncpg"), poolclass=NullPool)
    try:
        async with engine.begin() as connection:
            await connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
            await connection.run_sync(_upgrade)
    finally:
        await engine.dispose()


def _upgrade(connection: Connection) -> None:
    command.upgrade(migration_config(connection), "head")
