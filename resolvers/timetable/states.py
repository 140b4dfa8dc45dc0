"""How each job of the timetable is: when it was done last, what came of it, when it is due, and what is wrong."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from domain.access import Actor, Scope
from domain.timetable import Last, RunStatus, ScheduledJob, Times, Timetable, missed_time, problem_of, read_timetable
from resolvers.resources import Resources
from resolvers.timetable.run import KNOWN_SINCE

_LAST_RUNS = """
SELECT names.job, run.due_at, run.status, run.started_at, run.finished_at, run.error, run.result, run.worker,
       (SELECT max(started_at) FROM scheduled_run AS well WHERE well.job = names.job AND well.status = 'OK')
         AS went_well_at
  FROM unnest($1::text[]) AS names (job)
  JOIN LATERAL (
    SELECT * FROM scheduled_run AS each WHERE each.job = names.job ORDER BY started_at DESC, id DESC LIMIT 1
  ) AS run ON true
"""


@dataclass(frozen=True, slots=True)
class Run:
    """The last run of a job, for which time (none: by hand); without an end it is under way."""

    job: str
    due_at: datetime | None
    status: RunStatus
    started_at: datetime
    finished_at: datetime | None
    error: str | None
    result: dict[str, Any] | None
    worker: str


@dataclass(frozen=True, slots=True)
class JobState:
    """A job, its times and the next of them (none: it is off), its last run, and what is wrong with it.

    `missed`: a time for which it was not done well, though it was tried again.
    """

    job: ScheduledJob
    times: str | None
    next_at: datetime | None
    last_run: Run | None
    problem: str | None
    missed: datetime | None = None


async def job_states(res: Resources) -> list[JobState]:
    """Every job of the timetable as it is now."""
    async with res.db.raw.acquire() as connection:
        return await read_job_states(connection, read_timetable(res.settings.timetable), res.clock.now())


async def list_scheduled_jobs(res: Resources, actor: Actor) -> list[JobState]:
    """Every job of the timetable as it is now.

    Raises: PermissionDenied.
    """
    actor.require(Scope.READ)
    return await job_states(res)


async def read_job_states(connection: Any, timetable: Timetable, now: datetime) -> list[JobState]:
    """Every job of the timetable as the database that is connected to has it."""
    rows = {row["job"]: row for row in await connection.fetch(_LAST_RUNS, list(timetable))}
    known_since = await connection.fetchval(KNOWN_SINCE)
    return [_state(job, times, rows.get(job), known_since, now) for job, times in timetable.items()]


def _state(job: ScheduledJob, times: Times | None, row: Any, known_since: datetime | None, now: datetime) -> JobState:
    last = _last(row) if row else None
    missed = missed_time(times, last, known_since=known_since, now=now)
    return JobState(
        job=job,
        times=times.text if times else None,
        next_at=times.next(now) if times else None,
        last_run=_run(row) if row else None,
        problem=problem_of(last, missed),
        missed=missed,
    )


def _last(row: Any) -> Last:
    return Last(RunStatus(row["status"]), row["started_at"], row["error"], row["went_well_at"])


def _run(row: Any) -> Run:
    return Run(
        job=row["job"],
        due_at=row["due_at"],
        status=RunStatus(row["status"]),
        started_at=row["started_at"],
        finished_at=row["finished_at"],
        error=row["error"],
        result=row["result"],
        worker=row["worker"],
    )
