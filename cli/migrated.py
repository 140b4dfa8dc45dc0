"""Is the database what our code needs? A process that starts before `tocsin migrate` is done waits for it."""

import asyncio
import time

import asyncpg
import structlog
from alembic.script import ScriptDirectory

from cli.problem import Problem
from models.migrate import migration_config, newest_revision

_log = structlog.get_logger()
_LOOK_S, _SAY_EVERY = 0.2, 50
_CONNECT_S = 10.0
_AWAY = "the database cannot be reached"


async def wait_migrated(database_url: str, *, away_s: float | None = None) -> None:
    """Return once the database is there and migrated; one that newer code migrated will do.

    With `away_s` it is not waited for longer than that while it cannot be reached at all.

    Raises: Problem when the database refuses us.
    """
    older = _older_revisions()
    looks = 0
    until = None if away_s is None else time.monotonic() + away_s
    while lack := await _find_lack(database_url, older):
        if looks % _SAY_EVERY == 0:
            _log.info("waiting", lack=lack)
        if lack.startswith(_AWAY) and until is not None and time.monotonic() > until:
            return
        looks += 1
        await asyncio.sleep(_LOOK_S)


def _older_revisions() -> set[str]:
    scripts = ScriptDirectory.from_config(migration_config())
    return {script.revision for script in scripts.walk_revisions()} - {newest_revision()}


async def _find_lack(database_url: str, older: set[str]) -> str | None:
    try:
        connection = await asyncpg.connect(database_url, timeout=_CONNECT_S)
    except (OSError, TimeoutError, asyncpg.CannotConnectNowError, asyncpg.TooManyConnectionsError) as error:
        return f"{_AWAY} ({error})"
    except (ValueError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        raise Problem(f"The database refuses us ({error}): check TOCSIN_DATABASE_URL.") from None
    try:
        found = await connection.fetchval("SELECT version_num FROM alembic_version")
    except asyncpg.UndefinedTableError:
        found = None
    finally:
        await connection.close()
    return "the database is not migrated: run tocsin migrate" if found is None or found in older else None
