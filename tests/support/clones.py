"""Databases for tests, cloned and dropped by one connection: to connect for each costs a quarter of the time of a core.

Neither goes on while a test runs. Both hold a transaction open, and for as long the feed of every database shows
nothing new (ADR 0007).
"""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from uuid import uuid4

import asyncpg

from core.embedded.cluster import ROLE


class Clones:
    """Clones of templates. Tests have event loops of their own, so the connection has one, too, in a thread."""

    def __init__(self, admin_url: str) -> None:
        self._runner, self._thread = asyncio.Runner(), ThreadPoolExecutor(1, "clones")
        # As the superuser: autovacuum may be in what is dropped, and nobody else may end that.
        self._connection = self._thread.submit(self._runner.run, _connect(admin_url)).result()

    async def make(self, template: str) -> str:
        """Name a database like the template that nobody has used."""
        name = f"test_{uuid4().hex}"
        await self._execute(f"CREATE DATABASE {name} OWNER {ROLE} TEMPLATE {template} STRATEGY = FILE_COPY")
        return name

    async def drop(self, name: str) -> None:
        """Leave no such database, whoever is connected to it."""
        await self._execute(f"DROP DATABASE {name} WITH (FORCE)")

    def close(self) -> None:
        """Leave no thread and no connection."""
        self._thread.submit(self._disconnect).result()
        self._thread.shutdown()

    async def _execute(self, statement: str) -> None:
        done = self._thread.submit(self._runner.run, self._connection.execute(statement))
        await asyncio.wrap_future(done)

    def _disconnect(self) -> None:
        self._runner.run(self._connection.close())
        self._runner.close()


@contextmanager
def clones_by(admin_url: str) -> Iterator[Clones]:
    """Clones of templates, which others leave alone until the end of the block."""
    clones = Clones(admin_url)
    try:
        yield clones
    finally:
        clones.close()


async def _connect(url: str) -> asyncpg.Connection:
    return await asyncpg.connect(url)
