"""Which project a report is for, what that project wants redacted, and its rules of grouping."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

import asyncpg
import orjson
import structlog
from asyncpg.pgproto import pgproto

from core.away import AWAY
from core.db import Database
from core.ending import end
from domain.access import Actor, Scope
from domain.errors import InvalidInput, Unavailable
from domain.inbound import Sieve, filters_from_json, rules_from_json
from domain.project import Plan
from domain.rules import Rulebook, read_rules
from resolvers.intake.absence import Absence, reason_of
from resolvers.intake.connection import Connection

_log = structlog.get_logger()

# How long a change of a project's settings may go unnoticed by the door.
_FRESH = timedelta(seconds=5)
_WITHIN_S, _RETRY_AFTER_S = 2.0, 2.0
_ALL = """
SELECT id, number, slug, redact_keys, plan, hourly_quota, spike_protection, inbound_filters, sampling_rules,
       grouping_rules::text AS rules,
       EXISTS (SELECT FROM source_map WHERE project_id = project.id) AS has_source_maps
  FROM project
"""


@dataclass(frozen=True, slots=True)
class Destination:
    """A project as the door knows it; `number` is what addresses of SDKs call it."""

    project_id: UUID
    number: int
    slug: str
    redact_keys: frozenset[str]
    rules: Rulebook | None = None
    has_source_maps: bool = False
    plan: Plan = Plan.ENTERPRISE
    hourly_quota: int | None = None
    spike_protection: bool = False
    sieve: Sieve | None = None


# What was known of projects before this process began; none where nobody knows.
Remember = Callable[[], Awaitable[Collection[Mapping[str, Any]] | None]]


class Destinations:
    """All projects, read again every 5 seconds while they are asked for; one not found is looked for at once.

    While PostgreSQL is away they are as they were, here or as `remember` has them.
    """

    def __init__(
        self, db: Database, now: Callable[[], datetime], absence: Absence, remember: Remember | None = None
    ) -> None:
        self._db = db
        self._now = now
        self._absence = absence
        self._remember = remember
        self._read_at: datetime | None = None
        self._reading: asyncio.Task[None] | None = None
        self._by_name: dict[str | int, Destination] = {}
        self._by_id: dict[UUID, Destination] = {}

    async def find(self, actor: Actor, name: str | int | None) -> Destination:
        """The project that the actor may log to, by slug or number, or its only one.

        Raises: PermissionDenied; InvalidInput where there is no such project, or its name is needed and missing;
        Unavailable while PostgreSQL is away, and nobody knows the projects.
        """
        actor.require(Scope.INGEST)
        if self._read_at is None or self._now() - self._read_at > _FRESH:
            await self._read_again()
        found = self._pick(actor, name)
        if found is None:
            if self._reading is not None:  # one that began before the project may have been made
                await self._read_again()
            await self._read_again()
            found = self._pick(actor, name)
        if found is None or not actor.sees(found.project_id):
            raise InvalidInput("There is no such project.", ("project",))
        return found

    async def close(self) -> None:
        """Read nothing any more; one who has gone away may have left a reading behind."""
        if self._reading is not None:
            await end([self._reading])

    def forget(self) -> None:
        """Read all anew when the next one is looked for, since something of them has changed here."""
        self._read_at = None

    def known(self, project_id: UUID) -> Destination | None:
        """The project, as it was last read here; none where it was not yet."""
        return self._by_id.get(project_id)

    def named(self, name: object) -> Destination | None:
        """The project of that slug or number, as it was last read here."""
        return self._by_name.get(name) if isinstance(name, str | int) else None

    def _pick(self, actor: Actor, name: str | int | None) -> Destination | None:
        if name is not None:
            return self._by_name.get(name)
        if actor.project_ids is None or len(actor.project_ids) != 1:
            raise InvalidInput("Name the project: this credential is good for several.", ("project",))
        return self._by_id.get(next(iter(actor.project_ids)))

    async def _read_again(self) -> None:
        """Read them, once for all who wait: in a flood those are hundreds."""
        if self._reading is None:
            self._reading = asyncio.create_task(self._read())
            self._reading.add_done_callback(self._is_read)
        # One who goes away leaves the others their answer.
        await asyncio.shield(self._reading)

    def _is_read(self, reading: "asyncio.Task[None]") -> None:
        self._reading = None
        if not reading.cancelled():
            reading.exception()  # where all have gone away who would have heard of it

    async def _read(self) -> None:
        read_at = self._now()
        found = await self._found()
        self._by_name = {name: project for project in found for name in (project.slug, project.number)}
        self._by_id = {project.project_id: project for project in found}
        self._read_at = read_at

    async def _found(self) -> Collection[Destination]:
        if not self._absence.is_known:
            try:
                async with self._db.raw.acquire(timeout=_WITHIN_S) as connection:
                    return list(map(destination_of, await read_projects(connection)))
            except (*AWAY, asyncpg.PostgresError) as error:
                _log.warning("projects cannot be read", error=reason_of(error))
                self._absence.suspect()
        if self._by_id:
            return self._by_id.values()
        known = await self._remember() if self._remember else None
        if known is None:
            raise Unavailable("The database is away; try again.", _RETRY_AFTER_S)
        return list(map(destination_of, known))


async def read_projects(connection: Connection) -> list[dict[str, Any]]:
    """What the door must know of all projects, as it is now; JSON but for ids.

    Raises: OSError, asyncpg.PostgresError, asyncpg.InterfaceError.
    """
    return [dict(row) for row in await connection.fetch(_ALL, timeout=_WITHIN_S)]


@lru_cache(maxsize=1024)
def _rulebook(stored: str | None) -> Rulebook | None:
    """The rules, ready; the same ones stay the same object, with what it remembers."""
    return Rulebook(read_rules(orjson.loads(stored))) if stored else None


def destination_of(row: Mapping[str, Any]) -> Destination:
    """The project, from what was read of it here or by another process."""
    sieve = Sieve(filters_from_json(row["inbound_filters"]), rules_from_json(row["sampling_rules"]))
    return Destination(
        project_id=pgproto.UUID(str(row["id"])),
        number=row["number"],
        slug=row["slug"],
        redact_keys=frozenset(row["redact_keys"]),
        plan=Plan(row["plan"]),
        hourly_quota=row["hourly_quota"],
        spike_protection=row["spike_protection"],
        rules=_rulebook(row["rules"]),
        has_source_maps=row["has_source_maps"],
        sieve=None if sieve.is_open else sieve,
    )
