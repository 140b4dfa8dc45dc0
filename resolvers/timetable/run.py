"""One run of a job: by one process at a time, and written down with what came of it."""

import asyncio
import os
import platform
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeAlias
from uuid import UUID

import asyncpg
import structlog

from core.away import AWAY, is_away
from core.db import affected
from core.ids import uuid7
from domain.notification import one_line
from domain.timetable import Past, RunStatus, ScheduledJob
from resolvers.resources import Resources

_log = structlog.get_logger()
_LOCKS = 0x70C54
_LONGEST_ERROR = 300
_LOST = "The process that did it went away."
_CUT_OFF = "It was cut off, as its process was stopped."
_LAST_DONE = "SELECT job, max(due_at) AS due_at FROM scheduled_run WHERE status = 'OK' GROUP BY job"
KNOWN_SINCE = "SELECT min(started_at) FROM scheduled_run"
# What only lost its process is not left alone for a while.
_PAST = """
SELECT count(*) AS tries, coalesce(bool_or(status = 'OK'), false) AS went_well,
       max(finished_at) FILTER (WHERE error <> ALL ($3::text[])) AS failed_at
  FROM scheduled_run WHERE job = $1 AND due_at = $2
"""
# Whoever holds the lock knows that nobody else does it: what still seems to be done was left by a process that died.
_CLOSE_LOST = (
    "UPDATE scheduled_run SET status = 'FAILED', finished_at = $2, error = $3 WHERE job = $1 AND status = 'RUNNING'"
)
_BEGIN = (
    "INSERT INTO scheduled_run (id, job, due_at, started_at, status, worker) VALUES ($1, $2, $3, $4, 'RUNNING', $5)"
)
_FINISH = "UPDATE scheduled_run SET status = $2, finished_at = $3, error = $4, result = $5 WHERE id = $1"
_PRUNE = """
DELETE FROM scheduled_run
 WHERE id = ANY (ARRAY(SELECT id FROM scheduled_run WHERE started_at < $1 AND status <> 'RUNNING' LIMIT 1000))
"""

# What a job does, and how much of what it found to do.
Work: TypeAlias = Callable[[Resources], Awaitable[Mapping[str, int]]]


class JobFailed(Exception):
    """A job could not do its work, for a reason that is known and logged already."""


@dataclass(frozen=True, slots=True)
class Ran:
    """What came of a run, and how long it took."""

    status: RunStatus
    took: timedelta
    error: str | None = None
    result: Mapping[str, int] | None = None


async def run_job(res: Resources, job: ScheduledJob, work: Work) -> Ran | None:
    """Do a job now, and leave it written down; none where another process does it at this moment."""
    async with _alone(res, job) as is_alone:
        return await _run(res, job, work, due_at=None) if is_alone else None


async def run_due(res: Resources, job: ScheduledJob, work: Work, *, due_at: datetime) -> bool:
    """Do the job for that time of the timetable, unless it was done or another process does it.

    Return whether nobody needs to try any more.
    """
    async with _alone(res, job) as is_alone:
        if not is_alone:
            return False
        past = Past(**dict(await res.db.raw.fetchrow(_PAST, job, due_at, [_LOST, _CUT_OFF]) or {}))
        if past.is_due(res.clock.now()):
            ran = await _run(res, job, work, due_at=due_at)
            past = Past(past.tries + 1, went_well=ran.status is RunStatus.OK)
        return past.is_over


async def last_times_done(res: Resources) -> tuple[dict[str, datetime], datetime | None]:
    """The latest time of the timetable that each job was done for, where it was; and since when runs are recorded."""
    rows = await res.db.raw.fetch(_LAST_DONE)
    done = {row["job"]: row["due_at"] for row in rows if row["due_at"] is not None}
    return done, await res.db.raw.fetchval(KNOWN_SINCE)


async def prune_runs(res: Resources) -> int:
    """Leave no run that ended longer ago than runs are kept; return how many went."""
    before = res.clock.now() - timedelta(days=res.settings.run_retention_days)
    gone = 0
    while step := affected(await res.db.raw.execute(_PRUNE, before)):
        gone += step
    return gone


@asynccontextmanager
async def _alone(res: Resources, job: ScheduledJob) -> AsyncIterator[bool]:
    """Whether no other process does the job; none begins to within the block.

    The lock ends with its connection, so that a process that dies leaves none. Runs that such a one left are closed.
    """
    number = zlib.crc32(job.encode()) - (1 << 31)
    async with res.db.apart() as connection:
        is_alone: bool = await connection.fetchval("SELECT pg_try_advisory_lock($1, $2)", _LOCKS, number)
        if is_alone:
            await connection.execute(_CLOSE_LOST, job, res.clock.now(), _LOST)
        yield is_alone


async def _run(res: Resources, job: ScheduledJob, work: Work, *, due_at: datetime | None) -> Ran:
    """Do it and write down what came of it; the caller is alone."""
    id, began = uuid7(res.clock.now()), res.clock.now()
    await res.db.raw.execute(_BEGIN, id, job, due_at, began, f"{platform.node()}:{os.getpid()}")
    try:
        ran = await _attempt(res, job, work, began)
    except asyncio.CancelledError:
        await _finish(res, id, job, Ran(RunStatus.FAILED, res.clock.now() - began, _CUT_OFF))
        raise
    await _finish(res, id, job, ran)
    return ran


async def _attempt(res: Resources, job: ScheduledJob, work: Work, began: datetime) -> Ran:
    try:
        result = await work(res)
    except JobFailed as failed:
        error = str(failed)
    except Exception as failed:  # noqa: BLE001 - whatever is wrong with one job, it is written down, and the others go on
        log = _log.warning if is_away(failed) else _log.exception
        log("scheduled job failed", job=job, error=type(failed).__name__)
        error = f"{type(failed).__name__}: {failed}".partition("\n")[0]  # what follows may be rows of somebody
    else:
        return Ran(RunStatus.OK, res.clock.now() - began, result=result)
    return Ran(RunStatus.FAILED, res.clock.now() - began, one_line(error, _LONGEST_ERROR))


async def _finish(res: Resources, id: UUID, job: ScheduledJob, ran: Ran) -> None:
    """Write down what came of it. Where that cannot be done, whoever does the job next closes the run as lost."""
    result: Any = dict(ran.result) if ran.result is not None else None
    try:
        await res.db.raw.execute(_FINISH, id, ran.status, res.clock.now(), ran.error, result)
    except (*AWAY, asyncpg.PostgresError) as error:
        _log.warning("run of a scheduled job not written down", job=job, error=type(error).__name__)
    _log.debug("scheduled job done", job=job, status=ran.status, seconds=round(ran.took.total_seconds(), 1))
