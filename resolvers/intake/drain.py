"""Bringing what waits in the spool to the disk once PostgreSQL is back: in order, once, by one process at a time.

One process holds a lock in PostgreSQL and takes the oldest first. An entry leaves the spool only after the commit, so
whoever goes on after a crash begins with what may be stored already; that does no harm, since an event keeps the id
that it was given at the door (ADR 0006).
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import asyncpg
import structlog
from redis.exceptions import RedisError

from core.away import AWAY
from core.backlog import Entry
from core.ids import made_at
from core.metrics import DRAINED
from domain.errors import Unavailable
from domain.report import IngestOutcome
from resolvers.dead_letter_rows import DeadLetterRow, bury, unread
from resolvers.intake.absence import PostgresAway, reason_of
from resolvers.intake.entry import decode
from resolvers.intake.incoming import Incoming, Stored
from resolvers.intake.writer import Writer
from resolvers.partitions import make_partitions
from resolvers.resources import Resources

_log = structlog.get_logger()

_DRAINING = 0x70C55
_AT_ONCE = 200
# Making reports of entries is work for the processor; after so many the loop sees to others.
_STRETCH = 20
_LOOK_EVERY_S, _AGAIN_S, _PATIENCE_S = 5.0, 0.5, 2.0
_CAN_WRITE = "SELECT NOT (pg_is_in_recovery() OR current_setting('transaction_read_only')::boolean)"
_TROUBLE = (*AWAY, asyncpg.PostgresError, RedisError, Unavailable, PostgresAway)


@dataclass(frozen=True, slots=True)
class _Read:
    """Entries made events again, and those of which that cannot be done, each with the reason."""

    events: list[tuple[Entry, Incoming]]
    dead: list[DeadLetterRow]


class Drainer:
    """Looks whether PostgreSQL is back while the writer knows it away, and every 5 seconds whether something waits."""

    def __init__(self, res: Resources) -> None:
        self._res = res
        self._db = res.db
        self._spool = res.spool
        self._absence = res.writer.absence
        # It has no spool: what it cannot bring to the disk stays where it is.
        self._writer = Writer(res.settings, res.db, res.clock, res.feed.wake, absence=self._absence)
        self._days: set[date] = set()

    async def run(self) -> None:
        """Do so until cancelled."""
        while True:
            is_suspected = await self._absence.wait(_AGAIN_S if self._absence.is_doubtful else _LOOK_EVERY_S)
            try:
                if is_suspected or self._absence.is_doubtful:
                    await self._look()
                await self.drain()
            except _TROUBLE as error:
                _log.debug("nothing can be drained", error=reason_of(error))
                await asyncio.sleep(_AGAIN_S)
            except Exception:  # noqa: BLE001 - the spool must not stay full, silently, for one fault
                _log.exception("draining failed")
                await asyncio.sleep(_LOOK_EVERY_S)

    async def drain(self) -> int:
        """Leave nothing waiting, unless another process is at it; return how many entries went.

        Raises: RedisError, OSError, asyncpg.PostgresError, asyncpg.InterfaceError, Unavailable.
        """
        if not await self._spool.oldest(1):
            return 0
        async with self._db.raw.acquire(timeout=_PATIENCE_S) as connection:
            if not await connection.fetchval("SELECT pg_try_advisory_lock($1)", _DRAINING, timeout=_PATIENCE_S):
                return 0
            try:
                return await self._drain_all()
            finally:
                await self._writer.let_go()
                await connection.execute("SELECT pg_advisory_unlock($1)", _DRAINING, timeout=_PATIENCE_S)

    async def _look(self) -> None:
        """Try whether PostgreSQL answers, and can be written to."""
        try:
            async with self._db.raw.acquire(timeout=_PATIENCE_S) as connection:
                can_write = await connection.fetchval(_CAN_WRITE, timeout=_PATIENCE_S)
        except (*AWAY, asyncpg.PostgresError) as error:
            self._absence.begin(reason_of(error))
            raise
        if not can_write:
            self._absence.begin("PostgreSQL can only be read")
            raise PostgresAway
        self._absence.may_be_over()

    async def _drain_all(self) -> int:
        total = 0
        self._days = set()
        while entries := await self._spool.oldest(_AT_ONCE):
            await self._drain_some(entries)
            total += len(entries)
        _log.info("spool drained", events=total)
        return total

    async def _drain_some(self, entries: Sequence[Entry]) -> None:
        now = self._res.clock.now()
        read = await _read(entries, now.date())
        events = [event for _, event in read.events]
        await self._make_partitions({made_at(event.id).date() for event in events})
        results = await self._writer.bring(events) if events else []
        dead = [*read.dead, *_refused(read.events, results)]
        await bury(self._db, dead, now)
        await self._spool.remove(entries)
        for result in results:
            DRAINED.labels(result.outcome).inc()

    async def _make_partitions(self, days: set[date]) -> None:
        if not days <= self._days:
            await make_partitions(self._res, days)
            self._days |= days


async def _read(entries: Sequence[Entry], today: date) -> _Read:
    read = _Read([], [])
    for place, entry in enumerate(entries):
        try:
            read.events.append((entry, decode(entry.body, today)))
        except Exception as error:  # noqa: BLE001 - whatever it is, it must not hold up those behind it
            _log.exception("entry of the spool cannot be read", entry=entry.id.decode())
            read.dead.append(unread(entry.body, f"It cannot be read: {reason_of(error)}"))
        if place % _STRETCH == _STRETCH - 1:
            await asyncio.sleep(0)
    return read


def _refused(events: Sequence[tuple[Entry, Incoming]], results: Sequence[Stored]) -> list[DeadLetterRow]:
    """Those that PostgreSQL does not take."""
    return [
        DeadLetterRow(event.id, event.project_id, event.event_id, entry.body, result.reason or result.refusal or "")
        for (entry, event), result in zip(events, results, strict=True)
        if result.outcome is IngestOutcome.INVALID
    ]
