"""Is the database there, of the right shape, and free of what holds the feed up?"""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import asyncpg

from cli.checks import Finding
from core.clock import Clock
from models.migrate import newest_revision

_LEAST_VERSION = 170_000  # the first with transaction_timeout
_WITHIN_S = 5.0
_LONG = timedelta(seconds=60)
_CLOCKS_APART = timedelta(seconds=2)


async def check_database(url: str, clock: Clock) -> AsyncIterator[Finding]:
    """Look at version, encoding, migrations, open transactions and clock of the database."""
    try:
        connection = await asyncpg.connect(url, timeout=_WITHIN_S, command_timeout=_WITHIN_S)
    except (OSError, TimeoutError, ValueError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        yield Finding("FAIL", "Database", f"cannot be reached ({error}): check TOCSIN_DATABASE_URL.")
        return
    try:
        yield await _version(connection)
        yield await _encoding(connection)
        yield await _migrations(connection)
        yield await _writable(connection)
        if letters := await _dead_letters(connection):
            yield letters
        yield await _time_limits(connection)
        yield await _open_transactions(connection, clock)
        yield await _clock(connection, clock)
    finally:
        await connection.close()


async def _version(connection: "asyncpg.Connection[asyncpg.Record]") -> Finding:
    number = int(await connection.fetchval("SHOW server_version_num"))
    words = f"PostgreSQL {await connection.fetchval('SHOW server_version')}"
    if number < _LEAST_VERSION:
        return Finding("FAIL", "Database", f"{words}: Tocsin needs 17 or newer.")
    return Finding("ok", "Database", words)


async def _encoding(connection: "asyncpg.Connection[asyncpg.Record]") -> Finding:
    """What is searched is put into small letters of every script, which PostgreSQL does in UTF8 alone."""
    encoding = await connection.fetchval("SHOW server_encoding")
    if encoding != "UTF8":
        return Finding("FAIL", "Encoding", f"{encoding}: make the database with ENCODING 'UTF8' TEMPLATE template0.")
    return Finding("ok", "Encoding", encoding)


async def _migrations(connection: "asyncpg.Connection[asyncpg.Record]") -> Finding:
    expected = newest_revision()
    try:
        found = await connection.fetchval("SELECT version_num FROM alembic_version")
    except asyncpg.UndefinedTableError:
        found = None
    if found != expected:
        return Finding("FAIL", "Migrations", f"at {found or 'nothing'}, expected {expected}: run tocsin migrate.")
    return Finding("ok", "Migrations", f"at {found}")


async def _writable(connection: "asyncpg.Connection[asyncpg.Record]") -> Finding:
    if await connection.fetchval("SELECT pg_is_in_recovery()"):
        return Finding("FAIL", "Writing", "this is a standby: errors are spooled, and nothing else works.")
    if await connection.fetchval("SHOW transaction_read_only") == "on":
        return Finding(
            "FAIL", "Writing", "default_transaction_read_only is on: errors are spooled, nothing else works."
        )
    return Finding("ok", "Writing", "the database can be written to")


async def _dead_letters(connection: "asyncpg.Connection[asyncpg.Record]") -> Finding | None:
    """None before the table is there, which the migrations say."""
    try:
        count = await connection.fetchval("SELECT count(*) FROM dead_letter")
    except asyncpg.UndefinedTableError:
        return None
    if count:
        return Finding("warn", "Dead letters", f"{count} events could not be stored: see tocsin dead-letters list.")
    return Finding("ok", "Dead letters", "none")


async def _time_limits(connection: "asyncpg.Connection[asyncpg.Record]") -> Finding:
    """Readers of the feed wait for the oldest transaction of the cluster: ours must be able to end by themselves."""
    try:
        await connection.execute("SET transaction_timeout = '60s'; SET idle_in_transaction_session_timeout = '10s'")
    except asyncpg.PostgresError as error:
        return Finding("FAIL", "Time limits", f"transactions cannot be given any ({error}).")
    return Finding("ok", "Time limits", "transactions can be given some")


async def _open_transactions(connection: "asyncpg.Connection[asyncpg.Record]", clock: Clock) -> Finding:
    holding = await connection.fetch(
        "SELECT pid::text AS who, coalesce(usename, '') AS role, xact_start AS since FROM pg_stat_activity "
        "WHERE backend_xid IS NOT NULL AND xact_start < $1 "
        "UNION ALL SELECT gid, owner, prepared FROM pg_prepared_xacts WHERE prepared < $1 ORDER BY since LIMIT 3",
        clock.now() - _LONG,
    )
    if holding:
        whose = ", ".join(f"{row['who']} of {row['role']} since {row['since']:%H:%M:%S}" for row in holding)
        return Finding("warn", "Open transactions", f"{whose}: streams wait for them, so end them.")
    return Finding("ok", "Open transactions", "none is older than a minute")


async def _clock(connection: "asyncpg.Connection[asyncpg.Record]", clock: Clock) -> Finding:
    before = clock.now()
    # The start of this very statement: the database's clock at this moment.
    there: datetime = await connection.fetchval("SELECT query_start FROM pg_stat_activity WHERE pid = pg_backend_pid()")
    apart = max(before - there, there - clock.now(), timedelta(0))
    if apart > _CLOCKS_APART:
        seconds = apart.total_seconds()
        return Finding("warn", "Clock", f"{seconds:.0f} s apart from the database's: set both by NTP.")
    return Finding("ok", "Clock", "agrees with the database's")
