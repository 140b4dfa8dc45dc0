"""The writer: one in each API process. What it has answered STORED is on disk."""

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from uuid import UUID

import asyncpg
import structlog

from core.away import AWAY
from core.batch import Batcher, Full
from core.clock import Clock
from core.db import Database, Message
from core.metrics import BATCH_ITEMS, BATCH_SECONDS, OUTCOMES
from core.settings import Settings
from domain.errors import LimitExceeded, Unavailable
from domain.messages import FEED_NEWS, Job, wake
from domain.report import IngestOutcome
from resolvers.intake.absence import Absence, PostgresAway, reason_of
from resolvers.intake.connection import Connection, cut_after
from resolvers.intake.counts import Known
from resolvers.intake.destination import Destinations, Remember
from resolvers.intake.flush import Flushed, flush
from resolvers.intake.incoming import Incoming, Stored
from resolvers.intake.spool import Spool
from resolvers.intake.state import StaleState

_log = structlog.get_logger()

_START_OVER = (asyncpg.exceptions.TransactionRollbackError, StaleState)
_BAD_ROW = (asyncpg.DataError, asyncpg.IntegrityConstraintViolationError, asyncpg.ProgramLimitExceededError)
_MOST_TRIES = 20
# A restart that is over within these needs no spool.
_AWAY_DELAYS_S = (0.1, 0.2, 0.4, 0.8)
_RETRY_AFTER_S = 2.0


class Writer:
    """Takes reports, answers each once it is on disk, or in the spool while PostgreSQL is away."""

    def __init__(
        self,
        settings: Settings,
        db: Database,
        clock: Clock,
        on_commit: Callable[[], None],
        *,
        spool: Spool | None = None,
        remember: Remember | None = None,
        absence: Absence | None = None,
    ) -> None:
        self.absence = absence or Absence()
        self.destinations = Destinations(db, clock.now, self.absence, remember)
        self._spool = spool
        self._timeout_s = settings.writer_timeout_s
        self._db = db
        self._on_commit = on_commit
        self._known = Known()
        self._connection: Connection | None = None
        self._told: set[asyncio.Task[None]] = set()
        self._batcher: Batcher[Incoming, Stored] = Batcher(
            self._flush,
            most_items=settings.writer_queue_events,
            most_bytes=settings.writer_queue_bytes,
            batch_items=settings.writer_batch_events,
        )

    @property
    def depth(self) -> tuple[int, int]:
        """Events and bytes that were taken and are not yet answered."""
        return self._batcher.depth

    async def store(self, reports: Sequence[Incoming]) -> list[Stored]:
        """Leave the reports on disk; the answers keep their order.

        Raises: LimitExceeded while the queue is full; Unavailable while PostgreSQL is away, and the spool too.
        """
        try:
            futures = self._batcher.put([(report, report.size) for report in reports])
        except Full as full:
            raise LimitExceeded("More errors are waiting than may wait; try again.", _RETRY_AFTER_S) from full
        return [await futures[0]] if len(futures) == 1 else list(await asyncio.gather(*futures))

    async def run(self) -> None:
        """Write what comes until `close`, and then what is left."""
        try:
            await self._batcher.run()
            await asyncio.gather(*self._told)
        finally:
            await self.let_go()

    def close(self) -> None:
        """Take nothing more."""
        self._batcher.close()

    async def _flush(self, batch: Sequence[Incoming]) -> list[Stored]:
        results = await self.bring(batch)
        for outcome, count in Counter([result.outcome for result in results]).items():
            OUTCOMES.labels(outcome).inc(count)
        return results

    async def bring(self, batch: Sequence[Incoming]) -> list[Stored]:
        """Leave the batch on disk or in the spool, each event once; what cannot be stored is told so.

        Raises: Unavailable.
        """
        # The same reporter's id twice in one batch: the later ones wait for what becomes of the first, and where that
        # cannot be stored the next of them is the first.
        by_id: dict[UUID, Stored] = {}
        left = batch
        while left:
            leaders, followers = _apart(left)
            results = await self._write(leaders)
            by_id |= {event.id: result for event, result in zip(leaders, results, strict=True)}
            left = [event for event, leader in followers.items() if not _is_stored(by_id[leader.id])]
            by_id |= {event.id: _as_duplicate(by_id[leader.id]) for event, leader in followers.items()}
        return [by_id[event.id] for event in batch]

    async def _write(self, batch: Sequence[Incoming]) -> list[Stored]:
        if self.absence.is_known:
            return await self._put_away(batch)
        try:
            flushed = await self._persist(batch)
        except PostgresAway as away:
            self.absence.begin(str(away))
            return await self._put_away(batch)
        except (*_BAD_ROW, ValueError) as error:  # ValueError: asyncpg's word for a value that fits no column
            return await self._halve(batch, str(error))
        self.absence.end()
        self._tell(flushed)
        return flushed.results

    async def _put_away(self, batch: Sequence[Incoming]) -> list[Stored]:
        if self._spool is None:
            raise Unavailable("The database is away; try again.", _RETRY_AFTER_S)
        return await self._spool.keep(batch)

    async def _halve(self, batch: Sequence[Incoming], why: str) -> list[Stored]:
        """Find the row that PostgreSQL does not take, so that it harms no neighbour."""
        if len(batch) == 1:
            _log.warning("row refused", event_id=batch[0].event_id, project=str(batch[0].project_id), error=why)
            refusal = "PostgreSQL cannot store a value of this report."
            return [Stored(IngestOutcome.INVALID, batch[0].event_id, refusal=refusal, reason=why)]
        middle = len(batch) // 2
        return [*await self._write(batch[:middle]), *await self._write(batch[middle:])]

    async def _persist(self, batch: Sequence[Incoming]) -> Flushed:
        """One flush, tried again where that helps. Ids are made before the first try, so a second does no harm."""
        delays = iter(_AWAY_DELAYS_S)
        tries, late = 0, set[UUID]()
        BATCH_ITEMS.observe(len(batch))
        while True:
            try:
                connection = await self._connected()
                with BATCH_SECONDS.time(), cut_after(connection, self._timeout_s):
                    return await flush(connection, batch, self._known, late)
            except _START_OVER as error:
                tries += 1
                late.update(error.ids if isinstance(error, StaleState) else ())
                if tries == _MOST_TRIES:
                    raise Unavailable("Too much happens at once; try again.", _RETRY_AFTER_S) from error
            except (*AWAY, asyncpg.PostgresError) as error:
                if _is_bad_row(error):
                    raise
                await self.let_go()
                hopeless = self.absence.is_doubtful or isinstance(error, TimeoutError)
                delay = None if hopeless else next(delays, None)
                if delay is None:
                    raise PostgresAway(reason_of(error)) from error
                await asyncio.sleep(delay)

    async def _connected(self) -> Connection:
        """The writer's own connection, kept between flushes: handing it back would cost a round trip each time."""
        if self._connection is None or _is_gone(self._connection):
            await self.let_go()
            self._connection = await self._db.raw.acquire(timeout=self._timeout_s)
            self._known = Known()  # a database that was away may come back restored
        return self._connection

    async def let_go(self) -> None:
        """Leave no connection kept."""
        if self._connection is not None:
            connection, self._connection = self._connection, None
            with suppress(*AWAY):  # a broken one may refuse all this: then the pool has it back already
                if connection.is_closed() or connection.is_in_transaction():
                    connection.terminate()
                await self._db.raw.release(connection)

    def _tell(self, flushed: Flushed) -> None:
        """Tell who watches, without keeping those waiting who logged."""
        self._on_commit()
        messages: list[Message] = [FEED_NEWS]
        if flushed.wakes_worker:
            messages.append(wake(Job.TAKE_TRIAGE))
        task = asyncio.create_task(self._db.deliver(messages))
        self._told.add(task)
        task.add_done_callback(self._told.discard)


def _is_gone(connection: Connection) -> bool:
    """Whether it broke. The pool may have taken it back for that, and then every question to it is refused."""
    try:
        return connection.is_closed()
    except asyncpg.InterfaceError:
        return True


def _is_bad_row(error: BaseException) -> bool:
    """Whether the fault is in a row; a partition that is missing is ours."""
    if isinstance(error, asyncpg.CheckViolationError) and "no partition" in str(error):
        return False
    return isinstance(error, (*_BAD_ROW, ValueError))


def _apart(batch: Sequence[Incoming]) -> tuple[list[Incoming], dict[Incoming, Incoming]]:
    """Those to write, and those whose reporter's id an earlier one of the batch has."""
    leaders: dict[object, Incoming] = {}
    followers: dict[Incoming, Incoming] = {}
    for event in batch:
        name = (event.project_id, event.event_id) if event.is_reporters_id else event.id
        if leaders.setdefault(name, event) is not event:
            followers[event] = leaders[name]
    return list(leaders.values()), followers


def _is_stored(first: Stored) -> bool:
    return first.outcome in (IngestOutcome.STORED, IngestOutcome.SPOOLED, IngestOutcome.DUPLICATE)


def _as_duplicate(first: Stored) -> Stored:
    """What becomes of a later one: while the first waits, nobody knows its issue."""
    if first.outcome is IngestOutcome.SPOOLED:
        return first
    return Stored(IngestOutcome.DUPLICATE, first.event_id, first.row_id, first.issue_id, first.short_id)
