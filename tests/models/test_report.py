"""The views for people who read with SQL are what their page says, and a role of their own reads nothing else."""

import re
from urllib.parse import urlsplit

import asyncpg
import pytest

from core.settings import ROOT
from tests.support.db import on_database
from tests.support.servers import Servers

_TYPES = {"character varying": "text", "timestamp with time zone": "timestamptz"}
_COLUMNS = """
SELECT table_name, column_name, data_type FROM information_schema.columns
 WHERE table_schema = 'report' ORDER BY table_name, ordinal_position
"""
_ROLE = """
CREATE ROLE a_reader_of_reports;
GRANT USAGE ON SCHEMA report TO a_reader_of_reports;
GRANT SELECT ON ALL TABLES IN SCHEMA report TO a_reader_of_reports;
SET LOCAL ROLE a_reader_of_reports;
"""


def documented() -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = {}
    for line in (ROOT / "docs/sql-views.md").read_text().splitlines():
        if heading := re.fullmatch(r"## report\.(\w+)", line):
            found[heading[1]] = []
        elif (row := re.fullmatch(r"\| (\w+) \| (\w+) \| .* \|", line)) and row[1] != "column":
            next(reversed(found.values())).append((row[1], row[2]))
    return found


async def test_the_views_have_the_columns_that_are_documented(database_url: str):
    connection = await asyncpg.connect(database_url)
    try:
        stored: dict[str, list[tuple[str, str]]] = {}
        for view, column, kind in await connection.fetch(_COLUMNS):
            stored.setdefault(view, []).append((column, _TYPES.get(kind, kind)))
    finally:
        await connection.close()
    assert stored == documented()
    assert len(stored) == 5


async def test_a_role_of_its_own_reads_the_views_and_nothing_else(servers: Servers, database_url: str):
    name = urlsplit(database_url).path.lstrip("/")
    connection = await asyncpg.connect(on_database(servers.postgres.admin_url, name))
    transaction = connection.transaction()
    await transaction.start()
    try:
        await connection.execute(_ROLE)
        for view in documented():
            await connection.fetch(f"SELECT * FROM report.{view}")
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.fetch("SELECT * FROM notification")
    finally:
        await transaction.rollback()
        await connection.close()
