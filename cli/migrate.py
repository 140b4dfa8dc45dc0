"""`tocsin migrate`: a database up to date, and on an empty one the first project, owner, token and key."""

import asyncio

import asyncpg

from cli.configuration import read_settings_with_stores
from cli.installation import credentials_at, credentials_path, make_data_dir, write_credentials
from cli.problem import Problem
from core import log
from core.settings import Settings
from models.migrate import migrate_async
from resolvers.resources import open_resources
from resolvers.setup import Credentials, first_setup

_CONNECT_S = 10.0


def main() -> None:
    """Bring the database up to date; on an empty one make the first project and credentials."""
    settings = read_settings_with_stores()
    log.configure(settings.log_level, settings.log_format)
    make_data_dir(settings.data_dir)
    if asyncio.run(_migrate(settings)):
        print(f"The first project is made; its credentials: {credentials_path(settings.data_dir)}")
    print("The database is up to date.")


async def _migrate(settings: Settings) -> Credentials | None:
    assert settings.database_url is not None
    await _reach(settings.database_url)
    await migrate_async(settings.database_url)
    async with open_resources(settings) as resources:
        return await first_setup(resources, lambda made: _keep(settings, made))


def _keep(settings: Settings, made: Credentials) -> None:
    credentials = credentials_at(
        settings.base_url,
        token=made.token,
        ingest_key=made.ingest_key,
        project_number=made.project_number,
    )
    write_credentials(settings.data_dir, credentials)


async def _reach(database_url: str) -> None:
    """Raise Problem where there is no database to migrate."""
    try:
        connection = await asyncpg.connect(database_url, timeout=_CONNECT_S)
    except (OSError, TimeoutError, ValueError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        raise Problem(f"The database cannot be reached ({error}): check TOCSIN_DATABASE_URL.") from None
    await connection.close()
